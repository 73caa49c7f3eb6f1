"""Flows as a table: a line of names, then `src,dst,protocol,port` and, if wanted, `verdict`, `time`, `count`.

An end is `namespace/name` (a workload, a pod or a Service), `namespace/name[Kind]`, or an address.
"""

import csv
import re
from collections.abc import Iterator

from casemate.model.errors import UsageError
from casemate.model.flows import Conversation, Flow, FlowEnd, Verdict
from casemate.readers.flows.labels import time_of

_NAMES = {
    "src": "src",
    "source": "src",
    "dst": "dst",
    "dest": "dst",
    "destination": "dst",
    "protocol": "protocol",
    "proto": "protocol",
    "port": "port",
    "dst_port": "port",
    "dest_port": "port",
    "verdict": "verdict",
    "action": "verdict",
    "time": "time",
    "count": "count",
}
_NEEDED = ("src", "dst", "protocol", "port")
_VERDICTS = {
    "": Verdict.FORWARDED,
    "forwarded": Verdict.FORWARDED,
    "allow": Verdict.FORWARDED,
    "allowed": Verdict.FORWARDED,
    "accept": Verdict.FORWARDED,
    "dropped": Verdict.REFUSED,
    "deny": Verdict.REFUSED,
    "denied": Verdict.REFUSED,
    "refused": Verdict.REFUSED,
    "reject": Verdict.REFUSED,
    "audit": Verdict.AUDIT,
}
_WITHOUT_PORTS = frozenset(("ICMP", "ICMPV4", "ICMPV6", "ICMP6", "IGMP", "GRE", "ESP", "AH"))
_POD = re.compile(r"([a-z0-9][-a-z0-9.]*)/([^\s\[\]/]+)(?:\[([A-Za-z]+)\])?\Z")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]+\Z")


class Table:
    """A table with the places of its columns."""

    def __init__(self, places: dict[str, int]) -> None:
        self._places = places

    @classmethod
    def of(cls, path: str, line: bytes) -> "Table":
        """The table that begins with a line. Raises `UsageError` where a needed column is not named."""
        names = [word.strip().lower() for word in _cells(line)]
        places = {_NAMES[name]: index for index, name in enumerate(names) if name in _NAMES}
        missing = [name for name in _NEEDED if name not in places]
        if missing:
            raise UsageError(
                f"{path}: the first line must name the columns {', '.join(_NEEDED)}; it lacks {missing[0]}"
            )
        return cls(places)

    def flows(self, line: bytes) -> Iterator[Flow | str]:
        """The flow of a line. Raises `ValueError` that says what is wrong with it."""
        cells = _cells(line)
        protocol, port = self._cell(cells, "protocol").upper(), self._cell(cells, "port")
        if protocol in _WITHOUT_PORTS:
            yield "records without a port, as those of ICMP"
            return
        if protocol not in {"TCP", "UDP", "SCTP"}:
            raise ValueError(f"{protocol[:40] or 'an empty text'} is no protocol")
        if not port.isdecimal() or not 0 < int(port) <= 65_535:
            raise ValueError(f"{port[:40] or 'an empty text'} is no port")
        word = self._cell(cells, "verdict").lower()
        verdict = _VERDICTS.get(word)
        if verdict is None:
            raise ValueError(f"{word[:40]} is no verdict: forwarded, dropped or audit")
        count = self._cell(cells, "count")
        source, destination = _end(self._cell(cells, "src")), _end(self._cell(cells, "dst"))
        yield Flow(
            Conversation(source, destination, protocol, int(port)),
            verdict,
            None,
            time_of(self._cell(cells, "time")),
            int(count) if count.isdecimal() and int(count) else 1,
        )

    def _cell(self, cells: list[str], name: str) -> str:
        index = self._places.get(name)
        return cells[index].strip() if index is not None and index < len(cells) else ""


def _cells(line: bytes) -> list[str]:
    """The cells of a line. Raises `ValueError` for one that is no line of a table."""
    try:
        return next(csv.reader([line.decode("utf-8")], strict=True), [])
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _end(text: str) -> FlowEnd:
    match = _POD.match(text)
    if match is not None:
        return FlowEnd(namespace=match[1], workload=match[2], kind=match[3] or "")
    if text and _ADDRESS.match(text):
        return FlowEnd(address=text)
    raise ValueError(f"{text[:80] or 'an empty text'} is neither namespace/name nor an address")

"""Connections as JSON: schemas `casemate.reach/1` and `casemate.reach-classes/1`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec
from pyroaring import BitMap, FrozenBitMap

from casemate.analysis.network.connections import Connection
from casemate.analysis.network.policies import Notice, PortRange
from casemate.analysis.network.queries import Answer, Reason
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import STRANGER
from casemate.analysis.network.verdicts import Side
from casemate.engine.reachability import Reachability
from casemate.model.place import path_text
from casemate.writers.as_json import as_json
from casemate.writers.reach_words import policy_id

_AT_ONCE = 5_000


def write_json(found: Reachability, out: BinaryIO) -> None:
    """Write all connections, a few thousand at once."""
    out.write(b'{"schema":"casemate.reach/1","connections":[')
    _write_rows(map(_row, found.certain), out)
    out.write(b'],"depends":[')
    _write_rows(map(_row, found.possible), out)
    rest = {"notices": [notice_row(item) for item in found.notices], "assumed": found.assumed}
    out.write(b"]," + as_json(rest)[1:] + b"\n")


def write_classes(reach: Reach, out: BinaryIO) -> None:
    """Write all connections of a large cluster without a line for each pair.

    `sets` are endpoints that no policy tells apart, and are numbered from 0. A source may reach a destination
    at the ports that the `egress` of the source and the `ingress` of the destination both allow. Each
    direction names its subjects once, with what they may have with all peers but those of `except`. Numbers
    are written as ranges, both ends included.
    """
    universe = reach.universe
    sets = [{"workloads": list(found.workloads)} for found in universe.pods]
    sets[universe.stranger] = {"workloads": [STRANGER]}
    sets += [{"nodes": [node.name]} for node in universe.nodes]
    sets += [{"addresses": [str(atom)]} for atom in universe.outside]
    out.write(b'{"schema":"casemate.reach-classes/1","sets":[')
    _write_rows(map(as_json, sets), out)
    for side in (reach.egress, reach.ingress):
        out.write(f'],"{side.direction.value}":['.encode())
        _write_rows(_profiles(reach, side), out)
    out.write(b"]}\n")


def answer_row(answer: Answer) -> dict[str, Any]:
    """The answer to a query."""
    return {"allowed": answer.allowed, "because": [_reason_row(item) for item in answer.because]}


def notice_row(notice: Notice) -> dict[str, str]:
    """What cannot be followed as it stands, and where."""
    ref = notice.entity.ref
    name = "/".join(part for part in (ref.kind, ref.namespace, ref.name) if part)
    file = notice.entity.origin.document.file
    return {"policy": name, "file": file, "path": path_text(notice.at), "message": notice.message}


def ports_rows(ranges: Iterable[PortRange]) -> list[dict[str, Any]]:
    """Ranges of ports as connections have them."""
    return [{"protocol": item.protocol, "from": item.low, "to": item.high} for item in ranges]


def _row(item: Connection) -> bytes:
    return as_json(
        {
            "src": item.source,
            "dst": item.destination,
            "protocol": item.protocol,
            "from": item.low,
            "to": item.high,
        }
    )


def _reason_row(reason: Reason) -> dict[str, Any]:
    row: dict[str, Any] = {"direction": reason.direction.value, "allowed": reason.allowed}
    row["policies"] = list(dict.fromkeys(map(policy_id, reason.policies)))
    row["rule"] = None if reason.rule is None else path_text(reason.rule.at)
    row |= {"note": reason.note} if reason.note else {}
    return row | ({"depends": reason.depends} if reason.depends else {})


def _profiles(reach: Reach, side: Side) -> Iterator[bytes]:
    """What each set of subjects with the same policies may have, those without endpoints left out."""
    runs: dict[FrozenBitMap, msgspec.Raw] = {}

    def peers(members: BitMap) -> msgspec.Raw:
        key = FrozenBitMap(members)
        found = runs.get(key)
        if found is None:
            found = runs[key] = msgspec.Raw(as_json(_runs(members)))
        return found

    for profile in side.profiles:
        if profile.members:
            rest = [
                {"peers": peers(block.peers)} | _ports(reach, block.sure, block.upper)
                for block in profile.others
            ]
            row = {"subjects": _runs(profile.members)} | _ports(reach, profile.sure, profile.upper)
            yield as_json(row | {"except": rest})


def _ports(reach: Reach, sure: int, upper: int) -> dict[str, Any]:
    """The ports that are allowed, and those of which it depends."""
    ranges = reach.atoms.ranges
    return {"allowed": ports_rows(ranges(sure)), "depends": ports_rows(ranges(upper & ~sure))}


def _runs(members: BitMap) -> list[tuple[int, int]]:
    """The numbers as ranges of neighbours."""
    return list(zip(members - members.shift(1), members - members.shift(-1), strict=True))


def _write_rows(rows: Iterator[bytes], out: BinaryIO) -> None:
    first = True
    while chunk := list(islice(rows, _AT_ONCE)):
        out.write((b"\n" if first else b",\n") + b",\n".join(chunk))
        first = False

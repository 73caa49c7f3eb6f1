"""What is needed: which end must reach which other end, at which port, and what says so.

An end is a workload, addresses, a host outside that is known by its name, or the API server.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.model.estate import Entity
from casemate.model.place import Path

EVERYWHERE = ("0.0.0.0/0",)
EVERYWHERE_6 = ("::/0",)
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
PRIVATE_6 = ("fc00::/7", "fe80::/10")
"""Addresses that are no public ones: RFC 1918, 6598, 3927, 4193 and 4291."""


class End(msgspec.Struct, frozen=True, tag=True, order=True):
    """One end of a connection."""


class Member(End, frozen=True, order=True):
    """The pods of a workload, by the name of its group."""

    group: str


class Addresses(End, frozen=True, order=True):
    """Addresses outside of the pods' network."""

    ranges: tuple[str, ...]
    without: tuple[str, ...] = ()


class Host(End, frozen=True, order=True):
    """A host outside of the cluster, of which the name is known and not the addresses."""

    name: str


class ApiServer(End, frozen=True, order=True):
    """The API server, wherever it is."""


class Because(msgspec.Struct, frozen=True, eq=False):
    """Why something is needed: in words, and the place that says so where it is in a file.

    `kind` is `call`, `dns`, `api-server`, `way-in`, `metrics`, `webhook`, `replicas`, `assumed` or `flow`.
    """

    kind: str
    words: str
    entity: Entity | None = None
    path: Path = ()


class Need(msgspec.Struct, frozen=True, order=True):
    """A connection that must stay possible."""

    source: End
    destination: End
    protocol: str
    port: int


class Open(msgspec.Struct, frozen=True, eq=False):
    """Something that may be needed and is not granted, or not as narrowly as it could be, and what to do."""

    subject: str
    words: str
    remedy: str = ""
    entity: Entity | None = None
    path: Path = ()


class Needs:
    """Needs with their reasons, and what stays open."""

    def __init__(self) -> None:
        self._found: dict[Need, list[Because]] = {}
        self.open: list[Open] = []

    def add(self, need: Need, because: Because) -> None:
        """Note a need, once, with every reason for it."""
        reasons = self._found.setdefault(need, [])
        if not any(one.words == because.words and one.path == because.path for one in reasons):
            reasons.append(because)

    def leave_open(self, item: Open) -> None:
        """Note what is not granted, once."""
        if not any(one.subject == item.subject and one.words == item.words for one in self.open):
            self.open.append(item)

    def reasoned(self) -> Iterator[tuple[Need, tuple[Because, ...]]]:
        """Needs in order with their reasons."""
        yield from ((need, tuple(self._found[need])) for need in sorted(self._found, key=sort_key))

    def __contains__(self, need: object) -> bool:
        return need in self._found


def sort_key(need: Need) -> tuple[str, str, str, int]:
    """By the names of source and destination, then port."""
    return end_text(need.source), end_text(need.destination), need.protocol, need.port


def end_text(end: End) -> str:
    """An end in words, as it sorts."""
    if isinstance(end, Member):
        return end.group
    if isinstance(end, Host):
        return end.name
    if isinstance(end, Addresses):
        return ", ".join(end.ranges)
    return "the API server"


def public(*, ipv6: bool) -> Addresses:
    """Every public address."""
    return Addresses((*EVERYWHERE, *(EVERYWHERE_6 if ipv6 else ())), (*PRIVATE, *(PRIVATE_6 if ipv6 else ())))


def everywhere(*, ipv6: bool) -> Addresses:
    """Every address outside of the pods' network."""
    return Addresses((*EVERYWHERE, *(EVERYWHERE_6 if ipv6 else ())))


def ends(needs: Iterable[Need]) -> set[End]:
    """All ends of some needs."""
    return {end for need in needs for end in (need.source, need.destination)}

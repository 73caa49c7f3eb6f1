"""Policies in no dialect yet: what holds for all pods of a namespace, and the calls of each workload.

Every namespace denies all that nothing allows, and lets names be looked up. A workload's policy has a rule
for each set of ports, with the peers that share it; peers of one namespace that differ in the value of one
label are said at once.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.policies import Direction
from casemate.analysis.network.tighten.groups import Group, Labels
from casemate.analysis.network.tighten.habits import DNS
from casemate.analysis.network.tighten.known import Known
from casemate.analysis.network.tighten.needs import (
    EVERYWHERE,
    Addresses,
    ApiServer,
    End,
    Host,
    Member,
    Need,
    Needs,
    Open,
)

DENY, LOOK_UP, WORKLOAD = "default-deny", "allow-dns", "workload"
SYSTEM = frozenset(("kube-system", "kube-public", "kube-node-lease"))
"""Namespaces of Kubernetes itself, whose needs no manifest tells: no policy is written for them unasked."""
Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Keys of labels, each with the values that it may have."""
Port = tuple[str, int]


class Selected(msgspec.Struct, frozen=True, order=True):
    """Pods of a namespace by their labels; all of them where there is no condition."""

    namespace: str
    labels: Conditions


Peer = Selected | Addresses | ApiServer | Host


class Line(msgspec.Struct, frozen=True):
    """A rule: peers that may be reached, or reach, at some ports; and the needs it is for."""

    direction: Direction
    peers: tuple[Peer, ...]
    ports: tuple[Port, ...]
    needs: tuple[Need, ...]


class Draft(msgspec.Struct, frozen=True):
    """A policy for the pods of a namespace that have some labels, or for all of them.

    `kind` is `default-deny`, `allow-dns` or `workload`; `group` names the workload of the last.
    """

    kind: str
    namespace: str
    name: str
    labels: Labels
    lines: tuple[Line, ...] = ()
    group: str = ""

    def of(self, direction: Direction) -> tuple[Line, ...]:
        """The rules of a direction."""
        return tuple(line for line in self.lines if line.direction is direction)


def chosen_namespaces(known: Known, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """The namespaces that policies are written for: those wanted, else all but those of Kubernetes itself."""
    asked = tuple(dict.fromkeys(wanted))
    inside = {group.namespace for group in known.groups.values() if group.is_read and not group.on_host}
    return asked or tuple(sorted(inside - SYSTEM))


def drafts(known: Known, needs: Needs, namespaces: Iterable[str]) -> tuple[Draft, ...]:
    """The policies of some namespaces. What cannot be said is noted in `needs` as open."""
    looked_up = {need for need, reasons in needs.reasoned() if any(one.kind == DNS for one in reasons)}
    by_group = _by_group(needs)
    found: list[Draft] = []
    for namespace in namespaces:
        groups = [g for g in known.groups.values() if g.namespace == namespace and not g.on_host]
        shared = [need for group in groups for need in by_group.get(group.name, ()) if need in looked_up]
        found.append(Draft(DENY, namespace, DENY, ()))
        if shared:
            lines = tuple(_lines(known, needs, shared, Direction.EGRESS))
            found.append(Draft(LOOK_UP, namespace, LOOK_UP, (), lines))
        names = _names(groups)
        for group in groups:
            if not group.labels:
                needs.leave_open(_without_labels(group))
                continue
            own = [need for need in by_group.get(group.name, ()) if need not in looked_up]
            lines = (
                *_lines(
                    known, needs, [n for n in own if n.destination == Member(group.name)], Direction.INGRESS
                ),
                *_lines(known, needs, [n for n in own if n.source == Member(group.name)], Direction.EGRESS),
            )
            if lines:
                found.append(Draft(WORKLOAD, namespace, names[group.name], group.labels, lines, group.name))
    return tuple(found)


def _without_labels(group: Group) -> Open:
    """What to say of a workload that no policy can be for: denying by default cuts it off."""
    if not group.is_read:
        words = "its labels are not known, so that no policy can be for it, and default-deny cuts it off"
        return Open(group.title, words, "Read its manifests too")
    return Open(
        group.title,
        "its pods have no label that lasts: no policy can be for them, and default-deny cuts them off",
        "Give its template a label: app.kubernetes.io/name",
        group.pods[0].source,
        group.pods[0].template.metadata_path,
    )


def _by_group(needs: Needs) -> dict[str, list[Need]]:
    """The needs of each workload, at either end."""
    found: dict[str, list[Need]] = {}
    for need, _ in needs.reasoned():
        for name in dict.fromkeys(
            end.group for end in (need.source, need.destination) if isinstance(end, Member)
        ):
            found.setdefault(name, []).append(need)
    return found


def _names(groups: list[Group]) -> dict[str, str]:
    """A name for the policy of each workload: its own, with the kind where another one has it."""
    short = [group.short for group in groups]
    found = {}
    for group in groups:
        name = group.short
        if short.count(name) > 1 or name in {DENY, LOOK_UP}:
            name = f"{name}-{group.name.rpartition('[')[2].rstrip(']').lower()}"
        found[group.name] = name
    return found


def _lines(known: Known, needs: Needs, wanted: Iterable[Need], direction: Direction) -> Iterator[Line]:
    """The rules for some needs of one workload, those with equal ports together."""
    ports: dict[Peer, set[Port]] = {}
    reasons: dict[Peer, list[Need]] = {}
    for need in wanted:
        other = need.source if direction is Direction.INGRESS else need.destination
        peer = _peer(known, needs, need, other)
        if peer is not None:
            ports.setdefault(peer, set()).add((need.protocol, need.port))
            listed = reasons.setdefault(peer, [])
            if need not in listed:
                listed.append(need)
    _absorb(ports, reasons)
    together: dict[tuple[int, tuple[Port, ...]], list[Peer]] = {}
    for peer, found in ports.items():
        together.setdefault((_rank(peer), tuple(sorted(found))), []).append(peer)
    for (_, numbers), peers in sorted(together.items(), key=lambda item: (item[0][0], _first(item[1]))):
        because = tuple(need for peer in sorted(peers, key=_text) for need in reasons[peer])
        yield Line(direction, tuple(_merged(peers)), numbers, because)


def _absorb(ports: dict[Peer, set[Port]], reasons: dict[Peer, list[Need]]) -> None:
    """Leave out addresses whose ports are open to every address anyway."""
    whole = next((peer for peer in ports if isinstance(peer, Addresses) and _is_everything(peer)), None)
    if whole is None:
        return
    for peer in [peer for peer in ports if isinstance(peer, (Addresses, Host)) and peer != whole]:
        if ports[peer] <= ports[whole]:
            del ports[peer]
            reasons[whole] += reasons.pop(peer)


def _is_everything(found: Addresses) -> bool:
    return set(EVERYWHERE) <= set(found.ranges) and not found.without


def _peer(known: Known, needs: Needs, need: Need, end: End) -> Peer | None:
    """An end as a peer of a rule; None where it cannot be said."""
    if not isinstance(end, Member):
        return end if isinstance(end, (Addresses, ApiServer, Host)) else None
    group = known.groups[end.group]
    if group.on_host:
        found = known.node_addresses()
        if found is None:
            other = need.source if end == need.destination else need.destination
            needs.leave_open(
                Open(
                    other.group.partition("[")[0] if isinstance(other, Member) else group.title,
                    f"{group.title} is on the network of its node, whose address is not known",
                    f"Read the nodes too, or allow their addresses at port {need.port} by hand",
                    group.pods[0].source,
                    (*group.pods[0].template.path, "hostNetwork"),
                )
            )
        return found
    if not group.labels and group.is_read:
        return None
    return Selected(group.namespace, tuple((key, (value,)) for key, value in group.labels))


def _rank(peer: Peer) -> int:
    """Pods first, then the API server, addresses, and last hosts, which take the most room."""
    return (Selected, ApiServer, Addresses, Host).index(type(peer))


def _first(peers: list[Peer]) -> str:
    return min(map(_text, peers))


def _text(peer: Peer) -> str:
    return repr(peer)


def _merged(peers: Iterable[Peer]) -> Iterator[Peer]:
    """Peers in order, those of a namespace that differ in the value of their one label as one."""
    values: dict[tuple[str, str], list[str]] = {}
    others: list[Peer] = []
    for peer in peers:
        if isinstance(peer, Selected) and len(peer.labels) == 1:
            key, value = peer.labels[0]
            values.setdefault((peer.namespace, key), []).extend(value)
        else:
            others.append(peer)
    merged = [Selected(space, ((key, tuple(sorted(found))),)) for (space, key), found in values.items()]
    yield from sorted([*merged, *others], key=lambda peer: (_rank(peer), _text(peer)))

"""What flows show to be needed: calls that were let through to their end.

What was refused, or would have been, is told apart, as a demand to look at, and is never allowed for that.
Ends are found by workload, by pod, by labels, by address; many addresses outside become ranges.
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.network.addresses import parse_address
from casemate.analysis.network.tighten.calls import service_targets
from casemate.analysis.network.tighten.groups import Group, lasting
from casemate.analysis.network.tighten.known import Known, cidr
from casemate.analysis.network.tighten.needs import (
    PRIVATE,
    Addresses,
    ApiServer,
    Because,
    End,
    Host,
    Member,
    Need,
    Needs,
    Open,
    end_text,
    everywhere,
    public,
)
from casemate.analysis.network.tighten.ranges import MANY, widened
from casemate.model.exposure import Service
from casemate.model.flows import API_SERVER, HOST, Conversation, FlowEnd, FlowLog, FlowsSeen

FLOW = "flow"
_OWN_NODE = "calls from a pod's own node, which no policy keeps out"
_UNKNOWN = "calls with an end that is neither named nor has an address"
_OUTSIDE = "calls between ends that are no pods"
_PUBLIC, _PRIVATE = "pub", "pvt"
"""What Calico calls addresses that it does not tell one by one."""


class Demand(msgspec.Struct, frozen=True, eq=False):
    """A call that was refused, or would have been; `needed` says that something else shows that it is."""

    source: str
    destination: str
    protocol: str
    port: int
    refused: int
    audited: int
    let_through: int
    needed: bool


class FlowNeeds(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What was made of flows: how many different calls count, and how many flows do not, by the reason.

    `unseen` are the needs that settings tell of and no flow showed.
    """

    calls: int
    demands: tuple[Demand, ...]
    passed_over: dict[str, int]
    unseen: tuple[Need, ...]


def add_flows(known: Known, needs: Needs, log: FlowLog, *, by_name: bool) -> FlowNeeds:
    """Note what flows show. `by_name` keeps the names of hosts outside instead of their addresses."""
    told = [need for need, reasons in needs.reasoned() if any(one.kind == "call" for one in reasons)]
    finder = _Finder(known, needs, by_name=by_name)
    merged: dict[Need, FlowsSeen] = {}
    for conversation, seen in log.conversations.items():
        for need in finder.needs(conversation, seen):
            merged[need] = _joined(merged.get(need), seen)
    granted = {need: seen for need, seen in merged.items() if seen.is_granted}
    for need, seen in _generalised(needs, granted):
        times = seen.forwarded + seen.delivered
        words = f"seen {times:,} time{'' if times == 1 else 's'}, first in {seen.file}:{seen.line}"
        needs.add(need, Because(FLOW, words))
    demands = tuple(
        Demand(
            source=_title(need.source),
            destination=_title(need.destination),
            protocol=need.protocol,
            port=need.port,
            refused=seen.refused,
            audited=seen.audited,
            let_through=seen.delivered,
            needed=need in needs,
        )
        for need, seen in merged.items()
        if seen.refused or seen.audited
    )
    return FlowNeeds(
        calls=len(granted),
        demands=tuple(sorted(demands, key=lambda one: (one.source, one.destination, one.port))),
        passed_over=finder.passed_over,
        unseen=tuple(need for need in told if need not in granted),
    )


def _joined(one: FlowsSeen | None, other: FlowsSeen) -> FlowsSeen:
    """What was seen of one call under several descriptions."""
    if one is None:
        return msgspec.structs.replace(other)
    return FlowsSeen(
        file=one.file,
        line=one.line,
        first=min(filter(None, (one.first, other.first)), default=""),
        last=max(one.last, other.last),
        forwarded=one.forwarded + other.forwarded,
        delivered=one.delivered + other.delivered,
        refused=one.refused + other.refused,
        audited=one.audited + other.audited,
    )


def _title(end: End) -> str:
    return end_text(end).partition("[")[0]


class _Finder:
    """Finds the ends of conversations among what is known."""

    def __init__(self, known: Known, needs: Needs, *, by_name: bool) -> None:
        self._known = known
        self._needs = needs
        self._by_name = by_name
        self.passed_over: dict[str, int] = {}
        self._found: dict[FlowEnd, End | str] = {}
        self._groups: dict[str, list[Group]] = {}
        for group in known.groups.values():
            if group.is_read:
                self._groups.setdefault(group.namespace, []).append(group)
        self._pods = {pod.name: pod.workload for pod in known.pods if pod.name}

    def needs(self, conversation: Conversation, seen: FlowsSeen) -> Iterator[Need]:
        """What a conversation needs: several where a Service was called that leads to several."""
        source = self._end(conversation.source)
        if conversation.source.special == HOST:
            source = _OWN_NODE
        service = self._service(conversation)
        if service is not None and not isinstance(source, str):
            port = conversation.port
            for member, protocol, number in service_targets(self._known, service, port):
                if protocol == conversation.protocol:
                    yield Need(source, member, protocol, number)
            return
        destination = self._end(conversation.destination)
        if isinstance(source, str):
            self._pass(source, seen)
            return
        if isinstance(destination, str):
            self._pass(destination, seen)
            return
        if not isinstance(source, Member) and not isinstance(destination, Member):
            self._pass(_OUTSIDE, seen)
            return
        if isinstance(destination, Addresses):
            hosts = (Host(name.lower().rstrip(".")) for name in conversation.destination.names)
            named = (Need(source, host, conversation.protocol, conversation.port) for host in hosts)
            destination = next((need.destination for need in named if need in self._needs), destination)
        if isinstance(source, Host):
            source = Addresses((cidr(conversation.source.address),))
        yield Need(source, destination, conversation.protocol, conversation.port)

    def _pass(self, why: str, seen: FlowsSeen) -> None:
        count = seen.forwarded + seen.delivered + seen.refused + seen.audited
        self.passed_over[why] = self.passed_over.get(why, 0) + count

    def _service(self, conversation: Conversation) -> Service | None:
        """The Service whose own address or name is the destination: its port is none of a pod's."""
        end = conversation.destination
        if end.address:
            return self._known.services.get(end.address)
        if end.workload and not end.labels and self._read(end) is None:
            return self._known.backends.named(end.namespace, end.workload)
        return None

    def _read(self, end: FlowEnd) -> Group | None:
        """The workload of a pod, if it was read."""
        groups = self._groups.get(end.namespace, [])
        return _by_name(groups, end) or _by_labels(groups, end)

    def _end(self, end: FlowEnd) -> End | str:
        found = self._found.get(end)
        if found is None:
            found = self._found[end] = self._pod(end) if end.namespace else self._address(end)
        return found

    def _pod(self, end: FlowEnd) -> End:
        """The workload of a pod; one that was not read is known by its labels."""
        found = self._read(end)
        if found is not None:
            return Member(found.name)
        if f"{end.namespace}/{end.pod}" in self._pods:
            return Member(self._pods[f"{end.namespace}/{end.pod}"])
        lasting_labels = lasting(dict(end.labels))
        labels = lasting_labels[:1]
        name = end.workload or (labels[0][1] if labels else end.pod) or "pods"
        same = self._known.same(end.namespace, dict(lasting_labels), name)
        if same is not None:
            return same
        if not labels:
            self._needs.leave_open(
                Open(
                    f"{end.namespace}/{name}",
                    "it was seen in flows and not read, and its labels are not known: all pods of "
                    f"{end.namespace} are allowed in its place",
                    "Read its manifests too",
                )
            )
        return self._known.stranger(end.namespace, dict(labels), name)

    def _address(self, end: FlowEnd) -> End | str:
        known, address = self._known, end.address
        if end.special == API_SERVER:
            known.api_seen.add(address)
            return ApiServer()
        if address in known.addresses:
            return Member(known.addresses[address])
        if address and parse_address(address) is not None:
            if end.names and self._by_name and not known.is_inside(end.names[0]):
                return Host(end.names[0].lower().rstrip("."))
            return Addresses((cidr(address),))
        if _PUBLIC in end.names:
            return public(ipv6=known.ipv6)
        if _PRIVATE in end.names:
            return Addresses(PRIVATE)
        return _UNKNOWN


def _by_name(groups: list[Group], end: FlowEnd) -> Group | None:
    """The workload by its name and kind; by the name of its pod only where no labels are told."""
    same = [group for group in groups if end.workload and group.short == end.workload]
    if len(same) > 1 and end.kind:
        same = [group for group in same if group.name.endswith(f"[{end.kind}]")] or same
    if same or end.labels:
        return same[0] if same else None
    name = end.pod or end.workload
    longer = [group for group in groups if name.startswith(f"{group.short}-") or name == group.short]
    return max(longer, key=lambda group: len(group.short), default=None)


def _by_labels(groups: list[Group], end: FlowEnd) -> Group | None:
    """The workload whose labels the pod has, the one with the most of them."""
    labels = set(end.labels)
    fitting = [group for group in groups if group.labels and set(group.labels) <= labels]
    return max(fitting, key=lambda group: len(group.labels), default=None)


def _generalised(needs: Needs, granted: dict[Need, FlowsSeen]) -> Iterator[tuple[Need, FlowsSeen]]:
    """The needs, those about many single addresses outside as fewer ranges."""
    single: dict[tuple[Member, bool, str, int], dict[str, FlowsSeen]] = {}
    for need, seen in granted.items():
        for member, other, outward in (
            (need.source, need.destination, True),
            (need.destination, need.source, False),
        ):
            if isinstance(member, Member) and _is_single(other):
                key = (member, outward, need.protocol, need.port)
                single.setdefault(key, {})[end_text(other)] = seen
                break
        else:
            yield need, seen
    for (member, outward, protocol, port), found in single.items():
        ranges = widened(found)
        if len(found) > MANY:
            words = f"{len(found):,} addresses were seen at {protocol} port {port}, allowed as "
            words += f"{len(ranges)} ranges" if ranges else "every address"
            needs.leave_open(Open(_title(member), words, "Allow fewer by hand if you know them"))
        end = Addresses(ranges) if ranges else everywhere(ipv6=any(":" in text for text in found))
        source, destination = (member, end) if outward else (end, member)
        seen = next(iter(found.values()))
        for other_seen in list(found.values())[1:]:
            seen = _joined(seen, other_seen)
        yield Need(source, destination, protocol, port), seen


def _is_single(end: End) -> bool:
    return isinstance(end, Addresses) and len(end.ranges) == 1 and not end.without

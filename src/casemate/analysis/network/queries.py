"""One question: may this source reach that destination at a port, and what decides it.

An answer names, for each direction, the rule that decides, or the policies that isolate an endpoint without a
rule for the connection, or that no policy selects it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from casemate.analysis.network.evaluation import Applied, Part, conflicts
from casemate.analysis.network.policies import (
    PROTOCOLS,
    Action,
    Complement,
    Direction,
    Endpoints,
    Intersection,
    Perhaps,
    Policy,
    Rule,
    Union,
)
from casemate.analysis.network.ports import limits
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.verdicts import Side
from casemate.model.errors import UsageError

DEPENDS = "depends"
OWN_NODE = "the node of a pod always reaches it"


class Reason(msgspec.Struct, frozen=True, eq=False):
    """What decides in one direction: a rule, policies that isolate, or neither.

    `depends` says on what it depends whether the rule matches; empty where it does for certain. `note` is a
    fact that decides without any policy.
    """

    direction: Direction
    allowed: bool
    rule: Rule | None = None
    policies: tuple[Policy, ...] = ()
    depends: tuple[str, ...] = ()
    note: str = ""


class Answer(msgspec.Struct, frozen=True, eq=False):
    """Whether a connection is allowed: yes, no, or it depends; and why, in each direction."""

    allowed: bool | str
    because: tuple[Reason, ...]


def answer(reach: Reach, source: str, destination: str, protocol: str, port: int) -> Answer:
    """The answer to a question between two endpoints, each a pod, a workload, or an address.

    Raises `UsageError` for an endpoint or a protocol that is not known.
    """
    sources, destinations = classes_of(reach, source), classes_of(reach, destination)
    bit = port_atom(reach, protocol, port)
    if _is_own_node(reach, sources, destination):
        into = Reason(Direction.INGRESS, allowed=True, note=OWN_NODE)
        return Answer(allowed=True, because=(Reason(Direction.EGRESS, allowed=True), into))
    found = [_between(reach, one, other, bit) for one in sources for other in destinations]
    best = next((item for item in found if item.allowed is True), None)
    return best or next((item for item in found if item.allowed == DEPENDS), found[0])


def _is_own_node(reach: Reach, sources: Sequence[int], destination: str) -> bool:
    """Whether the source is the node that a pod runs on, whose kubelet probes it whatever policies say."""
    universe = reach.universe
    name = universe.nodes_of_pods.get(destination)
    first = len(universe.pods)
    return name is not None and any(
        first <= number < universe.first_outside and universe.nodes[number - first].name == name
        for number in sources
    )


def port_atom(reach: Reach, protocol: str, port: int) -> int:
    """The set of ports that no policy tells apart from a port, by the name of its protocol in any case.

    Raises `UsageError` where the protocol is not known or has no such port.
    """
    named = next((known for known in PROTOCOLS if known.lower() == protocol.lower()), None)
    if named is None:
        raise UsageError(f"{protocol} is no protocol here: {', '.join(PROTOCOLS)}")
    low, high = limits(named)
    if not low <= port <= high:
        raise UsageError(f"{port} is no port of {named}: {low} to {high}")
    return reach.atoms.containing(named, port)


def classes_of(reach: Reach, name: str) -> list[int]:
    """The classes of an endpoint: `shop/cart-0`, `shop/cart`, `shop/cart[Deployment]`, or an address.

    Raises `UsageError` where there is none.
    """
    universe = reach.universe
    number = universe.names.get(name)
    if number is None:
        number = reach.number_of(name)
    if number is not None:
        return [number]
    found = [
        number
        for number, pods in enumerate(universe.pods)
        if any(name in {workload, workload.partition("[")[0]} for workload in pods.workloads)
    ]
    nodes = [n for n, node in enumerate(universe.nodes, len(universe.pods)) if node.name == name]
    if not found and not nodes:
        raise UsageError(f"{name} is no pod, workload, node or address that was read")
    return found or nodes


def _between(reach: Reach, source: int, destination: int, bit: int) -> Answer:
    sure, upper = reach.between(source, destination)
    allowed: bool | str = bool(sure & bit)
    if not allowed and upper & bit:
        allowed = DEPENDS
    reasons = (
        _reason(reach, reach.egress, (source, destination), bit),
        _reason(reach, reach.ingress, (destination, source), bit),
    )
    return Answer(allowed, reasons)


def _reason(reach: Reach, side: Side, ends: tuple[int, int], bit: int) -> Reason:
    """What decides for a subject and a peer: read against the connection where something is not known.

    Where nothing decides in the end, it is the last rule that passed the connection on.
    """
    subject, peer = ends
    applied = side.applied(subject)
    doubts = tuple(dict.fromkeys(_doubts(reach, applied, ends, bit)))
    isolating: list[Policy] = []
    passed: tuple[Rule, Policy] | None = None
    for _, found in groupby(applied, key=lambda item: item.policy.tier):
        tier = list(found)
        decided = _first(tier, peer, bit)
        if decided is not None:
            policy = next(item.policy for item in tier if decided in item.parts)
            if decided.rule.action is not Action.PASS:
                allowed = decided.rule.action is Action.ALLOW
                return Reason(side.direction, allowed, decided.rule, (policy,), doubts)
            passed = (decided.rule, policy)
        isolating = [item.policy for item in tier if item.isolates]
        if decided is None and isolating and not isolating[0].tier.ends_in_pass:
            return Reason(side.direction, allowed=False, policies=tuple(isolating), depends=doubts)
    if passed is not None:
        return Reason(side.direction, allowed=True, rule=passed[0], policies=(passed[1],), depends=doubts)
    return Reason(side.direction, allowed=True, depends=doubts)


def _first(tier: Sequence[Applied], peer: int, bit: int) -> Part | None:
    for item in tier:
        for part in item.parts:
            if part.mask & bit and item.sure and part.is_sure(peer):
                return part
    return None


def _doubts(reach: Reach, applied: Sequence[Applied], ends: tuple[int, int], bit: int) -> Iterator[str]:
    subject, peer = ends
    for item in applied:
        if not item.sure:
            yield from _unread(reach, subject)
        for part in item.parts:
            if part.mask & bit and peer in part.peers.upper and not (item.sure and part.is_sure(peer)):
                yield from _why(part.rule.peers)
                if peer not in part.peers.sure:
                    yield from _unread(reach, peer)
                yield part.rule.depends or f"whether a rule of {item.policy.entity.title} means it"
    for one, other in conflicts(applied, peer):
        yield f"{one.entity.title} and {other.entity.title} have one priority, and their order is not defined"


def _unread(reach: Reach, number: int) -> Iterator[str]:
    """That the labels of an endpoint's namespace are not known."""
    pods = reach.universe.pods
    if number < len(pods) and pods[number].namespace in reach.universe.unread:
        yield f"the labels of the namespace {pods[number].namespace}, which was not read"


def _why(peers: Endpoints) -> Iterator[str]:
    if isinstance(peers, Perhaps):
        yield peers.why
    elif isinstance(peers, (Union, Intersection)):
        for part in peers.parts:
            yield from _why(part)
    elif isinstance(peers, Complement):
        yield from _why(peers.inner)

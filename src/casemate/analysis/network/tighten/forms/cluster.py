"""Drafts as ClusterNetworkPolicies (policy.networking.k8s.io/v1alpha2), which no NetworkPolicy can widen.

They stand in the tier Admin: what a workload may do is accepted, and all else is denied after that. Such a
policy cannot speak of callers outside of the cluster, so a NetworkPolicy of each namespace keeps these out
or lets them in. A range of addresses means pods, too: a workload that needs ranges has a second policy, which
denies every other pod first.

Source: kubernetes-sigs/network-policy-api apis/v1alpha2 (clusternetworkpolicy_types.go).
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.policies import Direction
from casemate.analysis.network.tighten.drafts import DENY, LOOK_UP, WORKLOAD, Draft, Line, Selected
from casemate.analysis.network.tighten.forms import networkpolicy
from casemate.analysis.network.tighten.forms.common import (
    Made,
    Means,
    Tree,
    divided,
    metadata,
    selector,
    subject,
)
from casemate.analysis.network.tighten.needs import Addresses

_MOST = 25
"""Rules of a direction, peers and ports of a rule, and ranges of a peer."""
_ORDER = {LOOK_UP: 100, WORKLOAD: 200, DENY: 900}
_OUTSIDE = 300
_ALL: Tree = {"namespaces": {}}


def objects(draft: Draft, means: Means) -> Iterator[Made]:
    """The ClusterNetworkPolicies of a draft, and the NetworkPolicy for callers from outside."""
    inside, wide = divided(draft, means)
    yield from _cluster(inside, means, _ORDER[draft.kind])
    if wide is not None:
        yield from _cluster(wide, means, _OUTSIDE)
    outside = tuple(line for line in draft.of(Direction.INGRESS) if _from_outside(line, means))
    if draft.kind == DENY or outside:
        kept = msgspec.structs.replace(draft, lines=outside)
        yield networkpolicy.policy(kept, means, (Direction.INGRESS,))


def _cluster(draft: Draft, means: Means, order: int) -> Iterator[Made]:
    """A draft as ClusterNetworkPolicies, of which it takes several where it has many rules."""
    rules: dict[Direction, list[tuple[Tree, Line | None]]] = {
        direction: list(_rules(draft, direction, means, denies_pods=order == _OUTSIDE))
        for direction in Direction
    }
    most = max(len(found) for found in rules.values())
    for number, start in enumerate(range(0, most, _MOST)):
        name = f"{draft.namespace}-{draft.name}" + (f"-{number + 1}" if number else "")
        spec: Tree = {"tier": "Admin", "priority": order + number, "subject": _subject(draft)}
        lines: dict[tuple[str, int], Line] = {}
        for direction, found in rules.items():
            part = found[start : start + _MOST]
            if part:
                spec[direction.value] = [rule for rule, _ in part]
                numbered = enumerate(part)
                lines |= {(direction.value, i): line for i, (_, line) in numbered if line is not None}
        tree = {
            "apiVersion": "policy.networking.k8s.io/v1alpha2",
            "kind": "ClusterNetworkPolicy",
            "metadata": metadata(draft, name, cluster=True),
            "spec": spec,
        }
        yield Made(tree, draft, lines)


def _from_outside(line: Line, means: Means) -> bool:
    return any(means.addresses(peer) is not None for peer in line.peers)


def _subject(draft: Draft) -> Tree:
    inside = {"matchLabels": {NAME_LABEL: draft.namespace}}
    if not draft.labels:
        return {"namespaces": inside}
    return {"pods": {"namespaceSelector": inside, "podSelector": selector(subject(draft))}}


def _rules(
    draft: Draft, direction: Direction, means: Means, *, denies_pods: bool
) -> Iterator[tuple[Tree, Line | None]]:
    """The rules of a direction; callers from outside are not for this kind of policy."""
    if draft.kind == DENY:
        yield from ((rule, None) for rule in _denials(direction))
        return
    for line in draft.of(direction):
        pods = [_pods(peer) for peer in line.peers if isinstance(peer, Selected)]
        for start in range(0, len(pods), _MOST):
            for rule in _rule(direction, pods[start : start + _MOST], line):
                yield rule, line
    if direction is Direction.INGRESS:
        return
    if denies_pods and draft.of(direction):
        yield _deny(direction, [_ALL], "pods"), None
    for line in draft.of(direction):
        for found in filter(None, map(means.addresses, line.peers)):
            yield from _to_addresses(found, line)


def _to_addresses(found: Addresses, line: Line) -> Iterator[tuple[Tree, Line | None]]:
    """Ranges; what is excepted is denied before, which nothing after it in the policy allows again."""
    if found.without:
        for start in range(0, len(found.without), _MOST):
            networks = list(found.without[start : start + _MOST])
            for rule in _rule(Direction.EGRESS, [{"networks": networks}], line, action="Deny"):
                yield rule, None
    for start in range(0, len(found.ranges), _MOST):
        networks = list(found.ranges[start : start + _MOST])
        for rule in _rule(Direction.EGRESS, [{"networks": networks}], line):
            yield rule, line


def _rule(direction: Direction, peers: list[Tree], line: Line, action: str = "Accept") -> Iterator[Tree]:
    for start in range(0, len(line.ports), _MOST):
        protocols = [
            {protocol.lower(): {"destinationPort": {"number": port}}}
            for protocol, port in line.ports[start : start + _MOST]
        ]
        side = "from" if direction is Direction.INGRESS else "to"
        yield {"action": action, side: peers, "protocols": protocols}


def _denials(direction: Direction) -> Iterator[Tree]:
    yield _deny(direction, [_ALL], "pods")
    if direction is Direction.EGRESS:
        yield _deny(direction, [{"networks": ["0.0.0.0/0", "::/0"]}], "addresses")


def _deny(direction: Direction, peers: list[Tree], name: str) -> Tree:
    side = "from" if direction is Direction.INGRESS else "to"
    return {"name": f"no-other-{name}", "action": "Deny", side: peers}


def _pods(peer: Selected) -> Tree:
    inside = {"matchLabels": {NAME_LABEL: peer.namespace}}
    if not peer.labels:
        return {"namespaces": inside}
    return {"pods": {"namespaceSelector": inside, "podSelector": selector(peer.labels)}}

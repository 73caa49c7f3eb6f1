"""Drafts as NetworkPolicies of Calico (projectcalico.org/v3).

A range of addresses means pods here, too. So a workload that needs ranges has a second policy, asked after
all that allow pods, which denies every other pod before it allows the ranges.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3 (networkpolicy.go, policy_common.go).
"""

from collections.abc import Iterator

from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.policies import Direction
from casemate.analysis.network.tighten.drafts import (
    DENY,
    LOOK_UP,
    WORKLOAD,
    Conditions,
    Draft,
    Line,
    Peer,
    Selected,
)
from casemate.analysis.network.tighten.forms.common import (
    Made,
    Means,
    Tree,
    blocks,
    divided,
    metadata,
    subject,
)
from casemate.analysis.network.tighten.needs import Addresses

_ALLOW, _DENY = "Allow", "Deny"
_ORDER = {LOOK_UP: 100, WORKLOAD: 200, DENY: 400}
_OUTSIDE = 300


def objects(draft: Draft, means: Means) -> Iterator[Made]:
    """The NetworkPolicies of a draft."""
    inside, outside = divided(draft, means)
    if inside.lines or draft.kind == DENY or outside is None:
        yield _object(inside, means, _ORDER[draft.kind])
    if outside is not None:
        yield _object(outside, means, _OUTSIDE)


def _object(draft: Draft, means: Means, order: int) -> Made:
    spec: Tree = {"order": order, "selector": _selector(subject(draft))}
    spec["types"] = [way.value.capitalize() for way in Direction if draft.kind != LOOK_UP or draft.of(way)]
    lines: dict[tuple[str, int], Line] = {}
    for direction in Direction:
        rules: list[Tree] = []
        if order == _OUTSIDE and draft.of(direction):
            rules.append(_no_pods(direction))
        for line in draft.of(direction):
            for rule in _rules(draft, line, means):
                lines[direction.value, len(rules)] = line
                rules.append(rule)
        if rules:
            spec[direction.value] = rules
    tree = {
        "apiVersion": "projectcalico.org/v3",
        "kind": "NetworkPolicy",
        "metadata": metadata(draft),
        "spec": spec,
    }
    return Made(tree, draft, lines)


def _rules(draft: Draft, line: Line, means: Means) -> Iterator[Tree]:
    """A rule for each protocol and peer."""
    protocols = list(dict.fromkeys(protocol for protocol, _ in line.ports))
    for peer in line.peers:
        for side in _sides(draft, peer, means):
            for protocol in protocols:
                ports = [port for name, port in line.ports if name == protocol]
                yield _rule(line.direction, side, protocol, ports)


def _sides(draft: Draft, peer: Peer, means: Means) -> Iterator[Tree]:
    """A peer as the other side of rules."""
    if isinstance(peer, Selected):
        yield _selected(draft, peer)
    else:
        yield from _nets(means.addresses(peer) or Addresses(()))


def _rule(direction: Direction, side: Tree, protocol: str, ports: list[int]) -> Tree:
    rule: Tree = {"action": _ALLOW, "protocol": protocol}
    if direction is Direction.INGRESS:
        return {**rule, "source": side, "destination": {"ports": ports}}
    return {**rule, "destination": {**side, "ports": ports}}


def _no_pods(direction: Direction) -> Tree:
    side = "source" if direction is Direction.INGRESS else "destination"
    return {"action": _DENY, side: {"namespaceSelector": "all()"}}


def _nets(found: Addresses) -> Iterator[Tree]:
    """Ranges of one family each, since a rule is for one."""
    for text, without in blocks(found):
        yield {"nets": [text], **({"notNets": without} if without else {})}


def _selected(draft: Draft, peer: Selected) -> Tree:
    side = {"selector": _selector(peer.labels)}
    if peer.namespace != draft.namespace:
        side["namespaceSelector"] = f"{NAME_LABEL} == '{peer.namespace}'"
    return side


def _selector(labels: Conditions) -> str:
    """A selector in Calico's language; values of labels have no quotes in them."""
    parts = [
        f"{key} == '{values[0]}'" if len(values) == 1 else f"{key} in {{{', '.join(map(repr, values))}}}"
        for key, values in labels
    ]
    return " && ".join(parts) or "all()"

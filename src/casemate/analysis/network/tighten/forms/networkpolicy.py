"""Drafts as NetworkPolicies of Kubernetes (networking.k8s.io/v1).

Source: networking/v1 types.go.
"""

from collections.abc import Iterator

from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.policies import Direction
from casemate.analysis.network.tighten.drafts import LOOK_UP, Draft, Line, Selected
from casemate.analysis.network.tighten.forms.common import (
    Made,
    Means,
    Tree,
    blocks,
    metadata,
    selector,
    subject,
)
from casemate.analysis.network.tighten.needs import Addresses


def objects(draft: Draft, means: Means) -> Iterator[Made]:
    """The NetworkPolicy of a draft."""
    yield policy(draft, means, tuple(Direction))


def policy(draft: Draft, means: Means, directions: tuple[Direction, ...]) -> Made:
    """A NetworkPolicy with the rules of some directions."""
    spec: Tree = {"podSelector": selector(subject(draft))}
    lines: dict[tuple[str, int], Line] = {}
    spec["policyTypes"] = [way.value.capitalize() for way in directions if _is_about(draft, way)]
    for direction in directions:
        rules: list[Tree] = []
        for line in draft.of(direction):
            lines[direction.value, len(rules)] = line
            rules.append(_rule(draft, line, means))
        if rules:
            spec[direction.value] = rules
    tree = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(draft),
        "spec": spec,
    }
    return Made(tree, draft, lines)


def _is_about(draft: Draft, direction: Direction) -> bool:
    """Whether a policy is about a direction: that for names only adds to what others let out."""
    return draft.kind != LOOK_UP or bool(draft.of(direction))


def _rule(draft: Draft, line: Line, means: Means) -> Tree:
    peers: list[Tree] = []
    for peer in line.peers:
        if isinstance(peer, Selected):
            peers.append(_pods(draft, peer))
            continue
        for text, without in blocks(means.addresses(peer) or Addresses(())):
            peers.append({"ipBlock": {"cidr": text, **({"except": without} if without else {})}})
    return {
        "from" if line.direction is Direction.INGRESS else "to": peers,
        "ports": [{"protocol": protocol, "port": port} for protocol, port in line.ports],
    }


def _pods(draft: Draft, peer: Selected) -> Tree:
    pods = selector(peer.labels)
    here: Tree = {}
    if peer.namespace != draft.namespace:
        here["namespaceSelector"] = {"matchLabels": {NAME_LABEL: peer.namespace}}
    if pods or not here:
        here["podSelector"] = pods
    return here

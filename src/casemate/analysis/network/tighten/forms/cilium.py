"""Drafts as CiliumNetworkPolicies (cilium.io/v2), which can name hosts and the API server.

Names of hosts are learnt from what DNS answers through Cilium's proxy, so that the policy for DNS sends
requests there. A range of addresses never means pods here.

Source: Cilium's pkg/policy/api (rule.go, egress.go, entity.go) and Documentation/security/policy.
"""

from collections.abc import Iterator

from casemate.analysis.network.policies import Direction
from casemate.analysis.network.tighten.drafts import LOOK_UP, Conditions, Draft, Line, Selected
from casemate.analysis.network.tighten.forms.common import Made, Means, Tree, blocks, metadata, subject
from casemate.analysis.network.tighten.needs import Addresses, ApiServer, Host

_NAMESPACE = "k8s:io.kubernetes.pod.namespace"
_MOST_PORTS = 40


def objects(draft: Draft, means: Means) -> Iterator[Made]:  # noqa: ARG001 # as all forms have it
    """The CiliumNetworkPolicy of a draft."""
    spec: Tree = {"endpointSelector": _selector(subject(draft))}
    lines: dict[tuple[str, int], Line] = {}
    for direction in Direction:
        rules: list[Tree] = []
        for line in draft.of(direction):
            for rule in _rules(draft, line):
                lines[direction.value, len(rules)] = line
                rules.append(rule)
        if rules:
            spec[direction.value] = rules
        elif draft.kind != LOOK_UP:
            spec[direction.value] = [{}]  # an empty rule allows nothing, and makes deny the default
    tree = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": metadata(draft),
        "spec": spec,
    }
    yield Made(tree, draft, lines)


def _selector(labels: Conditions) -> Tree:
    """A selector of Cilium, whose keys say that the labels come from Kubernetes."""
    found: Tree = {}
    single = {f"k8s:{key}": values[0] for key, values in labels if len(values) == 1}
    several = [
        {"key": f"k8s:{key}", "operator": "In", "values": list(values)}
        for key, values in labels
        if len(values) > 1
    ]
    if single:
        found["matchLabels"] = single
    if several:
        found["matchExpressions"] = several
    return found


def _rules(draft: Draft, line: Line) -> Iterator[Tree]:
    """The rules of a line: peers of different sorts cannot stand in one rule."""
    way = "from" if line.direction is Direction.INGRESS else "to"
    pods = [peer for peer in line.peers if isinstance(peer, Selected)]
    ranges = [peer for peer in line.peers if isinstance(peer, Addresses)]
    names = sorted(peer.name for peer in line.peers if isinstance(peer, Host))
    sorts: list[Tree] = []
    if pods:
        sorts.append({f"{way}Endpoints": [_endpoint(draft, peer) for peer in pods]})
    if any(isinstance(peer, ApiServer) for peer in line.peers):
        sorts.append({f"{way}Entities": ["kube-apiserver"]})
    if ranges:
        listed = [
            {"cidr": text, **({"except": without} if without else {})}
            for found in ranges
            for text, without in blocks(found)
        ]
        sorts.append({f"{way}CIDRSet": listed})
    if names:  # a host is never who calls: flows tell its address
        sorts.append({"toFQDNs": [{"matchName": name} for name in names]})
    for sort in sorts:
        for start in range(0, len(line.ports), _MOST_PORTS):
            ports = [
                {"port": str(port), "protocol": protocol}
                for protocol, port in line.ports[start : start + _MOST_PORTS]
            ]
            entry: Tree = {"ports": ports}
            if draft.kind == LOOK_UP and pods:
                entry["rules"] = {"dns": [{"matchPattern": "*"}]}
            yield {**sort, "toPorts": [entry]}


def _endpoint(draft: Draft, peer: Selected) -> Tree:
    found = _selector(peer.labels)
    if peer.namespace != draft.namespace or not peer.labels:
        found = {**found, "matchLabels": {_NAMESPACE: peer.namespace, **found.get("matchLabels", {})}}
        found = dict(sorted(found.items(), reverse=True))
    return found

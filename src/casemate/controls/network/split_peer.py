"""Two entries in a list of peers were meant as one.

`namespaceSelector` and `podSelector` in one entry mean those pods of those namespaces. As two entries, by one
dash too many, they mean all pods of those namespaces, and besides such pods of the policy's own namespace.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.network.meant_pods import MeantPods
from casemate.analysis.network.situation import Situation
from casemate.analysis.selectors import is_empty, selects
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.network_policy import NetworkPolicy, Peer
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector
from casemate.model.severity import Confidence, Severity

_SHOWN = 3
_NAME = "kubernetes.io/metadata.name"


@control(
    "network-split-peer",
    title="Peer that was split in two",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.EXPOSED,
    remedy="Write podSelector beside namespaceSelector in one entry, without a dash of its own",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
    fixes=True,
)
def split_peer(policy: NetworkPolicy, situation: Situation) -> Iterator[Fault]:
    pods = situation.derived(MeantPods)
    for at, peers in _lists(policy):
        for index in range(len(peers) - 1):
            wide, narrow = peers[index], peers[index + 1]
            if narrow.namespace_selector is not None:
                wide, narrow = narrow, wide
            if (
                wide.namespace_selector is None
                or wide.pod_selector is not None
                or narrow.pod_selector is None
                or narrow.namespace_selector is not None
                or is_empty(narrow.pod_selector)
            ):
                continue
            there = pods.by(narrow.pod_selector)
            if policy.ref.namespace in {None, *there} or None in there:
                continue
            meant = {name for space in _namespaces(wide, situation) for name in there.get(space, ())}
            if meant:
                yield _fault(at, index, narrow is peers[index + 1], sorted(meant), peers)


def _fault(at: Path, index: int, second: bool, meant: list[str], peers: tuple[Peer, ...]) -> Fault:
    narrow = peers[index + 1 if second else index].pod_selector
    keep, drop = (index, index + 1) if second else (index + 1, index)
    value = {"matchLabels": dict(narrow.match_labels or {})} if narrow is not None else {}
    expressions = narrow is not None and bool(narrow.match_expressions)
    edits = (Edit("set", (*at, keep, "podSelector"), value), Edit("remove", (*at, drop)))
    return Fault(
        message="namespaceSelector and podSelector are two peers: every pod of those namespaces is meant",
        at=(*at, index + 1),
        why=(
            "no pod of the policy's own namespace has the labels of the podSelector",
            f"in the selected namespaces there {'is' if len(meant) == 1 else 'are'} {some(meant, _SHOWN)}",
        ),
        fix=None if expressions else Fix(safe=False, edits=edits),
    )


def _lists(policy: NetworkPolicy) -> Iterator[tuple[Path, tuple[Peer, ...]]]:
    for index, incoming in enumerate(policy.spec.ingress or ()):
        yield ("spec", "ingress", index, "from"), incoming.from_ or ()
    for index, outgoing in enumerate(policy.spec.egress or ()):
        yield ("spec", "egress", index, "to"), outgoing.to or ()


def _namespaces(peer: Peer, situation: Situation) -> Iterator[str]:
    """The namespaces that a peer selects, by name or by the labels that were read."""
    selector = peer.namespace_selector or LabelSelector()
    wanted = selector.match_labels or {}
    known = situation.namespaces
    candidates = [wanted[_NAME]] if _NAME in wanted else list(known)
    for label in wanted.items() if _NAME not in wanted else ():
        candidates = situation.namespaces_with.get(label, [])
    for name in candidates:
        if selects(selector, known.get(name, {}) | {_NAME: name}):
            yield name

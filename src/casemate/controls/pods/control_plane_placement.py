"""A pod may be placed on a node of the control plane.

There lie the keys that sign every identity of the cluster, and its database. A container that
breaks out on such a node has the cluster, not one node of it.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.role import role
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.place import Path
from casemate.model.pods import NodeRequirement, Toleration
from casemate.model.severity import Severity

_LABELS = frozenset(
    f"node-role.kubernetes.io/{name}" for name in ("control-plane", "master", "controlplane", "etcd")
)
_ASKED = Severity.HIGH


@control(
    "pod-control-plane-placement",
    title="Placed on the control plane",
    severity=Severity.MEDIUM,
    consequence=Consequence.CLUSTER,
    remedy="Remove it, so that the pod runs on worker nodes only",
    standards=(
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
    ),
    area="node_role_and_imds",
    fixes=True,
)
def control_plane_placement(pod: Pod) -> Iterator[Fault]:
    spec = pod.spec
    for index, toleration in enumerate(spec.tolerations or ()):
        if _tolerates(toleration) and (toleration.key or role(pod) is None):
            what = f"the taint {toleration.key}" if toleration.key else "every taint"
            reason = (
                f"operator is {toleration.operator or 'Equal'}, effect is {toleration.effect or 'not set'}"
            )
            yield _fault(pod, f"the pod tolerates {what}", pod.at("tolerations", index), reason)
    for key in sorted(_LABELS.intersection(spec.node_selector or ())):
        path = pod.at("nodeSelector", key)
        yield _fault(pod, f"the pod asks for nodes labelled {key}", path, "nodeSelector holds it", _ASKED)
    yield from _affinities(pod)
    if spec.node_name and pod.kind != "Pod":
        # A scheduled pod has a node's name as well; only in a template somebody wrote it.
        message = f"the pod is put on node {spec.node_name}, past the scheduler"
        reason = "the scheduler, which heeds taints, is not asked"
        yield _fault(pod, message, pod.at("nodeName"), reason, Severity.LOW)


def _tolerates(toleration: Toleration) -> bool:
    """Whether it covers the taint NoSchedule of control plane nodes."""
    if toleration.effect not in {None, "", "NoSchedule"}:
        return False
    return toleration.key in _LABELS or (not toleration.key and toleration.operator == "Exists")


def _affinities(pod: Pod) -> Iterator[Fault]:
    nodes = pod.spec.affinity and pod.spec.affinity.node_affinity
    required = nodes and nodes.required
    if not required:
        return
    rule = pod.at("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    terms = [term.match_expressions or () for term in required.node_selector_terms or ()]
    asked = [[index for index, wanted in enumerate(term) if _asks(wanted)] for term in terms]
    whole = [bool(term) and len(found) == len(term) for term, found in zip(terms, asked, strict=True)]
    for number, found in enumerate(asked):
        for index in found:
            term = (*rule, "nodeSelectorTerms", number)
            path = (*term, "matchExpressions", index)
            # A term that asks for nothing matches no node, and so does a rule without terms.
            gone = rule if all(whole) else term if whole[number] else path
            message = f"the pod asks for nodes labelled {terms[number][index].key}"
            yield _fault(pod, message, path, "a required node affinity holds it", _ASKED, gone)


def _asks(wanted: NodeRequirement) -> bool:
    return wanted.key in _LABELS and wanted.operator in {"Exists", "In"}


def _fault(
    pod: Pod,
    message: str,
    path: Path,
    reason: str,
    severity: Severity = Severity.MEDIUM,
    gone: Path | None = None,
) -> Fault:
    severity, why = for_role(pod, severity, (reason,))
    fix = Fix(safe=False, edits=(Edit("remove", gone or path),))
    return Fault(message=message, at=path, why=why, severity=severity, fix=fix)

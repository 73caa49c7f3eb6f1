"""A namespace takes any pod, and says so.

Whoever may make pods there owns the nodes that they land on. Where only some need that, the others share the
door that was opened for them.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.namespace_levels import ENFORCE, NamespaceLevels
from casemate.analysis.pod_security import Level
from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import Namespace
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "admission-namespace-privileged",
    title="Namespace that takes privileged pods",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Enforce baseline or restricted, and give what needs more a namespace of its own",
    standards=(
        "CIS-Kubernetes-1.12:5.2.1",
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
)
def namespace_privileged(
    namespace: Namespace, levels: NamespaceLevels, version: KubernetesVersion
) -> Iterator[Fault]:
    if namespace.labels.get(ENFORCE) != Level.PRIVILEGED.word or not levels.is_asked(namespace):
        return
    verdicts = levels.verdicts(namespace, version)
    need = sorted(workload.title for workload, verdict in verdicts if verdict.level is Level.PRIVILEGED)
    if need:
        why = f"this needs it: {some(need)}"
    elif verdicts:
        why = "no workload that was read needs it"
    else:
        why = "no workload of the namespace was read"
    yield Fault(
        message="the namespace takes any pod, and says so",
        at=("metadata", "labels", ENFORCE),
        why=(f"the label {ENFORCE} is privileged", why),
        severity=Severity.LOW if need and len(need) == len(verdicts) else Severity.MEDIUM,
    )

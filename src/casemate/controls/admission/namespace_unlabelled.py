"""Nothing says which pods a namespace takes.

Pod Security is built in and asks for one label. Without it, and without a stricter default of the API server,
a privileged pod is as welcome as any other.
"""

from collections.abc import Iterator

from casemate.analysis.admission import PodChecks
from casemate.analysis.listing import some
from casemate.analysis.namespace_levels import ENFORCE, LEVELS, PREFIX, NamespaceLevels
from casemate.analysis.pod_security import Level
from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import Namespace
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "admission-namespace-unlabelled",
    title="Namespace without a Pod Security label",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy=f"Set the label {ENFORCE} to restricted, or to baseline where pods need more",
    confidence=Confidence.LIKELY,
    standards=(
        "CIS-Kubernetes-1.12:5.2.1",
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
)
def namespace_unlabelled(
    namespace: Namespace, levels: NamespaceLevels, version: KubernetesVersion, checks: PodChecks
) -> Iterator[Fault]:
    if ENFORCE in namespace.labels or not levels.is_asked(namespace):
        return
    if levels.enforced(namespace, version)[0] is not Level.PRIVILEGED:
        return
    modes = [
        mode
        for mode in ("warn", "audit")
        if LEVELS.get(namespace.labels.get(f"{PREFIX}{mode}", ""), Level.PRIVILEGED) is not Level.PRIVILEGED
    ]
    if not modes:
        yield Fault(
            message="the namespace takes any pod, privileged ones too",
            at=("metadata", "labels", ENFORCE),
            why=(
                "no label says which level is enforced",
                "the default is privileged",
                *((f"pods may be checked by {some(checks.names)}",) if checks.names else ()),
            ),
            severity=Severity.LOW if checks.names else Severity.MEDIUM,
        )

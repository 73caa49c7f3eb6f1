"""PodSecurityPolicies do nothing from Kubernetes 1.25 on.

What they forbade is then allowed to everybody, unless something else forbids it. Pod Security levels do most
of it, admission policies the rest; what changed pods must be written into the pods.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security_policy import excesses, level_words, successors
from casemate.model.admission import PodSecurityPolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_GONE = KubernetesVersion(1, 25)


@control(
    "admission-pod-security-policy-removed",
    title="PodSecurityPolicy, which 1.25 no longer has",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Enforce a Pod Security level on namespaces, and by an admission policy what no level asks about",
    standards=(
        "CIS-Kubernetes-1.12:5.2.1",
        "NSA-CISA-1.2:pod-security-enforcement",
        "NSA-CISA-1.2:upgrading",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 21),
)
def pod_security_policy_removed(policy: PodSecurityPolicy, version: KubernetesVersion) -> Iterator[Fault]:
    gone = version >= _GONE
    level = level_words(excesses(policy))
    fields = tuple(f"{field}: {by.value} ({how})" for field, by, how in successors(policy))
    yield Fault(
        message="the policy forbids nothing any more"
        if gone
        else "the policy forbids nothing from Kubernetes 1.25 on",
        at=("kind",),
        why=(f"as a whole the policy enforces {level}", *fields),
        severity=Severity.MEDIUM if gone else Severity.LOW,
    )

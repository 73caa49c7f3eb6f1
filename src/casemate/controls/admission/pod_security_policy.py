"""A PodSecurityPolicy lets pods do what takes them out of their container.

Whoever may use the policy, by a role or by a service account, makes such pods. The policy is worth as much as
the loosest of its fields.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security import Level
from casemate.analysis.pod_security_policy import Excess, excesses, level_words
from casemate.model.admission import PodSecurityPolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_SEVERITIES = {
    Level.BASELINE: Severity.MEDIUM,
    Level.RESTRICTED: Severity.LOW,
    None: Severity.INFO,
}
_GONE = KubernetesVersion(1, 25)
_WORST = ("privileged", "hostPID", "volumes", "allowedCapabilities")


@control(
    "admission-pod-security-policy",
    title="PodSecurityPolicy that allows too much",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Forbid it, and give what needs it a policy and a service account of its own",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
)
def pod_security_policy(policy: PodSecurityPolicy, version: KubernetesVersion) -> Iterator[Fault]:
    gone = version >= _GONE
    found = excesses(policy)
    level = level_words(found)
    for excess in found:
        asks = "no level asks about it" if excess.beyond is None else f"{excess.beyond.word} forbids it"
        yield Fault(
            message=excess.message,
            at=excess.path,
            why=(
                excess.why,
                asks,
                f"as a whole the policy enforces {level}",
                *(
                    (f"Kubernetes {version} has no such policies: it matters where an older one runs",)
                    if gone
                    else ()
                ),
            ),
            severity=min(_severity(excess), Severity.LOW) if gone else _severity(excess),
        )


def _severity(excess: Excess) -> Severity:
    if excess.module:
        return Severity.LOW
    worst = excess.beyond is Level.BASELINE and excess.path[-1] in _WORST
    return Severity.HIGH if worst else _SEVERITIES[excess.beyond]

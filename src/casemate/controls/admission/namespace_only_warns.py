"""Pods that break the rules of a namespace are let in, with a warning or a line in the audit log.

Both are there to try a level out. Whoever means harm reads no warnings.
"""

from collections.abc import Iterator

from casemate.analysis.namespace_levels import ENFORCE, LEVELS, PREFIX, NamespaceLevels
from casemate.analysis.pod_security import Level
from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import Namespace
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "admission-namespace-only-warns",
    title="Namespace that warns about more than it refuses",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy=f"Set the label {ENFORCE} to the level that is warned about, once nothing breaks it",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
)
def namespace_only_warns(
    namespace: Namespace, levels: NamespaceLevels, version: KubernetesVersion
) -> Iterator[Fault]:
    if not levels.is_asked(namespace) or namespace.labels.get(ENFORCE) == Level.PRIVILEGED.word:
        return  # a namespace that says privileged is a fault of its own
    enforced, _ = levels.enforced(namespace, version)
    asked = {mode: LEVELS.get(namespace.labels.get(f"{PREFIX}{mode}", "")) for mode in ("warn", "audit")}
    modes = {mode: level for mode, level in asked.items() if level is not None and level > enforced}
    if modes:
        said = " and ".join(f"{mode} says {level.word}" for mode, level in modes.items())
        yield Fault(
            message=f"pods below {max(modes.values()).word} are let in, and only reported",
            at=("metadata", "labels", ENFORCE),
            why=(said, f"{enforced.word} is enforced"),
        )

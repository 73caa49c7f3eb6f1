"""Every pod of a namespace meets a stricter level than the one that is enforced.

Enforcing it refuses none of them, and keeps the next one that would break it out.
"""

from collections.abc import Iterator

from casemate.analysis.namespace_levels import ENFORCE, ENFORCE_VERSION, NamespaceLevels
from casemate.model.control import Consequence, Edit, Fault, Fix, Known, control
from casemate.model.estate import Workload
from casemate.model.governance import Namespace
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "admission-namespace-could-enforce",
    title="Namespace whose pods already meet a stricter level",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy=f"Set the label {ENFORCE} to the level that all pods meet",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
    fixes=True,
)
def namespace_could_enforce(
    namespace: Namespace,
    workloads: Known[Workload],  # noqa: ARG001 # "every pod" counts only where all were read
    levels: NamespaceLevels,
    version: KubernetesVersion,
) -> Iterator[Fault]:
    if not levels.is_asked(namespace):
        return
    enforced, rules = levels.enforced(namespace, version)
    met = [verdict.level for _, verdict in levels.verdicts(namespace, rules)]
    if not met or min(met) <= enforced:
        return
    level = min(met).word
    path = ("metadata", "labels", ENFORCE)
    count = "its only workload was" if len(met) == 1 else f"all {len(met)} workloads were"
    yield Fault(
        message=f"every pod here already meets {level}: enforce it",
        at=path,
        why=(
            f"{count} evaluated by the rules of {rules}"
            + (f", as {ENFORCE_VERSION} says" if ENFORCE_VERSION in namespace.labels else ""),
            f"{enforced.word} is enforced",
        ),
        fix=Fix(safe=False, edits=(Edit("set", path, level),)),
    )

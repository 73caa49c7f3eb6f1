"""Pods of a workload break the level that their namespace enforces.

The workload itself is taken, with a warning that nobody may see. Its pods are refused: after the next
rollout, eviction or failure of a node nothing runs.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.namespace_levels import ENFORCE, LEVELS, NamespaceLevels, forbidding
from casemate.analysis.pod_security import Level
from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import Namespace
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "admission-namespace-refuses-pods",
    title="Namespace that refuses its own pods",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Change the pods so that they meet the level, or give them a namespace of their own",
    standards=("NSA-CISA-1.2:pod-security-enforcement",),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
)
def namespace_refuses_pods(
    namespace: Namespace, levels: NamespaceLevels, version: KubernetesVersion
) -> Iterator[Fault]:
    label = namespace.labels.get(ENFORCE)
    if not levels.is_asked(namespace) or (label is not None and label not in LEVELS):
        return  # a misspelled level is a fault of its own
    level, rules = levels.enforced(namespace, version)
    if level is Level.PRIVILEGED:
        return
    told = set()
    for workload, verdict in levels.verdicts(namespace, rules):
        if verdict.level >= level or workload.title in told:
            continue
        told.add(workload.title)
        yield Fault(
            message=f"pods of {workload.title} are refused by {level.word}",
            at=("metadata", "labels", ENFORCE),
            why=(
                f"these checks say no: {some(forbidding(verdict, level))}",
                f"the rules are those of {rules}",
            ),
        )

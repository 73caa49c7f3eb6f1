"""An aggregated ClusterRole states rules of its own.

The controller overwrites them with the rules of the roles that it selects: what was reviewed is not what its
holders have, or the rules in the cluster were changed by hand and are about to change back.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.defaults import is_default_role
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.summary import summary
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-aggregated-own-rules",
    title="Aggregated role with rules of its own",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Put the rules into a ClusterRole that it selects, and leave its own rules empty",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def aggregated_own_rules(role: Role, known: Holdings, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    aggregates = role.is_cluster and role.aggregation_rule is not None
    if not aggregates or not role.rules or not known.is_the_role(role) or is_default_role(role, kubernetes):
        return
    union = tuple(source.rule for source in known.aggregated[role.ref.name or ""])
    lost = tuple(uncovered(union, role.rules))
    if lost:
        yield Fault(
            message=f"no role that it takes in grants {summary(lost)}, which it states",
            at=("rules",),
            why=(_read(known), "the controller overwrites what an aggregated role states itself"),
            confidence=None if known.complete else Confidence.POSSIBLE,
        )
    missing = tuple(uncovered(role.rules, union))
    if missing:
        yield Fault(
            message=f"it takes in {summary(missing)}, which it does not state",
            at=("rules",),
            why=(_read(known), "what it states is not what its holders have"),
            severity=Severity.INFO,
        )


def _read(known: Holdings) -> str:
    return "every ClusterRole was read" if known.complete else "not every ClusterRole was read"

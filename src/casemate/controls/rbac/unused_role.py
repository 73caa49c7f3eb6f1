"""No binding gives the role to anybody, and no other role takes it in.

It is left over, or waits to be bound without anybody looking at its rules again. Whoever may bind roles finds
it ready.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.defaults import USER_FACING, is_default_role
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.strength import Strength, strength
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.rbac import Binding, Role
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-unused-role",
    title="Role that nobody is given",
    severity=Severity.INFO,
    consequence=Consequence.MEANING,
    remedy="Delete the role, or bind it to who needs it",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def unused_role(
    role: Role,
    known: Grants,
    kubernetes: KubernetesVersion,
    bindings: Known[Binding],  # noqa: ARG001 # asked where every binding was read
) -> Iterator[Fault]:
    if is_default_role(role, kubernetes) or known.bindings_of(role):
        return
    feeds = known.aggregated_to(role) if role.is_cluster else ()
    if any(name in USER_FACING for name in feeds):
        return
    power = strength(known.rules_of(role), kubernetes) is Strength.POWER
    yield Fault(
        message=f"no binding gives it{f', nor {_names(feeds)}, which it is part of' if feeds else ''}",
        at=("metadata", "name"),
        why=("every binding was read", *(("it leads to further rights",) if power else ())),
        severity=Severity.LOW if power else Severity.INFO,
    )


def _names(feeds: tuple[str, ...]) -> str:
    return " or ".join(feeds)

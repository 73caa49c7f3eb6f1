"""A binding gives a role that is not there.

Today it gives nothing. Whoever makes a role of that name decides what its subjects may do, and nobody
looks at the binding again.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.creators import Creators
from casemate.analysis.rbac.defaults import is_default_name
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.holdings import Holdings, scope_of
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.rbac import Binding, Role
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-missing-role",
    title="Binding to a role that does not exist",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Correct the role's name, add the role, or delete the binding",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def missing_role(
    binding: Binding,
    known: Grants,
    roles: Known[Role],  # noqa: ARG001 # asked where every role was read
    holdings: Holdings,
    kubernetes: KubernetesVersion,
) -> Iterator[Fault]:
    kind, name = binding.role_kind, binding.role_name
    if not name or is_default_name(kind, name, binding.ref.namespace) or known.roles_of(binding):
        return
    yield Fault(
        message=f"there is no {kind} {name}{' in its namespace' if kind == 'Role' else ''}",
        at=("roleRef", "name"),
        why=("every role was read", *_creators(binding, holdings, kubernetes)),
    )


def _creators(binding: Binding, holdings: Holdings, kubernetes: KubernetesVersion) -> tuple[str, ...]:
    """Who may make the role, with such rights as they hold themselves."""
    known = holdings.derived(Creators)
    if binding.role_kind == "ClusterRole":
        return known.sentence("clusterroles", "", kubernetes)
    return known.sentence("roles", scope_of(binding), kubernetes)

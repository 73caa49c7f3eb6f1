"""Powers over rights themselves: give roles, change them, and be somebody else.

The API server lets a role or a binding be written only by who holds each right in it already, or may
`escalate` or `bind` it. Without these a writer of roles gains nothing, yet can pass on what it has.
"""

from casemate.analysis.rbac.capabilities.terms import ANY, WRITE, Capability, Right, both, each, rights
from casemate.model.rbac import RBAC
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_ESCALATION = "pkg/registry/rbac/escalation_check.go of Kubernetes"
_IMPERSONATION = "k8s.io/apiserver pkg/endpoints/filters/impersonation"
_BINDINGS = rights(WRITE, RBAC, "rolebindings")
_CLUSTER_BINDINGS = rights(WRITE, RBAC, "clusterrolebindings", namespaced=False)
_ROLES = rights("bind", RBAC, "roles")
_CLUSTER_ROLES = rights("bind", RBAC, "clusterroles", strong=("cluster-admin",))
_ESCALATE_ROLES = rights("escalate", RBAC, "roles")
_ESCALATE_CLUSTER_ROLES = rights("escalate", RBAC, "clusterroles", namespaced=False)
_WRITE_CLUSTER_ROLES = rights(WRITE, RBAC, "clusterroles", namespaced=False)
_CONSTRAINED = KubernetesVersion(1, 36)
"""Since then impersonation that is confined to verbs (KEP-5284) is on by default; an alpha in 1.35."""

BIND = Capability(
    id="bind",
    gives="bind lets its holder give roles whose rights the holder does not have",
    ways=(*both((*_CLUSTER_ROLES, *_ROLES), _BINDINGS), *both(_CLUSTER_ROLES, _CLUSTER_BINDINGS)),
    source=_ESCALATION,
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.LOW,
    escalates=True,
)
ESCALATE = Capability(
    id="escalate",
    gives="escalate lets its holder write rights into roles that the holder does not have",
    ways=(
        *both(_ESCALATE_ROLES, rights(WRITE, RBAC, "roles")),
        *both(_ESCALATE_CLUSTER_ROLES, _WRITE_CLUSTER_ROLES),
    ),
    source=_ESCALATION,
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.LOW,
    escalates=True,
)
HALF_BIND = Capability(
    id="bind-alone",
    gives="together with the right to write bindings, which this role lacks, it gives roles away",
    ways=each(_CLUSTER_ROLES, _ROLES),
    source=_ESCALATION,
    cluster=Severity.LOW,
    inside=Severity.LOW,
    unless=("bind",),
)
HALF_ESCALATE = Capability(
    id="escalate-alone",
    gives="together with the right to write roles, which this role lacks, it writes any right into them",
    ways=each(_ESCALATE_ROLES, _ESCALATE_CLUSTER_ROLES),
    source=_ESCALATION,
    cluster=Severity.LOW,
    inside=Severity.LOW,
    unless=("escalate",),
)
SPREAD_RIGHTS = Capability(
    id="spread-rights",
    gives="a ClusterRole with the label of an aggregate passes its writer's own rights on to all who hold"
    " that one; more than these the API server refuses",
    ways=each(_WRITE_CLUSTER_ROLES),
    source="pkg/registry/rbac/clusterrole/policybased/storage.go of Kubernetes: each write is checked against"
    " all rules, an aggregationRule takes every right",
    cluster=Severity.LOW,
    unless=("escalate",),
    spelled=True,
)
_GROUPS = ("system:masters", "system:nodes")
_USERS = (
    "system:admin",
    "kubernetes-admin",
    "kubernetes-super-admin",
    "system:kube-controller-manager",
    "system:kube-scheduler",
    "system:apiserver",
)
_AS_USERS = (
    *rights("impersonate", "", "users", namespaced=False, strong=_USERS),
    *rights("impersonate", "", "serviceaccounts"),
)
_AS_GROUPS = rights("impersonate", "", "groups", namespaced=False, strong=_GROUPS)
IMPERSONATE = Capability(
    id="impersonate",
    gives="impersonate lets its holder act as somebody else, with all rights of theirs",
    ways=each(_AS_USERS),
    source=_IMPERSONATION,
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.LOW,
    escalates=True,
)
IMPERSONATE_GROUPS = Capability(
    id="impersonate-groups",
    gives="a group of choice comes with the user that is impersonated, system:masters where none is named",
    ways=both(_AS_GROUPS, _AS_USERS),
    source=_IMPERSONATION,
    cluster=Severity.HIGH,
    named=Severity.LOW,
    escalates=True,
)
HALF_IMPERSONATE = Capability(
    id="impersonate-groups-alone",
    gives="together with the right to impersonate some user, which this role lacks, it takes on any group",
    ways=each(_AS_GROUPS),
    source=_IMPERSONATION + ": groups come with a user's name, which is asked for, too",
    cluster=Severity.MEDIUM,
    named=Severity.LOW,
    unless=("impersonate-groups",),
)
_EXTRAS = (
    "uids",
    "userextras/scopes",
    "userextras/authentication.kubernetes.io/node-name",
    "userextras/authentication.kubernetes.io/pod-name",
)
IMPERSONATE_EXTRAS = Capability(
    id="impersonate-extras",
    gives="a forged uid or extra field deceives policies and authorizers that look at it; roles do not",
    ways=both(rights("impersonate", "authentication.k8s.io", *_EXTRAS, namespaced=False), _AS_USERS),
    source=_IMPERSONATION,
    cluster=Severity.LOW,
    spelled=True,
)


def _as(mode: str, resource: str, *, namespaced: bool = False) -> tuple[tuple[Right, ...], ...]:
    """The way of one mode: who may be impersonated, and in which requests."""
    return both(
        rights(
            f"impersonate:{mode}",
            "authentication.k8s.io",
            resource,
            namespaced=namespaced,
            since=_CONSTRAINED,
            strong=("*",) if mode == "associated-node" else (),
        ),
        rights(f"impersonate-on:{mode}{ANY}", "*", "*"),
    )


CONSTRAINED_IMPERSONATION = Capability(
    id="constrained-impersonation",
    gives="its holder acts as somebody else in the requests that the role names",
    ways=(
        *_as("user-info", "users"),
        *_as("serviceaccount", "serviceaccounts", namespaced=True),
        *_as("arbitrary-node", "nodes"),
    ),
    source=_IMPERSONATION + " (KEP-5284; the group system:masters is refused)",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
    escalates=True,
)
OWN_NODE_IMPERSONATION = Capability(
    id="own-node-impersonation",
    gives="a pod acts as the node that it runs on, in the requests that the role names",
    ways=_as("associated-node", "nodes"),
    source=_IMPERSONATION + " (KEP-5284; asks for the name *)",
    cluster=Severity.INFO,
)
ALL = (
    BIND,
    ESCALATE,
    HALF_BIND,
    HALF_ESCALATE,
    SPREAD_RIGHTS,
    IMPERSONATE,
    IMPERSONATE_GROUPS,
    HALF_IMPERSONATE,
    IMPERSONATE_EXTRAS,
    CONSTRAINED_IMPERSONATION,
    OWN_NODE_IMPERSONATION,
)

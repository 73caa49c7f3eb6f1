"""Powers over who somebody is: tokens of service accounts, and groups that are objects."""

from casemate.analysis.rbac.capabilities.terms import WRITE, Capability, both, each, rights
from casemate.model.severity import Severity

CREATE_TOKENS = Capability(
    id="create-tokens",
    gives="a token of a service account is a login with all of its rights",
    ways=each(rights("create", "", "serviceaccounts/token")),
    source="Kubernetes documentation, RBAC good practices: Token request",
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    escalates=True,
)
JOIN_GROUPS = Capability(
    id="join-openshift-groups",
    gives="in OpenShift groups of users are objects: whoever writes one joins it, and holds what it holds",
    ways=each(rights(WRITE, "user.openshift.io", "groups", namespaced=False)),
    source="openshift/api user/v1 types.go: Group.users",
    cluster=Severity.HIGH,
    named=Severity.LOW,
    escalates=True,
    spelled=True,
)
LINK_IDENTITIES = Capability(
    id="link-openshift-identities",
    gives="in OpenShift a login is linked to a user by an object: whoever writes it logs in as that user",
    ways=(
        *each(rights(WRITE, "user.openshift.io", "useridentitymappings", namespaced=False)),
        *both(
            rights(WRITE, "user.openshift.io", "identities", namespaced=False),
            rights("update patch", "user.openshift.io", "users", namespaced=False),
        ),
    ),
    source="openshift/api user/v1 types.go: UserIdentityMapping",
    cluster=Severity.HIGH,
    named=Severity.LOW,
    escalates=True,
    spelled=True,
)
ALL = (CREATE_TOKENS, JOIN_GROUPS, LINK_IDENTITIES)

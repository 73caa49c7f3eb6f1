"""Powers over Secrets and what is kept in them: passwords, keys, tokens."""

from casemate.analysis.rbac.capabilities.terms import WRITE, Capability, both, each, rights
from casemate.model.severity import Severity

_SOURCE = "Kubernetes documentation, RBAC good practices: Listing secrets"
_KUBE_SYSTEM = ("kube-system",)

LIST_SECRETS = Capability(
    id="list-secrets",
    gives="list and watch show the values of all Secrets, tokens of service accounts among them",
    ways=each(rights("list watch", "", "secrets")),
    source=_SOURCE,
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
)
GET_SECRETS = Capability(
    id="get-secrets",
    gives="get shows the value of each Secret whose name is known or guessed",
    ways=each(rights("get", "", "secrets")),
    source=_SOURCE,
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
)
PATCH_SECRETS = Capability(
    id="patch-secrets",
    gives="the answer to an empty patch is the whole Secret, so that patch shows what get does",
    ways=each(rights("patch", "", "secrets")),
    source="k8s.io/apiserver pkg/endpoints/handlers/patch.go: the patched object is the answer",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
    unless=("get-secrets",),
    spelled=True,
)
EMPTY_SECRETS = Capability(
    id="empty-secrets",
    gives="deletecollection answers with all that it removed, values included",
    ways=each(rights("deletecollection", "", "secrets")),
    source="k8s.io/apiserver pkg/registry/generic/registry/store.go: DeleteCollection returns the items",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
    unless=("list-secrets",),
    spelled=True,
)
TOKEN_SECRETS = Capability(
    id="token-secrets",
    gives="a new Secret of type service-account-token is filled with a token of whichever account it names",
    ways=both(rights("create", "", "secrets"), rights("get list watch patch", "", "secrets")),
    source="pkg/controller/serviceaccount/tokens_controller.go of Kubernetes (by request only, since 1.24)",
    cluster=Severity.HIGH,
    spelled=True,
)
BOOTSTRAP_TOKENS = Capability(
    id="bootstrap-tokens",
    gives="a Secret of type bootstrap token in kube-system is a login of new nodes, where these are enabled",
    ways=each(rights(WRITE, "", "secrets")),
    source="plugin/pkg/auth/authenticator/token/bootstrap of Kubernetes",
    cluster=Severity.LOW,
    inside=Severity.LOW,
    places=_KUBE_SYSTEM,
    escalates=True,
    spelled=True,
)
ALL = (LIST_SECRETS, GET_SECRETS, PATCH_SECRETS, EMPTY_SECRETS, TOKEN_SECRETS, BOOTSTRAP_TOKENS)

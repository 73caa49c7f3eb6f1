"""Rights that give more than their words say, as data: what suffices for each, and how far it reaches.

A capability is held by any of its `ways`; a way is held where some rule grants each of its rights. The
severities say how bad it is in the whole cluster, in single namespaces, and where the rule names its
objects; None is no fault there.

Source: the "RBAC good practices" page of Kubernetes, and for each right the code that checks it:
pkg/registry/rbac (escalate, bind), apiserver pkg/endpoints/filters/impersonation,
plugin/pkg/admission/certificates, pkg/kubelet/server/auth.go, pkg/registry/core/pod/rest/subresources.go.
"""

import msgspec

from casemate.model.rbac import RBAC
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

WORKLOADS = (
    ("apps", ("deployments", "statefulsets", "daemonsets", "replicasets")),
    ("batch", ("jobs", "cronjobs")),
)
_WEBSOCKET = KubernetesVersion(1, 34)
"""Later the API server asks for `create` when a connection by WebSocket enters a pod, not for `get` alone."""


class Right(msgspec.Struct, frozen=True):
    """A verb on a resource. `namespaced` is false where a right inside a namespace has no effect.

    `until` is the last release where it suffices; `strong` are names of objects that are as bad as all.
    """

    verb: str
    group: str
    resource: str
    namespaced: bool = True
    until: KubernetesVersion | None = None
    strong: tuple[str, ...] = ()


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """A named power. `escalates` says that it leads to rights that its holder was not given."""

    id: str
    gives: str
    ways: tuple[tuple[Right, ...], ...]
    cluster: Severity
    inside: Severity | None = None
    named: Severity | None = None
    escalates: bool = False


def _each(verbs: str, group: str, *resources: str, namespaced: bool = True) -> tuple[tuple[Right, ...], ...]:
    """A way for each verb on each resource."""
    return tuple((Right(verb, group, name, namespaced),) for name in resources for verb in verbs.split())


LIST_SECRETS = Capability(
    id="list-secrets",
    gives="list and watch show the values of all Secrets, tokens of service accounts among them",
    ways=_each("list watch", "", "secrets"),
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
)
GET_SECRETS = Capability(
    id="get-secrets",
    gives="get shows the value of each Secret whose name is known or guessed",
    ways=_each("get", "", "secrets"),
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
)
CREATE_PODS = Capability(
    id="create-pods",
    gives="whoever makes pods uses each service account and mounts each Secret of the namespace",
    ways=(
        *_each("create", "", "pods", "replicationcontrollers"),
        *(way for group, names in WORKLOADS for way in _each("create", group, *names)),
    ),
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
)
CHANGE_WORKLOADS = Capability(
    id="change-workloads",
    gives="whoever changes the pods of a workload runs programs with its service account",
    ways=(
        *_each("update patch", "", "pods", "replicationcontrollers"),
        *(way for group, names in WORKLOADS for way in _each("update patch", group, *names)),
    ),
    cluster=Severity.MEDIUM,
)
ENTER_PODS = Capability(
    id="enter-pods",
    gives="whoever enters a container has its service account, its Secrets and its network",
    ways=(
        *_each("create", "", "pods/exec", "pods/attach"),
        *((Right("get", "", name, until=_WEBSOCKET),) for name in ("pods/exec", "pods/attach")),
        *_each("update patch", "", "pods/ephemeralcontainers"),
    ),
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
)
FORWARD_PORTS = Capability(
    id="forward-ports",
    gives="a forwarded port passes by network policies, and by logins that only the pod's own network spares",
    ways=(
        *_each("create", "", "pods/portforward"),
        (Right("get", "", "pods/portforward", until=_WEBSOCKET),),
    ),
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
)
BIND = Capability(
    id="bind",
    gives="bind lets its holder give roles whose rights the holder does not have",
    ways=tuple((Right("bind", RBAC, name, strong=("cluster-admin",)),) for name in ("roles", "clusterroles")),
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.LOW,
    escalates=True,
)
ESCALATE = Capability(
    id="escalate",
    gives="escalate lets its holder write rights into roles that the holder does not have",
    ways=(*_each("escalate", RBAC, "roles"), *_each("escalate", RBAC, "clusterroles", namespaced=False)),
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.LOW,
    escalates=True,
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
IMPERSONATE = Capability(
    id="impersonate",
    gives="impersonate lets its holder act as somebody else, with all rights of theirs",
    ways=(
        (Right("impersonate", "", "users", namespaced=False, strong=_USERS),),
        (Right("impersonate", "", "groups", namespaced=False, strong=_GROUPS),),
        (Right("impersonate", "", "serviceaccounts"),),
    ),
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.LOW,
    escalates=True,
)
CREATE_VOLUMES = Capability(
    id="create-persistent-volumes",
    gives="a persistent volume of type hostPath or local opens files of a node to the pods that claim it",
    ways=_each("create", "", "persistentvolumes", namespaced=False),
    cluster=Severity.MEDIUM,
)
NODE_PROXY = Capability(
    id="node-proxy",
    gives="the kubelet's API runs programs in every pod of the node, and get is enough for it",
    ways=_each("get create", "", "nodes/proxy", namespaced=False),
    cluster=Severity.HIGH,
    named=Severity.MEDIUM,
    escalates=True,
)
_SIGNERS = (
    "kubernetes.io/*",
    "kubernetes.io/kube-apiserver-client",
    "kubernetes.io/kube-apiserver-client-kubelet",
)
_APPROVAL = tuple(
    Right(verb, "certificates.k8s.io", "certificatesigningrequests/approval", namespaced=False)
    for verb in ("update", "patch")
)
APPROVE_CERTIFICATES = Capability(
    id="approve-certificates",
    gives="an approved request is a login under the name and the groups that it asks for",
    ways=tuple(
        (Right("approve", "certificates.k8s.io", "signers", namespaced=False, strong=_SIGNERS), right)
        for right in _APPROVAL
    ),
    cluster=Severity.HIGH,
    named=Severity.LOW,
    escalates=True,
)
MARK_APPROVED = Capability(
    id="mark-certificates-approved",
    gives="with approve on signers, which this role lacks, it gives out logins",
    ways=tuple((right,) for right in _APPROVAL),
    cluster=Severity.LOW,
)
_WEBHOOKS = ("validatingwebhookconfigurations", "mutatingwebhookconfigurations")
WRITE_WEBHOOKS = Capability(
    id="write-webhooks",
    gives="a webhook reads what is sent to the API server, Secrets included, and a mutating one changes it",
    ways=_each("create update patch", "admissionregistration.k8s.io", *_WEBHOOKS, namespaced=False),
    cluster=Severity.HIGH,
    named=Severity.LOW,
)
DELETE_WEBHOOKS = Capability(
    id="delete-webhooks",
    gives="whoever removes a webhook removes what it refuses",
    ways=_each("delete deletecollection", "admissionregistration.k8s.io", *_WEBHOOKS, namespaced=False),
    cluster=Severity.LOW,
)
CREATE_TOKENS = Capability(
    id="create-tokens",
    gives="a token of a service account is a login with all of its rights",
    ways=_each("create", "", "serviceaccounts/token"),
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    escalates=True,
)

CATALOGUE = (
    LIST_SECRETS,
    GET_SECRETS,
    CREATE_PODS,
    CHANGE_WORKLOADS,
    ENTER_PODS,
    FORWARD_PORTS,
    BIND,
    ESCALATE,
    IMPERSONATE,
    CREATE_VOLUMES,
    NODE_PROXY,
    APPROVE_CERTIFICATES,
    MARK_APPROVED,
    WRITE_WEBHOOKS,
    DELETE_WEBHOOKS,
    CREATE_TOKENS,
)

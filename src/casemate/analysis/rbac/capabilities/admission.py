"""Powers over what is let in: webhooks, policies, labels of namespaces, and the API itself."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, DELETE, WRITE, Capability, both, each, rights
from casemate.analysis.rbac.capabilities.workloads import MAKES_PODS
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_GROUP = "admissionregistration.k8s.io"
_WEBHOOKS = ("validatingwebhookconfigurations", "mutatingwebhookconfigurations")
_VALIDATING = KubernetesVersion(1, 30)
_MUTATING = KubernetesVersion(1, 36)
"""Since these releases the policies are on by default."""
_LAST_PSP = KubernetesVersion(1, 24)
_PSP = ("privileged", "eks.privileged", "gce.privileged")
_SCC = ("privileged", "hostaccess", "hostmount-anyuid", "hostnetwork", "hostnetwork-v2", "node-exporter")
_MUTATIONS = rights(WRITE, _GROUP, "mutatingadmissionpolicies", namespaced=False, since=_MUTATING)
_MUTATION_BINDINGS = rights(WRITE, _GROUP, "mutatingadmissionpolicybindings", namespaced=False)
_POLICIES = ("validatingadmissionpolicies", "validatingadmissionpolicybindings")
_LABELS = rights(CHANGE, "", "namespaces")

WRITE_WEBHOOKS = Capability(
    id="write-webhooks",
    gives="a webhook reads what is sent to the API server, Secrets included, and a mutating one changes it",
    ways=each(rights(WRITE, _GROUP, *_WEBHOOKS, namespaced=False)),
    source="Kubernetes documentation, RBAC good practices: Control admission webhooks",
    cluster=Severity.HIGH,
    named=Severity.LOW,
)
DELETE_WEBHOOKS = Capability(
    id="delete-webhooks",
    gives="whoever removes a webhook removes what it refuses",
    ways=each(rights(DELETE, _GROUP, *_WEBHOOKS, namespaced=False)),
    source="Kubernetes documentation, RBAC good practices: Control admission webhooks",
    cluster=Severity.LOW,
)
MUTATE_OBJECTS = Capability(
    id="write-mutating-policies",
    gives="a mutating policy and its binding change every object on its way in, pods included",
    ways=both(_MUTATIONS, _MUTATION_BINDINGS),
    source="k8s.io/apiserver pkg/admission/plugin/policy/mutating and pkg/features of Kubernetes",
    cluster=Severity.HIGH,
    named=Severity.LOW,
    spelled=True,
)
CHANGE_MUTATIONS = Capability(
    id="change-mutating-policies",
    gives="whoever changes a mutating policy that is bound already changes the objects it applies to",
    ways=each(rights(CHANGE, _GROUP, "mutatingadmissionpolicies", namespaced=False, since=_MUTATING)),
    source="k8s.io/apiserver pkg/admission/plugin/policy/mutating",
    cluster=Severity.MEDIUM,
    unless=("write-mutating-policies",),
    spelled=True,
)
LOOSEN_POLICIES = Capability(
    id="loosen-admission-policies",
    gives="whoever changes or removes an admission policy or its binding lets in what it refuses",
    ways=each(
        rights(f"{CHANGE} {DELETE}", _GROUP, *_POLICIES, namespaced=False, since=_VALIDATING),
        rights(DELETE, _GROUP, "mutatingadmissionpolicies", namespaced=False, since=_MUTATING),
        rights(DELETE, _GROUP, "mutatingadmissionpolicybindings", namespaced=False, since=_MUTATING),
    ),
    source="k8s.io/apiserver pkg/admission/plugin/policy",
    cluster=Severity.LOW,
    spelled=True,
)
LABEL_NAMESPACES = Capability(
    id="label-namespaces",
    gives="labels of a namespace set its Pod Security level, and what policies and webhooks apply to it",
    ways=each(_LABELS),
    source="k8s.io/pod-security-admission; k8s.io/apiserver pkg/endpoints/request/requestinfo.go: a request"
    " about a namespace is inside it",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
    named=Severity.LOW,
    unless=("label-namespaces-and-create-pods",),
    spelled=True,
)
PRIVILEGED_PODS = Capability(
    id="label-namespaces-and-create-pods",
    gives="it lifts the Pod Security level of a namespace, and then makes a pod there that owns its node",
    ways=both(_LABELS, MAKES_PODS),
    source="k8s.io/pod-security-admission; k8s.io/apiserver pkg/endpoints/request/requestinfo.go: a request"
    " about a namespace is inside it",
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
    named=Severity.MEDIUM,
    spelled=True,
)
USE_POD_POLICIES = Capability(
    id="use-privileged-pod-policies",
    gives="use on a policy that allows privileged pods is the node that they run on",
    ways=each(
        rights("use", "policy", "podsecuritypolicies", until=_LAST_PSP, strong=_PSP),
        rights("use", "extensions", "podsecuritypolicies", until=_LAST_PSP, strong=_PSP),
        rights("use", "security.openshift.io", "securitycontextconstraints", strong=_SCC),
    ),
    source="plugin/pkg/admission/security/podsecuritypolicy of Kubernetes 1.24; OpenShift's"
    " SecurityContextConstraints",
    cluster=Severity.MEDIUM,
    inside=Severity.MEDIUM,
    spelled=True,
)
WRITE_APIS = Capability(
    id="write-api-services",
    gives="the API server hands the requests for a group to whichever server an APIService names, Secrets in"
    " them included",
    ways=each(rights(WRITE, "apiregistration.k8s.io", "apiservices", namespaced=False)),
    source="k8s.io/kube-aggregator pkg/apiserver/handler_proxy.go",
    cluster=Severity.HIGH,
    named=Severity.LOW,
    spelled=True,
)
WRITE_DEFINITIONS = Capability(
    id="write-resource-definitions",
    gives="a conversion webhook reads and changes every object of the kind",
    ways=each(rights(CHANGE, "apiextensions.k8s.io", "customresourcedefinitions", namespaced=False)),
    source="k8s.io/apiextensions-apiserver pkg/apiserver/conversion",
    cluster=Severity.LOW,
    spelled=True,
)
ALL = (
    WRITE_WEBHOOKS,
    DELETE_WEBHOOKS,
    MUTATE_OBJECTS,
    CHANGE_MUTATIONS,
    LOOSEN_POLICIES,
    LABEL_NAMESPACES,
    PRIVILEGED_PODS,
    USE_POD_POLICIES,
    WRITE_APIS,
    WRITE_DEFINITIONS,
)

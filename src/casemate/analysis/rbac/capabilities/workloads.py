"""Powers over pods: make them, change them, enter them, and choose where they run."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, WRITE, Capability, both, each, rights
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_BATCH = ("jobs", "cronjobs")
_APPS = ("deployments", "statefulsets", "daemonsets", "replicasets")
_CORE = ("pods", "replicationcontrollers")
WEBSOCKET = KubernetesVersion(1, 34)
"""Later the API server asks for `create` when a connection by WebSocket enters a pod, not for `get` alone."""
_EPHEMERAL = KubernetesVersion(1, 23)
"""Since then ephemeral containers are on by default."""
_RESTORED_WHOLE = KubernetesVersion(1, 36)
"""Up to this release the controller took a restored StatefulSet's namespace from the revision, too."""

MAKES_PODS = (
    *rights("create", "", *_CORE),
    *rights("create", "apps", *_APPS),
    *rights("create", "batch", *_BATCH),
)
CHANGES_PODS = (
    *rights(CHANGE, "", *_CORE),
    *rights(CHANGE, "apps", *_APPS),
    *rights(CHANGE, "batch", "cronjobs"),  # the pods of a Job stay as they were made
)
_ENTRY = (
    *rights("create", "", "pods/exec", "pods/attach"),
    *rights("get", "", "pods/exec", "pods/attach", until=WEBSOCKET),
)
ENTERS_PODS = (*_ENTRY, *rights(CHANGE, "", "pods/ephemeralcontainers", since=_EPHEMERAL))

CREATE_PODS = Capability(
    id="create-pods",
    gives="whoever makes pods uses each service account and mounts each Secret of the namespace",
    ways=each(MAKES_PODS),
    source="Kubernetes documentation, RBAC good practices: Workload creation",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
)
CHANGE_WORKLOADS = Capability(
    id="change-workloads",
    gives="whoever changes the pods of a workload runs programs with its service account",
    ways=each(CHANGES_PODS),
    source="pkg/controller of Kubernetes: a changed pod template is rolled out",
    cluster=Severity.MEDIUM,
)
ENTER_PODS = Capability(
    id="enter-pods",
    gives="whoever enters a container has its service account, its Secrets and its network",
    ways=each(ENTERS_PODS),
    source="pkg/registry/core/pod/rest/subresources.go and pkg/features of Kubernetes",
    cluster=Severity.HIGH,
    inside=Severity.MEDIUM,
)
FORWARD_PORTS = Capability(
    id="forward-ports",
    gives="a forwarded port passes by network policies, and by logins that only the pod's own network spares",
    ways=each(
        rights("create", "", "pods/portforward"), rights("get", "", "pods/portforward", until=WEBSOCKET)
    ),
    source="pkg/registry/core/pod/rest/subresources.go of Kubernetes",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
)
PROXY_PODS = Capability(
    id="proxy-pods",
    gives="the API server passes requests on to ports of pods and Services, by network policies",
    ways=each(rights("get create", "", "pods/proxy", "services/proxy")),
    source="pkg/registry/core/{pod,service} of Kubernetes: the proxy subresource",
    cluster=Severity.LOW,
    spelled=True,
)
RESTORE_STATEFULSETS = Capability(
    id="restore-statefulsets",
    gives="the controller of StatefulSets restores a forged revision, with pods in another namespace",
    ways=both(
        rights("create", "apps", "controllerrevisions", until=_RESTORED_WHOLE),
        rights(WRITE, "apps", "statefulsets"),
    ),
    source="pkg/controller/statefulset/stateful_set_utils.go of Kubernetes: ApplyRevision (CVE-2026-2270)",
    cluster=Severity.MEDIUM,
    inside=Severity.MEDIUM,
    escalates=True,
    spelled=True,
)
EVICT_PODS = Capability(
    id="evict-pods",
    gives="pods that are evicted or deleted start anew, on whatever node is left to them",
    ways=each(rights("create", "", "pods/eviction"), rights("delete deletecollection", "", "pods")),
    source="pkg/registry/core/pod/storage/eviction.go of Kubernetes",
    cluster=Severity.LOW,
    spelled=True,
)
BIND_PODS = Capability(
    id="bind-pods",
    gives="whoever binds a pod chooses its node in the scheduler's place, past its rules",
    ways=each(rights("create", "", "pods/binding", "bindings")),
    source="pkg/registry/core/pod/storage/storage.go of Kubernetes: BindingREST",
    cluster=Severity.LOW,
    spelled=True,
)
ALL = (
    CREATE_PODS,
    CHANGE_WORKLOADS,
    ENTER_PODS,
    FORWARD_PORTS,
    PROXY_PODS,
    RESTORE_STATEFULSETS,
    EVICT_PODS,
    BIND_PODS,
)

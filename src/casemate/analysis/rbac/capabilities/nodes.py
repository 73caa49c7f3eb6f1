"""Powers over nodes and the kubelets on them."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, DELETE, WRITE, Capability, both, each, rights
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_KUBELET = "pkg/kubelet/server/auth.go of Kubernetes"
_FINE = KubernetesVersion(1, 33)
"""Since then the kubelet also asks for finer subresources than `proxy`."""
_WRITES = (
    *rights(CHANGE, "", "nodes", namespaced=False),
    *rights(DELETE, "", "nodes", namespaced=False),
)

NODE_PROXY = Capability(
    id="node-proxy",
    gives="the kubelet's API runs programs in every pod of the node, and get is enough for it",
    ways=each(rights("get create", "", "nodes/proxy", namespaced=False)),
    source=_KUBELET,
    cluster=Severity.HIGH,
    named=Severity.MEDIUM,
    escalates=True,
)
NODE_LOGS = Capability(
    id="node-logs",
    gives="the kubelet shows the files below /var/log of its node, the logs of all containers among them",
    ways=each(rights("get", "", "nodes/log", namespaced=False)),
    source=_KUBELET,
    cluster=Severity.LOW,
    spelled=True,
)
NODE_PODS = Capability(
    id="node-pods",
    gives="the kubelet shows the pods of its node, with the values in their environment",
    ways=each(rights("get", "", "nodes/pods", namespaced=False, since=_FINE)),
    source=_KUBELET + " (1.33, locked on in 1.36)",
    cluster=Severity.LOW,
    spelled=True,
)
STEAL_PODS = Capability(
    id="steal-pods",
    gives="other nodes are tainted or deleted, and pods driven out move to a node that was taken over",
    ways=both(
        (*_WRITES, *rights(CHANGE, "", "nodes/status", namespaced=False)),
        (*rights("create", "", "pods/eviction"), *rights(DELETE, "", "pods")),
    ),
    source="pkg/controller/tainteviction and pkg/controller/podgc of Kubernetes; rbac-police, steal_pods",
    cluster=Severity.MEDIUM,
    spelled=True,
)
WRITE_NODES = Capability(
    id="write-nodes",
    gives="labels and taints of nodes decide where pods run, and NoExecute drives them out",
    ways=each(_WRITES),
    source="plugin/pkg/admission/noderestriction of Kubernetes keeps nodes from it, not others",
    cluster=Severity.LOW,
    unless=("steal-pods",),
    spelled=True,
)
NODE_STATUS = Capability(
    id="node-status",
    gives="a node's reported capacity and addresses decide what is scheduled there, and where the API server"
    " reaches its kubelet",
    ways=each(rights(CHANGE, "", "nodes/status", namespaced=False)),
    source="pkg/registry/core/node/strategy.go of Kubernetes: ResourceLocation",
    cluster=Severity.LOW,
    unless=("steal-pods",),
    spelled=True,
)
LEADERS = Capability(
    id="take-leases",
    gives="who writes the lease of a control-plane component keeps it from leading",
    ways=each(
        rights(
            WRITE,
            "coordination.k8s.io",
            "leases",
            strong=("kube-controller-manager", "kube-scheduler"),
        )
    ),
    source="k8s.io/client-go tools/leaderelection",
    cluster=Severity.LOW,
    inside=Severity.LOW,
    places=("kube-system",),
    spelled=True,
)
ALL = (NODE_PROXY, NODE_LOGS, NODE_PODS, STEAL_PODS, WRITE_NODES, NODE_STATUS, LEADERS)

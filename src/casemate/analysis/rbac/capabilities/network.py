"""Powers over where traffic goes, who is served first, and what is seen afterwards."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, DELETE, WRITE, Capability, each, rights
from casemate.model.severity import Severity

_FLOWS = "flowcontrol.apiserver.k8s.io"

REDIRECT_SERVICES = Capability(
    id="write-endpoints",
    gives="whoever writes the addresses of a Service receives its traffic, or leads an ingress elsewhere",
    ways=each(rights(CHANGE, "", "endpoints"), rights(WRITE, "discovery.k8s.io", "endpointslices")),
    source="CVE-2021-25740: taken out of admin and edit in 1.22",
    cluster=Severity.LOW,
    spelled=True,
)
SERVICE_STATUS = Capability(
    id="write-service-status",
    gives="an address in the status of a load balancer draws the traffic for it, from every pod",
    ways=each(rights(CHANGE, "", "services/status")),
    source="CVE-2020-8554",
    cluster=Severity.MEDIUM,
    inside=Severity.MEDIUM,
    spelled=True,
)
EXTERNAL_ADDRESSES = Capability(
    id="write-external-addresses",
    gives="an address in externalIPs of a Service draws the traffic for it, unless admission refuses it",
    ways=each(rights(WRITE, "", "services")),
    source="CVE-2020-8554; plugin/pkg/admission/network/denyserviceexternalips of Kubernetes",
    cluster=Severity.LOW,
    spelled=True,
)
POD_STATUS = Capability(
    id="write-pod-status",
    gives="a pod's reported address and readiness decide where the traffic of its Services goes",
    ways=each(rights(CHANGE, "", "pods/status")),
    source="pkg/controller/endpoint of Kubernetes; rbac-police, modify_pod_status",
    cluster=Severity.LOW,
    spelled=True,
)
OPEN_NETWORK = Capability(
    id="loosen-network-policies",
    gives="whoever removes a network policy opens the connections that it closed; another one adds to them",
    ways=each(rights(f"{WRITE} {DELETE}", "networking.k8s.io", "networkpolicies")),
    source="k8s.io/api networking/v1 types.go: policies add up",
    cluster=Severity.LOW,
    spelled=True,
)
STARVE_REQUESTS = Capability(
    id="write-flow-control",
    gives="flow schemas decide whose requests the API server serves first, and whose it turns away",
    ways=each(
        rights(f"{WRITE} {DELETE}", _FLOWS, "flowschemas", "prioritylevelconfigurations", namespaced=False)
    ),
    source="k8s.io/apiserver pkg/util/flowcontrol",
    cluster=Severity.LOW,
    spelled=True,
)
PRIORITY_CLASSES = Capability(
    id="write-priority-classes",
    gives="pods of a high priority class drive others from their nodes",
    ways=each(rights(WRITE, "scheduling.k8s.io", "priorityclasses", namespaced=False)),
    source="plugin/pkg/admission/priority of Kubernetes",
    cluster=Severity.LOW,
    spelled=True,
)
LIFT_QUOTAS = Capability(
    id="lift-quotas",
    gives="without its quota a namespace can use up what the cluster has",
    ways=each(rights(f"{CHANGE} {DELETE}", "", "resourcequotas", "limitranges")),
    source="plugin/pkg/admission/resourcequota of Kubernetes",
    cluster=Severity.LOW,
    spelled=True,
)
HIDE_TRACES = Capability(
    id="delete-events",
    gives="whoever deletes events removes what tells of restarts, mounts and refused pods",
    ways=each(rights(DELETE, "", "events"), rights(DELETE, "events.k8s.io", "events")),
    source="MITRE ATT&CK T1070",
    cluster=Severity.LOW,
    spelled=True,
)
ALL = (
    REDIRECT_SERVICES,
    SERVICE_STATUS,
    EXTERNAL_ADDRESSES,
    POD_STATUS,
    OPEN_NETWORK,
    STARVE_REQUESTS,
    PRIORITY_CLASSES,
    LIFT_QUOTAS,
    HIDE_TRACES,
)

"""What a pod is for, where its job needs the node: network and storage drivers, log and metrics agents.

A role is recognised by the kind of workload and the name of an image's repository, whatever
registry it comes from: mirrors keep the repository's name. A network plugin counts only in the
namespaces where clusters run it.
"""

from functools import lru_cache

import msgspec

from casemate.analysis.images import Reference, parse
from casemate.analysis.pods.view import Pod

CONTROL_PLANE = "control plane"
"""The job of Kubernetes' own programs, which get their keys from the node and stop without them."""
_CNI = (
    "kube-system calico-system kube-flannel cilium weave kube-router openshift-multus openshift-sdn "
    "openshift-ovn-kubernetes"
)


class _Job(msgspec.Struct, frozen=True):
    """A job, the repositories that do it (by the end of their names), and where it may run."""

    words: str
    repositories: str
    kind: str = "DaemonSet"
    namespaces: str = ""


_JOBS = (
    _Job("Calico CNI", "calico/node calico/cni calico/pod2daemon-flexvol calico-node", namespaces=_CNI),
    _Job("Cilium CNI", "cilium/cilium cilium/cilium-ci cilium/cilium-envoy", namespaces=_CNI),
    _Job("Flannel CNI", "flannel flannel-cni flannel-cni-plugin", namespaces=_CNI),
    _Job("Weave Net CNI", "weave-kube weave-npc", namespaces=_CNI),
    _Job("kube-router CNI", "kube-router", namespaces=_CNI),
    _Job("Antrea CNI", "antrea-agent-ubuntu antrea-agent-ubi antrea-ubuntu", namespaces=_CNI),
    _Job("Multus CNI", "multus-cni", namespaces=_CNI),
    _Job("OVN-Kubernetes CNI", "ovn-kubernetes ovn-kube kube-ovn", namespaces=_CNI),
    _Job("Amazon VPC CNI", "amazon-k8s-cni amazon-k8s-cni-init aws-network-policy-agent", namespaces=_CNI),
    _Job("Azure CNI", "azure-cni azure-cns azure-npm", namespaces=_CNI),
    _Job("Google netd CNI", "netd", namespaces=_CNI),
    _Job("kube-proxy", "kube-proxy kube-proxy-amd64 kube-proxy-arm64", namespaces=_CNI),
    _Job("node-local DNS cache", "k8s-dns-node-cache", namespaces=_CNI),
    _Job("MetalLB speaker", "metallb/speaker metallb-speaker"),
    _Job("CSI node driver", "csi-node-driver-registrar aws-ebs-csi-driver aws-efs-csi-driver azuredisk-csi "
         "azurefile-csi gcp-compute-persistent-disk-csi-driver gcp-filestore-csi-driver blob-csi nfsplugin "
         "smbplugin cephcsi cinder-csi-plugin vsphere-csi-driver do-csi-plugin hcloud-csi-driver "
         "democratic-csi linstor-csi topolvm-with-sidecar longhorn-manager longhorn-instance-manager "
         "secrets-store/driver local-volume-provisioner hostpathplugin"),
    _Job("Rook storage agent", "rook/ceph"),
    _Job("device plugin", "k8s-device-plugin nvidia-gpu-device-plugin gpu-device-plugin intel-gpu-plugin "
         "sriov-network-device-plugin node-feature-discovery gpu-feature-discovery"),
    _Job("Fluentd log agent", "fluentd fluentd-kubernetes-daemonset fluentd-elasticsearch fluentd-gcp "
         "fluentd-kubernetes stackdriver-logging-agent"),
    _Job("Fluent Bit log agent", "fluent-bit aws-for-fluent-bit"),
    _Job("Filebeat log agent", "filebeat"),
    _Job("Promtail log agent", "promtail"),
    _Job("Vector log agent", "timberio/vector"),
    _Job("Grafana agent", "grafana/alloy grafana/agent"),
    _Job("OpenTelemetry collector", "opentelemetry-collector opentelemetry-collector-contrib "
         "opentelemetry-collector-k8s"),
    _Job("Prometheus node exporter", "node-exporter node_exporter"),
    _Job("cAdvisor metrics agent", "cadvisor"),
    _Job("GPU metrics agent", "dcgm-exporter"),
    _Job("Metricbeat metrics agent", "metricbeat"),
    _Job("Telegraf metrics agent", "telegraf"),
    _Job("Netdata metrics agent", "netdata/netdata"),
    _Job("node problem detector", "node-problem-detector"),
    _Job("Datadog agent", "datadog/agent datadoghq/agent"),
    _Job("Dynatrace agent", "dynatrace-oneagent dynatrace/oneagent"),
    _Job("New Relic agent", "newrelic/infrastructure newrelic/infrastructure-k8s "
         "newrelic/infrastructure-bundle newrelic/nrsysmond"),
    _Job("Elastic agent", "elastic-agent"),
    _Job("Sysdig agent", "sysdig/agent sysdig/agent-slim"),
    _Job("Falco runtime security", "falcosecurity/falco falcosecurity/falco-no-driver "
         "falcosecurity/falco-driver-loader"),
    _Job("Tetragon runtime security", "cilium/tetragon"),
    _Job("Tracee runtime security", "aquasec/tracee"),
    _Job("KubeArmor runtime security", "kubearmor/kubearmor"),
    _Job("KubeVirt node handler", "kubevirt/virt-handler"),
    _Job("Kured reboot agent", "kured"),
    _Job(CONTROL_PLANE, "kube-apiserver kube-controller-manager kube-scheduler etcd", "Pod", "kube-system"),
)  # fmt: skip
_BY_REPOSITORY = {(job.kind, name): job for job in _JOBS for name in job.repositories.split()}
_KINDS = frozenset(job.kind for job in _JOBS)


@lru_cache(maxsize=1)
def role(pod: Pod) -> str | None:
    """The pod's job on the node in words, `Calico CNI`; None where nothing says that it has one."""
    if pod.kind not in _KINDS:
        return None
    for container in pod.spec.containers or ():
        reference = parse(container.image or "")
        job = _job(pod.kind, reference) if isinstance(reference, Reference) else None
        if job is not None and (not job.namespaces or pod.namespace in job.namespaces.split()):
            return job.words
    return None


def _job(kind: str, reference: Reference) -> _Job | None:
    """The job of a repository by its whole name, or by its last parts; mirrors put `mirrored-` before it."""
    parts = reference.repository.split("/")
    ends = ["/".join(parts[start:]) for start in range(len(parts))]
    ends.append(parts[-1].removeprefix("mirrored-"))
    return next((_BY_REPOSITORY[kind, end] for end in ends if (kind, end) in _BY_REPOSITORY), None)

"""A pod mounts the files of etcd, the database of the cluster.

Every object is in there, Secrets among them, in plain text unless encryption at rest was set
up. Who may write puts in what no admission control ever saw.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-etcd",
    title="The cluster's database",
    severity=Severity.CRITICAL,
    consequence=Consequence.CLUSTER,
    remedy="Do not mount it; take backups with etcdctl snapshot and a client certificate",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.11",
        "NSA-CISA-1.2:host-paths",
        "NSA-CISA-1.2:etcd",
        "MITRE:T1552.001",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    fixes=True,
    docker="Remove the mount",
)
def host_path_etcd(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.ETCD)

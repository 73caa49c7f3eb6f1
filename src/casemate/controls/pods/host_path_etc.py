"""A pod mounts /etc of its node, or something in it.

Who may write there adds an account, an SSH key or a cron job and is root on the node. Who may
only read finds password hashes and private keys; in /etc/kubernetes lie the kubelet's
credentials and, on a control plane node, the keys that sign every identity in the cluster.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-etc",
    title="The node's /etc",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Pass settings by a ConfigMap, or mount the one file that is needed with readOnly: true",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.11",
        "NSA-CISA-1.2:host-paths",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    fixes=True,
    docker="Mount the one file that is needed with :ro, or pass settings by configs",
)
def host_path_etc(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.ETC)

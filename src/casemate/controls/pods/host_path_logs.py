"""A pod mounts /var/log of its node.

Who may write there puts a symbolic link among the logs and lets the kubelet, which is root,
follow it: asking for the log then returns any file of the node. Who may only read finds what
all pods on the node have logged, tokens and personal data among it.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-logs",
    title="The node's logs",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Write logs to standard output; a log agent mounts /var/log with readOnly: true",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.11",
        "NSA-CISA-1.2:host-paths",
        "MITRE:T1070",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    fixes=True,
    docker="Remove the mount, or add :ro",
)
def host_path_logs(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.LOGS)

"""A pod mounts the files of the kubelet.

Below /var/lib/kubelet are the secrets, tokens and volumes of every pod on the node, and the key
by which the kubelet speaks to the API server. Reading is enough to act as any of these pods;
writing changes what they run.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-kubelet",
    title="The kubelet's files",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Do not mount the kubelet's folder; a storage driver needs its own folder below plugins/ only",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.11",
        "NSA-CISA-1.2:host-paths",
        "MITRE:T1552.007",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    fixes=True,
    docker="Remove the mount",
)
def host_path_kubelet(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.KUBELET)

"""A volume names its storage itself, instead of claiming it.

Such a volume speaks a storage protocol from the node's kernel to whatever server the author of
the pod names, or lets the kubelet run a program for it (flexVolume, gitRepo). With a claim, the
administrators of the storage decide what there is.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security.checks.restricted_volumes import judge
from casemate.analysis.pods import Pod
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_GIT_REFUSED = KubernetesVersion(1, 33)
"""The release from which kubelets run no git, unless GitRepoVolumeDriver is switched on."""


@control(
    "pod-volume-type",
    title="Storage named by the pod",
    severity=Severity.LOW,
    consequence=Consequence.NEIGHBOURS,
    remedy="Use a PersistentVolumeClaim; instead of gitRepo, clone in an init container into an emptyDir",
    standards=(
        "PSS:restricted",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
)
def volume_type(pod: Pod, version: KubernetesVersion) -> Iterator[Fault]:
    forbidden = judge(pod) if pod.spec.volumes else None
    for path in forbidden.paths if forbidden is not None else ():
        kind, index = str(path[-1]), path[-2]
        if kind == "hostPath":
            continue
        name = pod.spec.volumes[int(index)].name if pod.spec.volumes else None
        severity, reason = _weigh(kind, version)
        yield Fault(
            message=f"volume {name} is of the type {kind}",
            at=path,
            why=(reason,),
            severity=severity,
        )


def _weigh(kind: str, version: KubernetesVersion) -> tuple[Severity, str]:
    if kind == "flexVolume":
        return Severity.LOW, "the kubelet runs a driver as root on the node"
    if kind != "gitRepo":
        return Severity.LOW, "the pod, not the cluster's administrators, says where the storage is"
    if version >= _GIT_REFUSED:
        return Severity.LOW, "the kubelet refuses it, unless GitRepoVolumeDriver is switched on"
    return Severity.HIGH, "the kubelet runs git as root on what the repository holds"

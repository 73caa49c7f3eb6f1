"""A pod declares the volume of a Secret that none of its containers mounts.

The kubelet fetches the Secret and keeps its files on the node all the same, and the pod does not
start without it. Whoever takes over the node has one secret more, for nothing.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "secret-volume-unused",
    title="Secret that no container mounts",
    severity=Severity.LOW,
    consequence=Consequence.DISCLOSURE,
    remedy="Remove the volume",
    standards=(
        "NSA-CISA-1.2:secrets",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="secrets_env_encryption",
    fixes=True,
)
def volume_unused(pod: Pod) -> Iterator[Fault]:
    volumes = [
        (index, v) for index, v in enumerate(pod.spec.volumes or ()) if v.secret is not None and v.name
    ]
    if not volumes or not pod.containers:
        return
    mounted = {mount.name for container in pod.containers for mount in container.spec.volume_mounts or ()}
    for index, volume in volumes:
        if volume.name not in mounted:
            path = pod.at("volumes", index)
            name = (volume.secret and volume.secret.secret_name) or "without a name"
            yield Fault(
                message=f"volume {volume.name} holds Secret {name}, and no container mounts it",
                at=path,
                why=("the kubelet puts its files on the node before any container starts",),
                fix=Fix(safe=False, edits=(Edit("remove", path),)),
            )

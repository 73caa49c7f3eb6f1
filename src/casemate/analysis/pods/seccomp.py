"""The seccomp profile in force, by field or, up to Kubernetes 1.26, by annotation."""

from casemate.analysis.pods.view import Container, Setting
from casemate.model.version import KubernetesVersion

_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_FIELDS_ONLY = KubernetesVersion(1, 27)
_TYPES = {"runtime/default": "RuntimeDefault", "docker/default": "RuntimeDefault", "unconfined": "Unconfined"}


def seccomp_profile(container: Container, version: KubernetesVersion) -> Setting:
    """The profile's type, None where nothing sets it."""
    setting = container.seccomp
    notes = container.pod.template.annotations
    if version >= _FIELDS_ONLY or not notes or not setting.is_default:
        return setting
    for key, decided_by in ((_CONTAINER + container.name, "container"), (_POD, "pod")):
        if key in notes:
            path = (*container.pod.template.metadata_path, "annotations", key)
            return Setting(_TYPES.get(notes[key], "Localhost"), path, decided_by)
    return setting

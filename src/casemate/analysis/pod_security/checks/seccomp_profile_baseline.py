"""System call filtering may not be switched off (policy/check_seccompProfile_baseline.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    plural,
    quote,
    setters,
    since,
)
from casemate.analysis.pods.view import Pod
from casemate.model.pods import LocalProfile

_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_TYPES = frozenset(("RuntimeDefault", "Localhost"))
_VALUES = frozenset(("runtime/default", "docker/default"))


def annotations(pod: Pod) -> Forbidden | None:
    """Up to 1.18, by annotation: of the pod and of containers that exist."""
    keys = [_POD, *(_CONTAINER + (container.spec.name or "") for container in pod.containers)]
    notes = pod.template.annotations
    bad = sorted({key for key in keys if key in notes and not _allowed(notes[key])})
    if not bad:
        return None
    shown = ", ".join(f'{key}="{notes[key]}"' for key in bad)
    return Forbidden(
        "seccompProfile",
        f"forbidden {plural(len(bad), 'annotation')} {shown}",
        tuple((*pod.template.metadata_path, "annotations", key) for key in bad),
    )


def fields(pod: Pod) -> Forbidden | None:
    """Since 1.19, by field: a type that is set is RuntimeDefault or Localhost."""
    pod_is_bad = is_bad(pod.context.seccomp_profile)
    bad = [container for container in pod.containers if is_bad(container.context.seccomp_profile)]
    if not pod_is_bad and not bad:
        return None
    profiles = [container.context.seccomp_profile for container in bad]
    paths = [container.at("securityContext", "seccompProfile", "type") for container in bad]
    if pod_is_bad:
        profiles.append(pod.context.seccomp_profile)
        paths.insert(0, pod.at("securityContext", "seccompProfile", "type"))
    kinds = sorted({profile.type or "" for profile in profiles if profile is not None})
    who = setters(pod=pod_is_bad, containers=bad)
    detail = f"{who} must not set securityContext.seccompProfile.type to {quote(kinds)}"
    return Forbidden("seccompProfile", detail, tuple(paths))


def is_bad(profile: LocalProfile | None) -> bool:
    """Whether a profile is given and is not one that filters."""
    return profile is not None and profile.type not in _TYPES


def _allowed(value: str) -> bool:
    return value in _VALUES or value.startswith("localhost/")


CHECK = Check("seccompProfile_baseline", Level.BASELINE, ((since(0), annotations), (since(19), fields)))

"""The default AppArmor profile may not be switched off (policy/check_appArmorProfile.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, plural, quote, setters, since
from casemate.analysis.pods.view import APPARMOR_ANNOTATION, Pod
from casemate.model.pods import LocalProfile

_ALLOWED = frozenset(("RuntimeDefault", "Localhost"))


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: fields name RuntimeDefault or Localhost, annotations their older forms."""
    values: set[str] = set()
    paths = []
    pod_profile = pod.context.app_armor_profile
    if _bad(pod_profile, values):
        paths.append(pod.at("securityContext", "appArmorProfile", "type"))
    bad = [c for c in pod.containers if _bad(c.context.app_armor_profile, values)]
    paths += [container.at("securityContext", "appArmorProfile", "type") for container in bad]
    who = setters(pod=bool(paths) and len(paths) > len(bad), containers=bad)
    notes = {
        key: value
        for key, value in pod.template.annotations.items()
        if key.startswith(APPARMOR_ANNOTATION) and not _allowed_annotation(value)
    }
    paths += [(*pod.template.metadata_path, "annotations", key) for key in notes]
    if not paths:
        return None
    shown = [*sorted(values), *sorted(f'{key}="{value}"' for key, value in notes.items())]
    if notes:
        who = " and ".join(filter(None, (who, plural(len(notes), "annotation"))))
    return Forbidden(
        f"forbidden AppArmor {plural(len(shown), 'profile')}",
        f"{who} must not set AppArmor profile type to {quote(shown)}",
        tuple(paths),
    )


def _bad(profile: LocalProfile | None, values: set[str]) -> bool:
    """Whether the profile is set to a forbidden type, which is then noted."""
    if profile is None or profile.type in _ALLOWED:
        return False
    values.add(profile.type or "")
    return True


def _allowed_annotation(value: str) -> bool:
    return value in {"", "runtime/default"} or value.startswith("localhost/")


CHECK = Check("appArmorProfile", Level.BASELINE, ((since(0), judge),))

"""The security settings of a Compose service, in the words of a pod's security context.

Docker filters system calls and confines by AppArmor unless `security_opt` says otherwise. It adds
to its default capabilities after it dropped (moby, oci/caps/utils.go), while a pod's engine drops
last: a capability that is both added and dropped is therefore left out of the latter.
"""

from typing import Any

from casemate.model.estate import Place
from casemate.model.place import Path
from casemate.model.pods import Capabilities, LocalProfile, SecurityContext, SELinuxOptions
from casemate.readers.compose_values import Service, known

_CONTEXT: Path = ("containers", 0, "securityContext")
_NO_ALL = "cap_drop does not hold ALL"
_ROOT = frozenset(("0", "root"))
_PROFILES = {"unconfined": "Unconfined", "default": "RuntimeDefault", "builtin": "RuntimeDefault"}


def security(service: Service, places: dict[Path, Place]) -> SecurityContext:
    """The security context, and the places of its fields in `places`."""
    values: dict[str, Any] = {}
    partial = service.is_partial
    _place(service, places, "privileged", "privileged")
    _place(service, places, "readOnlyRootFilesystem", "read_only")
    values["privileged"] = service.flag("privileged")
    read_only = service.flag("read_only") or (partial and not service.has("read_only"))
    values["read_only_root_filesystem"] = read_only
    values |= _user(service, places)
    values["capabilities"] = _capabilities(service, places)
    values |= _options(service, places)
    return SecurityContext(**values)


def _place(service: Service, places: dict[Path, Place], field: str, key: str) -> None:
    found = service.find(key)
    path = (*service.path, key) if found is None else found[1]
    said = f"{key} is not set" if found is None else f"{key} is {str(found[0]).lower()}"
    places[*_CONTEXT, field] = Place(path, said, "same")


def _user(service: Service, places: dict[Path, Place]) -> dict[str, Any]:
    text, path = service.text("user")
    given = service.has("user")
    said = f"user is {text}" if given else "user is not set, so the image decides"
    for field in ("runAsUser", "runAsNonRoot", "runAsGroup"):
        places[*_CONTEXT, field] = places["securityContext", field] = Place(path, said)
    user = (text or "").partition(":")[0]
    if user in _ROOT:
        return {"run_as_user": 0}
    if user.isdecimal() and len(user) < 10:  # more is no uid
        return {"run_as_user": int(user)}
    return {"run_as_non_root": True} if given or service.is_partial else {}


def _capabilities(service: Service, places: dict[Path, Place]) -> Capabilities:
    added = [(known(str(item)) or "", path) for item, path in service.items("cap_add")]
    dropped = [(known(str(item)) or "", path) for item, path in service.items("cap_drop")]
    names = {_plain(name) for name, _ in added}
    dropped = [item for item in dropped if _plain(item[0]) not in names]
    for field, key, items in (("add", "cap_add", added), ("drop", "cap_drop", dropped)):
        found = service.find(key)
        path = (*service.path, key) if found is None else found[1]
        places[*_CONTEXT, "capabilities", field] = Place(
            path, _NO_ALL if field == "drop" else None, "same" if found is None else ""
        )
        for index, (_, place) in enumerate(items):
            places[*_CONTEXT, "capabilities", field, index] = Place(place, None, "same")
    drop = tuple(name for name, _ in dropped)
    if service.is_partial and not service.has("cap_drop"):
        drop = ("ALL",)
    return Capabilities(add=tuple(name for name, _ in added), drop=drop)


def _plain(name: str) -> str:
    return name.upper().removeprefix("CAP_")


def _options(service: Service, places: dict[Path, Place]) -> dict[str, Any]:
    """What `security_opt` says, in its forms `key:value` and `key=value`."""
    base = service.find("security_opt")
    path = (*service.path, "security_opt") if base is None else base[1]
    default = LocalProfile(type="RuntimeDefault")
    values: dict[str, Any] = {"seccomp_profile": default, "app_armor_profile": default}
    new = ("no-new-privileges:true",)
    said = "security_opt does not hold no-new-privileges:true"
    places[*_CONTEXT, "allowPrivilegeEscalation"] = (
        Place(path, said, "set", new) if base is None else Place(path, said)
    )
    if service.is_partial:
        values["allow_privilege_escalation"] = False
    for item, place in service.items("security_opt"):
        text = known(str(item)) or ""
        sign = "=" if "=" in text and (":" not in text or text.index("=") < text.index(":")) else ":"
        key, _, value = (part.strip() for part in text.partition(sign))
        _option(key, value, place, values, places)
    return values


def _option(key: str, value: str, path: Path, values: dict[str, Any], places: dict[Path, Place]) -> None:
    said = f"security_opt holds {key}:{value}" if value else f"security_opt holds {key}"
    gone = Place(path, said, "remove")
    if key == "no-new-privileges":
        values["allow_privilege_escalation"] = value.lower() not in {"", "true"}
        places[*_CONTEXT, "allowPrivilegeEscalation"] = Place(path, said, "set", "no-new-privileges:true")
    elif key == "seccomp":
        values["seccomp_profile"] = LocalProfile(type=_PROFILES.get(value, "Localhost"))
        places[*_CONTEXT, "seccompProfile"] = gone
    elif key == "apparmor":
        kind = _PROFILES.get(value.removeprefix("docker-"), "Localhost")
        values["app_armor_profile"] = LocalProfile(type=kind)
        places[*_CONTEXT, "appArmorProfile"] = gone
    elif key == "systempaths" and value == "unconfined":
        values["proc_mount"] = "Unmasked"
        places[*_CONTEXT, "procMount"] = gone
    elif key == "label" and value == "disable":
        values["se_linux_options"] = SELinuxOptions(type="spc_t")
        places[*_CONTEXT, "seLinuxOptions"] = gone

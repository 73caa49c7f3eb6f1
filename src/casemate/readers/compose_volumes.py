"""The mounts of a Compose service: which paths of the host they show, in both ways to write them.

A relative path belongs to the project beside the file and is no path of the host's own; `~` is the
home of whoever runs Compose. A named volume may be a bind mount in disguise, by its driver's
options (`type: none`, `o: bind`, `device: /path`).
"""

import re
from typing import Any

import msgspec

from casemate.model.estate import Place
from casemate.model.place import Path
from casemate.model.pods import HostPath, Volume, VolumeMount
from casemate.readers.compose_values import Service, shown

_WINDOWS = re.compile(r"([A-Za-z]:[\\/][^:]*)(?::(.*))?\Z")
_HOME = "/home/user"


class _Bind(msgspec.Struct):
    """A mount as either form says it."""

    source: str
    target: str
    read_only: bool
    is_bind: bool


def mounted(
    service: Service, volumes: dict[str, Any], places: dict[Path, Place]
) -> tuple[tuple[Volume, ...], tuple[VolumeMount, ...]]:
    """The volumes that are paths of the host with their mounts, and their places in `places`."""
    found: list[Volume] = []
    mounts: list[VolumeMount] = []
    for item, path in service.items("volumes"):
        bind = _long(item) if isinstance(item, dict) else _short(shown(str(item)))
        host = None if bind is None else _host_path(bind, volumes)
        if bind is None or host is None:
            continue
        index = len(found)
        name = bind.source
        while any(volume.name == name for volume in found):
            name += " "  # the same path twice: names tell mounts apart
        found.append(Volume(name=name, host_path=HostPath(path=host)))
        mounts.append(VolumeMount(name=name, mount_path=bind.target, read_only=bind.read_only))
        at = Place(path, None, "same")
        places["volumes", index] = places["containers", 0, "volumeMounts", index] = at
    return tuple(found), tuple(mounts)


def _short(text: str) -> _Bind | None:
    windows = _WINDOWS.match(text)
    if windows is not None:
        source, rest = windows[1], windows[2] or ""
    else:
        source, colon, rest = text.partition(":")
        if not colon:
            return None
    target, _, options = rest.partition(":")
    flags = options.split(",")
    return _Bind(source, target, "ro" in flags, source.startswith(("/", ".", "~")) or windows is not None)


def _long(item: dict[str, Any]) -> _Bind | None:
    source, target = item.get("source"), item.get("target")
    if not isinstance(source, str) or item.get("type") not in {"bind", "volume", None}:
        return None
    read_only = str(item.get("read_only")).lower() == "true"
    is_bind = item.get("type") == "bind"
    return _Bind(shown(source), str(target or ""), read_only, is_bind)


def _host_path(bind: _Bind, volumes: dict[str, Any]) -> str | None:
    """The absolute path on the host, None where it is the project's own or a volume of Docker."""
    source = bind.source
    if not bind.is_bind:
        volume = volumes.get(source)
        options = volume.get("driver_opts") if isinstance(volume, dict) else None
        if not isinstance(options, dict) or "bind" not in str(options.get("o")):
            return None
        source = shown(str(options.get("device") or ""))
    if source.startswith("~"):
        source = _HOME + source[1:]
    return source if source.startswith("/") or _WINDOWS.match(source) else None

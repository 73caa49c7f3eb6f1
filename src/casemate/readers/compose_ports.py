"""The ports of a Compose service that its host forwards, in both ways to write them.

Source: the Compose specification, `ports`: `[HOST:]CONTAINER[/PROTOCOL]` where HOST is
`[IP:](port | range)`, or a map with target, published, host_ip, protocol and mode.
"""

import re
from collections.abc import Iterator
from typing import Any

from casemate.model.compose import Published
from casemate.model.place import Path
from casemate.readers.compose_values import Service, known, shown

_SHORT = re.compile(
    r"(?:(?:(?P<address>\[[0-9A-Fa-f:.%]+\]|[^\[\]:]*|[0-9A-Fa-f:]*::[0-9A-Fa-f:]*):)?(?P<host>[^:/]*):)?"
    r"(?P<container>\d[\d-]*|[^:/]*\$[^:/]*)"
    r"(?:/(?P<protocol>\w+))?\Z"
)
_LONGEST = 200
_EVERYWHERE = frozenset(("", "0.0.0.0", "::", "[::]", "*"))  # noqa: S104 # recognised, not bound


def published(service: Service) -> Iterator[Published]:
    """The ports that the host forwards; `expose` and ports in host mode of no address are none."""
    if service.text("network_mode")[0] in {"host", "none"}:
        return
    for item, path in service.items("ports"):
        found = _long(item, path) if isinstance(item, dict) else _short(str(item), path)
        if found is not None:
            yield found


def _short(text: str, path: Path) -> Published | None:
    text = shown(text).strip()
    match = _SHORT.match(text) if len(text) < _LONGEST else None
    if match is None:
        return None
    host = match["host"]
    return Published(
        path,
        _address(match["address"]),
        _port(host) if host else None,
        _port(match["container"]),
        (match["protocol"] or "tcp").lower(),
    )


def _long(item: dict[str, Any], path: Path) -> Published | None:
    address = item.get("host_ip")
    text = known(address) if isinstance(address, str) else ""
    return Published(
        path,
        _address("?" if text is None else text),
        _port(str(item.get("published") or "")),
        _port(str(item.get("target") or "")),
        str(item.get("protocol") or "tcp").lower(),
    )


def _address(text: str | None) -> str | None:
    return None if text is None or text in _EVERYWHERE else text.strip("[]")


def _port(text: str) -> int | None:
    """The first port of a range, None where it is none or not known."""
    first = shown(text).partition("-")[0].strip()
    return int(first) if first.isdecimal() and len(first) < 6 else None  # five digits at most

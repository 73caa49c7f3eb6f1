"""Which addresses only the host itself reaches."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(address: str) -> bool:
    """Whether an address is the host's own: 127.0.0.0/8, ::1 or localhost."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host of a URL; empty where it has none that can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""

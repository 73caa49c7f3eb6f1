"""Single addresses as few ranges, with a bound on how many there may be."""

from collections.abc import Iterable
from ipaddress import ip_network

MANY = 8
"""Ranges that a rule lists at most; beyond that they are widened."""
_WIDER = {4: 24, 6: 64}
"""How wide ranges become where single addresses are too many: the networks that hosts share."""


def widened(cidrs: Iterable[str]) -> tuple[str, ...]:
    """The ranges that hold all these, at most `MANY`; nothing where only every address would do."""
    networks = sorted({ip_network(text) for text in cidrs}, key=lambda net: (net.version, net))
    if len(networks) > MANY:
        wider = {
            net if net.prefixlen <= _WIDER[net.version] else net.supernet(new_prefix=_WIDER[net.version])
            for net in networks
        }
        networks = sorted(wider, key=lambda net: (net.version, net))
    return tuple(map(str, networks)) if len(networks) <= MANY else ()

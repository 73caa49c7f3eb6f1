"""Ranges of addresses, and the atoms that the ranges of a question cut all addresses into.

IPv4 and IPv6 are kept apart: a range of one family says nothing about the other.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import pairwise

import msgspec

FAMILIES = (4, 6)
_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


class AddressRange(msgspec.Struct, frozen=True, order=True):
    """Addresses of one family, both ends included."""

    family: int
    low: int
    high: int

    def __str__(self) -> str:
        return f"{address_text(self.family, self.low)}-{address_text(self.family, self.high)}"


@lru_cache(maxsize=100_000)
def parse_cidr(text: str) -> AddressRange | None:
    """The range of a CIDR; None for what is none. Bits behind the prefix are passed over."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if "/" not in text:
        return None
    return AddressRange(network.version, int(network.network_address), int(network.broadcast_address))


@lru_cache(maxsize=200_000)
def parse_address(text: str) -> AddressRange | None:
    """The range of one address; None for what is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return AddressRange(found.version, int(found), int(found))


def cidr_problem(text: str) -> str:
    """What is wrong with a CIDR; empty where nothing is."""
    return (
        "" if parse_cidr(text) is not None else f"{text or 'an empty text'} is no range of addresses (CIDR)"
    )


def holds(outer: str, inner: str) -> bool:
    """Whether a CIDR holds another one."""
    one, other = parse_cidr(outer), parse_cidr(inner)
    if one is None or other is None or one.family != other.family:
        return False
    return one.low <= other.low and other.high <= one.high


def address_text(family: int, value: int) -> str:
    """An address as it is written."""
    return str(IPv4Address(value) if family == 4 else IPv6Address(value))


def atoms(ranges: Iterable[AddressRange], families: Iterable[int] = FAMILIES) -> list[AddressRange]:
    """The smallest ranges that none of the given ones cuts, in order; together they are all addresses."""
    cuts: dict[int, set[int]] = {family: {0, _LAST[family] + 1} for family in families}
    for item in ranges:
        if item.family in cuts:
            cuts[item.family] |= {item.low, item.high + 1}
    found = []
    for family in sorted(cuts):
        ends = sorted(cuts[family])
        found += [AddressRange(family, low, high - 1) for low, high in pairwise(ends)]
    return found


def range_of(text: str) -> AddressRange | None:
    """The range that `10.0.0.0-10.0.0.255` says; None for what is none."""
    first, dash, last = text.partition("-")
    low, high = parse_address(first), parse_address(last) if dash else None
    if low is None or high is None or low.family != high.family:
        return None
    return AddressRange(low.family, low.low, high.high)


def joined(ranges: Iterable[AddressRange]) -> list[AddressRange]:
    """The same addresses in the fewest ranges, in order."""
    found: list[AddressRange] = []
    for item in sorted(ranges):
        last = found[-1] if found else None
        if last is not None and last.family == item.family and item.low <= last.high + 1:
            found[-1] = AddressRange(item.family, last.low, max(last.high, item.high))
        else:
            found.append(item)
    return found

"""Ranges of addresses, and the atoms that they make."""

from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.addresses import (
    AddressRange,
    atoms,
    cidr_problem,
    holds,
    joined,
    parse_address,
    parse_cidr,
    range_of,
)

LAST = {4: 2**32 - 1, 6: 2**128 - 1}
EDGES = st.sampled_from([0, 1, 5, 255, 256, 2**31, 2**32 - 2, 2**32 - 1])
RANGES = st.builds(
    lambda family, ends: AddressRange(family, min(ends), max(ends)),
    st.sampled_from([4, 6]),
    st.tuples(EDGES, EDGES),
)


@pytest.mark.parametrize(
    "text", ["10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "10.0.0.1/32"]
)
def test_a_cidr_is_its_range(text: str) -> None:
    network = ip_network(text, strict=False)
    found = parse_cidr(text)
    assert found == AddressRange(network.version, int(network[0]), int(network[-1]))
    assert str(found) == f"{network[0]}-{network[-1]}"
    assert cidr_problem(text) == ""


@pytest.mark.parametrize("text", ["", "10.0.0.1", "10.0.0.0/33", "10.0.0/8", "::/129", "x/8", "10.0.0.0/-1"])
def test_what_is_no_cidr(text: str) -> None:
    assert parse_cidr(text) is None
    assert cidr_problem(text) == f"{text or 'an empty text'} is no range of addresses (CIDR)"
    assert not holds(text, "10.0.0.0/8")
    assert not holds("10.0.0.0/8", text)


def test_a_range_holds_its_parts() -> None:
    assert holds("10.0.0.0/8", "10.1.0.0/16")
    assert holds("10.0.0.0/8", "10.0.0.0/8")
    assert not holds("10.1.0.0/16", "10.0.0.0/8")
    assert not holds("0.0.0.0/0", "::/64")


def test_one_address() -> None:
    assert parse_address("10.0.0.7") == AddressRange(4, 0x0A000007, 0x0A000007)
    assert parse_address("::7") == AddressRange(6, 7, 7)
    assert parse_address("10.0.0.0/8") is None


def test_a_range_in_words() -> None:
    assert range_of("10.0.0.1-10.0.0.9") == AddressRange(4, 0x0A000001, 0x0A000009)
    assert range_of("::1-::9") == AddressRange(6, 1, 9)
    for text in ("10.0.0.1", "shop/cart[Deployment]", "10.0.0.1-::1", "10.0.0.1-x", "my-app/a-b[Pod]"):
        assert range_of(text) is None


@settings(deadline=None)
@given(st.lists(RANGES, max_size=5))
def test_atoms_are_everything_and_no_range_cuts_one(ranges: list[AddressRange]) -> None:
    for family in (4, 6):
        found = [item for item in atoms(ranges) if item.family == family]
        assert [found[0].low, found[-1].high] == [0, LAST[family]]
        assert all(one.high + 1 == other.low for one, other in pairwise(found))
        for item in ranges:
            if item.family == family:
                inside = [atom for atom in found if item.low <= atom.low and atom.high <= item.high]
                assert sum(atom.high - atom.low + 1 for atom in inside) == item.high - item.low + 1


def test_atoms_of_one_family() -> None:
    found = atoms([AddressRange(6, 5, 9), AddressRange(4, 1, LAST[4])], families=(4,))
    assert found == [AddressRange(4, 0, 0), AddressRange(4, 1, LAST[4])]


@settings(deadline=None)
@given(st.lists(RANGES, max_size=5))
def test_joined_ranges_hold_the_same_addresses(ranges: list[AddressRange]) -> None:
    found = joined(ranges)
    assert found == sorted(found)
    for one, other in pairwise(found):
        assert one.family < other.family or one.high + 1 < other.low
    for family in (4, 6):
        for value in {end + step for item in ranges for end in (item.low, item.high) for step in (-1, 0, 1)}:
            inside = [
                any(r.family == family and r.low <= value <= r.high for r in side) for side in (ranges, found)
            ]
            assert inside[0] == inside[1], ip_address(max(value, 0))

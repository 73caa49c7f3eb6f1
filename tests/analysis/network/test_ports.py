"""Sets of ports as bits are those of the ranges that made them."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.policies import PROTOCOLS, PortRange
from casemate.analysis.network.ports import PortAtoms, limits


@st.composite
def ranges(draw: st.DrawFn) -> PortRange:
    protocol = draw(st.sampled_from(PROTOCOLS))
    low, high = limits(protocol)
    ends = draw(st.tuples(*[st.sampled_from([low, low + 1, 53, 80, 81, high - 1, high])] * 2))
    return PortRange(protocol, *(min(max(end, low), high) for end in sorted(ends)))


PROBES = [0, 1, 2, 3, 52, 53, 54, 79, 80, 81, 82, 253, 254, 255, 256, 65_533, 65_534, 65_535]


def _ports(found: list[PortRange]) -> set[tuple[str, int]]:
    return {(item.protocol, port) for item in found for port in PROBES if item.low <= port <= item.high}


@settings(deadline=None)
@given(st.lists(ranges(), max_size=5), st.data())
def test_sets_are_those_of_their_ranges(given_ranges: list[PortRange], data: st.DataObject) -> None:
    atoms = PortAtoms(given_ranges)
    chosen = data.draw(st.lists(st.sampled_from(given_ranges), max_size=3)) if given_ranges else []
    mask = 0
    for item in chosen:
        mask |= atoms.mask(item)
    found = list(atoms.ranges(mask))
    assert _ports(found) == _ports(chosen)
    for one, other in pairwise(found):
        assert one.protocol != other.protocol or one.high + 1 < other.low
    rest = _ports(list(atoms.ranges(atoms.everything & ~mask)))
    assert not rest & _ports(chosen)
    assert rest | _ports(chosen) == _ports([PortRange(name, *limits(name)) for name in PROTOCOLS])


@settings(deadline=None)
@given(st.lists(ranges(), max_size=5), ranges())
def test_the_atom_of_a_port_holds_it(given_ranges: list[PortRange], wanted: PortRange) -> None:
    atoms = PortAtoms(given_ranges)
    (found,) = atoms.ranges(atoms.containing(wanted.protocol, wanted.low))
    assert found.protocol == wanted.protocol
    assert found.low <= wanted.low <= found.high


def test_what_holds_no_port_is_the_empty_set() -> None:
    atoms = PortAtoms([PortRange("TCP", 80, 80)])
    assert atoms.mask(PortRange("TCP", 80, 79)) == 0
    assert atoms.ranges(0) == ()
    assert atoms.ranges(0) == ()  # as it is remembered
    assert atoms.mask(PortRange("TCP", 1, 65_535)) | atoms.everything == atoms.everything
    assert atoms.ranges(atoms.everything)[0] == PortRange("TCP", 1, 65_535)


def test_a_number_that_is_no_port_cuts_nothing() -> None:
    assert PortAtoms([PortRange("TCP", 0, 70_000)]).everything == PortAtoms([]).everything

"""Sets of protocols and ports as bits: all ports are cut into atoms that no range of a question cuts.

A set is a whole number with a bit for each atom, so that union and intersection are single operations
however many ports there are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from casemate.analysis.network.policies import PROTOCOLS, PortRange

_LIMITS = {"TCP": (1, 65_535), "UDP": (1, 65_535), "SCTP": (1, 65_535), "ICMP": (0, 255), "ICMPv6": (0, 255)}
_NO_PORTS = (0, 0)


def limits(protocol: str) -> tuple[int, int]:
    """The lowest and highest port (type, for ICMP) of a protocol."""
    return _LIMITS.get(protocol, _NO_PORTS)


class PortAtoms:
    """The atoms that some ranges make, and sets of them."""

    def __init__(self, ranges: Iterable[PortRange]) -> None:
        starts: dict[str, set[int]] = {protocol: {limits(protocol)[0]} for protocol in PROTOCOLS}
        for item in ranges:
            low, high = limits(item.protocol)
            starts[item.protocol] |= {cut for cut in (item.low, item.high + 1) if low <= cut <= high}
        self._starts: dict[str, list[int]] = {}
        self._offset: dict[str, int] = {}
        self._atoms: list[PortRange] = []
        for protocol in PROTOCOLS:
            cuts = sorted(starts[protocol])
            self._starts[protocol], self._offset[protocol] = cuts, len(self._atoms)
            ends = [cut - 1 for cut in cuts[1:]] + [limits(protocol)[1]]
            self._atoms += [PortRange(protocol, low, high) for low, high in zip(cuts, ends, strict=True)]
        self.everything = (1 << len(self._atoms)) - 1
        self._masks: dict[PortRange, int] = {}
        self._ranges: dict[int, tuple[PortRange, ...]] = {}

    def mask(self, wanted: PortRange) -> int:
        """The set of the atoms in a range; empty where it holds no port."""
        found = self._masks.get(wanted)
        if found is None:
            starts = self._starts[wanted.protocol]
            first, last = bisect_left(starts, wanted.low), bisect_right(starts, wanted.high)
            found = ((1 << max(last - first, 0)) - 1) << (self._offset[wanted.protocol] + first)
            self._masks[wanted] = found
        return found

    def containing(self, protocol: str, port: int) -> int:
        """The set of the one atom that a port is in."""
        return 1 << (self._offset[protocol] + bisect_right(self._starts[protocol], port) - 1)

    def ranges(self, mask: int) -> tuple[PortRange, ...]:
        """The ranges that a set consists of, neighbours joined."""
        found = self._ranges.get(mask)
        if found is None:
            joined: list[PortRange] = []
            for atom in self._in(mask):
                last = joined[-1] if joined else None
                if last is not None and last.protocol == atom.protocol and last.high + 1 == atom.low:
                    joined[-1] = PortRange(last.protocol, last.low, atom.high)
                else:
                    joined.append(atom)
            found = self._ranges[mask] = tuple(joined)
        return found

    def _in(self, mask: int) -> Iterable[PortRange]:
        number = 0
        while mask:
            skip = (mask & -mask).bit_length() - 1
            number += skip
            yield self._atoms[number]
            mask >>= skip + 1
            number += 1

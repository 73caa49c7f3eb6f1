"""The answer of `casemate reach`: connections, those that depend on something, and what was not followed."""

from collections.abc import Iterable

import msgspec

from casemate.analysis.network.cluster import Network
from casemate.analysis.network.connections import Connection, Only, connections
from casemate.analysis.network.policies import Direction, Notice
from casemate.analysis.network.reach import Reach


class Reachability(msgspec.Struct, frozen=True, eq=False):
    """Connections between workloads and with the outside.

    `possible` are those that are not sure. `isolated` are the workloads with a policy in each direction, of
    `workloads` in all. `assumed` are sentences about what was taken for granted.
    """

    certain: tuple[Connection, ...]
    possible: tuple[Connection, ...]
    workloads: tuple[str, ...]
    isolated: dict[Direction, frozenset[str]]
    notices: tuple[Notice, ...]
    assumed: tuple[str, ...] = ()


def reachability(
    network: Network, only: Only, assumed: Iterable[str] = (), doubted: Reach | None = None
) -> Reachability:
    """The connections of a network, restricted to what is asked for.

    `doubted` is the same network with nothing assumed about namespaces that were not read, over the same
    classes: what it allows only perhaps is possible, even where `certain` has it by what is assumed.
    """
    reach = network.reach
    certain = tuple(connections(reach, network.ways_in, only=only))
    possible: tuple[Connection, ...] = ()
    doubting = reach if doubted is None else doubted
    if _has_doubts(doubting):
        sure = set(connections(doubting, network.ways_in, only=only))
        upper = connections(doubting, network.ways_in, upper=True, only=only)
        possible = tuple(item for item in upper if item not in sure)
    names = dict.fromkeys(name for found in reach.universe.pods for name in found.workloads)
    isolated: dict[Direction, frozenset[str]] = {}
    for side in (reach.ingress, reach.egress):
        numbers = (
            number
            for profile in side.profiles
            if any(item.isolates for item in profile.applied)
            for number in profile.members
            if number < len(reach.universe.pods)
        )
        isolated[side.direction] = frozenset(
            n for number in numbers for n in reach.universe.pods[number].workloads
        )
    return Reachability(certain, possible, tuple(names), isolated, network.notices, tuple(assumed))


def _has_doubts(reach: Reach) -> bool:
    """Whether any answer depends on something."""
    return any(
        profile.sure != profile.upper or any(block.sure != block.upper for block in profile.others)
        for side in (reach.egress, reach.ingress)
        for profile in side.profiles
    )

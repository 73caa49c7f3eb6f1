"""What the page about a network draws from: tables whose rows name each other by number.

The answers are sets of callers for each port of each workload. The reasons are not listed for each pair: the
page gets the rules in the order in which they are asked, and finds the one that decides where somebody asks.
Sets are written as runs of numbers (`0-12 14`) or, where that is shorter, as bits in base 64 (`=...`).
"""

import base64
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from pyroaring import BitMap

from casemate.analysis.network.evaluation import Applied, Part
from casemate.analysis.network.policies import PROTOCOLS, Direction, Policy, PortRange, Rule, Tier
from casemate.analysis.network.verdicts import Side
from casemate.engine.network_map import NetworkMap
from casemate.engine.network_units import Kind, Unit, ranges_text
from casemate.model.estate import Entity
from casemate.model.place import Path, path_text
from casemate.writers.access_graph import visible
from casemate.writers.network_words import doubts, entity_text

Place = Callable[[Entity, Path], str]
"""Where a path of an object is written: `policies.yaml:12:5`."""
_KINDS = list(Kind)
_LABELS, _MADE = 12, frozenset({"pod-template-hash", "controller-revision-hash", "pod-template-generation"})


class _Table:
    """Rows by number, equal ones once."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, key: Hashable, make: Callable[[], Any]) -> int:
        """The number of a row; it is made where it is new."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.rows)
            self.rows.append(None)
            self.rows[found] = make()
        return found


class Data:
    """The tables of a map."""

    def __init__(self, found: NetworkMap, place: Place) -> None:
        self._map = found
        self._place = place
        self._ports, self._sets = _Table(), _Table()
        self._policies, self._rules, self._tiers = _Table(), _Table(), _Table()
        self._applied = _Table()

    def all(self) -> dict[str, Any]:
        """The whole of it, as the script reads it."""
        found = self._map
        units = [self._unit(number, unit) for number, unit in enumerate(found.units)]
        return {
            "size": max(len(found.units), found.reach.universe.size),
            "whole": found.is_whole,
            "total": found.total,
            "protocols": PROTOCOLS,
            "namespaces": [visible(name) for name in found.namespaces],
            "units": units,
            "egress": self._side(found.reach.egress),
            "ingress": self._side(found.reach.ingress),
            "applied": self._applied.rows,
            "rules": self._rules.rows,
            "policies": self._policies.rows,
            "tiers": self._tiers.rows,
            "ports": self._ports.rows,
            "sets": self._sets.rows,
        }

    def _unit(self, number: int, unit: Unit) -> tuple[Any, ...]:
        found = self._map
        spaces = list(found.namespaces)
        openings = [
            (
                self._port_set(found.reach.atoms.ranges(opening.ports)),
                self._port_set(found.shown(number, opening.ports)),
                self._set(opening.sure),
                self._set(opening.maybe),
            )
            for opening in found.openings[number]
        ]
        return (
            _KINDS.index(unit.kind),
            spaces.index(unit.namespace) if unit.pod is not None else -1,
            visible(unit.short),
            visible(unit.sort),
            visible(unit.name if unit.pod is not None else ranges_text(unit.ranges, 12)),
            self._place(unit.pod.source, ()) if unit.pod is not None else "",
            _labels(unit),
            [
                (PROTOCOLS.index(item.protocol), item.port, list(map(visible, item.names)))
                for item in unit.listening
            ],
            [
                (
                    way.kind,
                    visible(entity_text(way.entity)),
                    PROTOCOLS.index(way.protocol),
                    way.port,
                    self._place(way.entity, ()),
                )
                for way in unit.ways
            ],
            int(found.ingress[number]),
            int(found.egress[number]),
            [int(direction in unit.isolated) for direction in (Direction.INGRESS, Direction.EGRESS)],
            int(unit.pod is not None and unit.pod.on_host),
            [int(number in found.called), int(number in found.calling)],
            unit.classes,
            openings,
        )

    def _side(self, side: Side) -> dict[str, Any]:
        """One direction: the policies of each profile in the order in which they are asked."""
        kept = dict.fromkeys(side.profile_of[number] for unit in self._map.units for number in unit.classes)
        numbers = {profile: index for index, profile in enumerate(kept)}
        return {
            "of": {
                str(number): numbers[side.profile_of[number]]
                for unit in self._map.units
                for number in unit.classes
            },
            "profiles": [[self._item(item) for item in side.profiles[profile].applied] for profile in kept],
        }

    def _item(self, item: Applied) -> int:
        key = (id(item.policy), tuple(id(part) for part in item.parts), item.isolates, item.sure)
        return self._applied.number(
            key,
            lambda: (
                self._tier(item.policy.tier),
                self._policy(item.policy),
                int(item.isolates),
                int(item.sure),
                [self._part(item.policy, part) for part in item.parts],
                item.policy.order,
            ),
        )

    def _part(self, policy: Policy, part: Part) -> tuple[int, ...]:
        sure = self._set(part.peers.sure)
        upper = sure if part.peers.upper is part.peers.sure else self._set(part.peers.upper)
        ports = self._port_set(self._map.reach.atoms.ranges(part.mask))
        return self._rule(policy, part.rule), ports, sure, upper

    def _rule(self, policy: Policy, rule: Rule) -> int:
        return self._rules.number(
            id(rule),
            lambda: (
                rule.action.value,
                visible(path_text(rule.at)),
                self._place(policy.entity, rule.at),
                int(bool(rule.depends)),
                list(map(visible, doubts(rule))),
            ),
        )

    def _policy(self, policy: Policy) -> int:
        return self._policies.number(
            id(policy.entity), lambda: (visible(entity_text(policy.entity)), self._place(policy.entity, ()))
        )

    def _tier(self, tier: Tier) -> int:
        return self._tiers.number(tier, lambda: (visible(tier.name), int(tier.ends_in_pass), int(tier.ties)))

    def _port_set(self, ranges: tuple[PortRange, ...]) -> int:
        flat = tuple(v for item in ranges for v in (PROTOCOLS.index(item.protocol), item.low, item.high))
        return self._ports.number(flat, lambda: flat)

    def _set(self, members: BitMap) -> int:
        return self._sets.number(members.serialize(), lambda: _written(members))


def _labels(unit: Unit) -> list[str]:
    labels = unit.pod.labels if unit.pod is not None else {}
    shown = [f"{key}={value}" for key, value in sorted(labels.items()) if key not in _MADE]
    return [visible(text) for text in shown[:_LABELS]]


def _written(members: BitMap) -> str:
    """A set as runs or as bits, whichever is shorter."""
    runs = " ".join(f"{low}-{high}" if high > low else str(low) for low, high in _runs(members))
    if not members or len(runs) <= (members.max() + 6) // 6:
        return runs
    bits = bytearray(members.max() // 8 + 1)
    for member in members:
        bits[member // 8] |= 1 << (member % 8)
    return f"={base64.b64encode(bits).decode()}"


def _runs(members: Iterable[int]) -> Iterable[tuple[int, int]]:
    low = high = -2
    for member in members:
        if member != high + 1:
            if low >= 0:
                yield low, high
            low = member
        high = member
    if low >= 0:
        yield low, high

"""Who holds what power in an estate, and through what: the capabilities of each subject of a binding.

What a subject holds counts in sum: rights that lead to a power only together may come by several bindings,
those that hold everywhere beside those of a namespace. Bindings that Kubernetes itself brings are left out.
"""

from collections.abc import Iterator
from itertools import islice

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.defaults import is_default_binding
from casemate.analysis.rbac.holding import Bits, Held, bits_of, bits_of_capability, held_by
from casemate.analysis.rbac.rules import grants_everything
from casemate.analysis.rbac.subject_keys import key_of
from casemate.engine.access import Path, unread, without_role
from casemate.model.estate import Coverage
from casemate.model.rbac import Binding, PolicyRule, Role, Subject
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

MOST = 200
CHAINS = 3
"""Of a power that holds in many namespaces, the number of those whose lines of access are given."""
EVERYTHING = "everything"
"""The id of the power to do whatever can be done."""


class Power(msgspec.Struct, frozen=True, eq=False):
    """What a subject can do that matters: how bad it is, where, and the lines of access that give it.

    `namespaces` holds one empty name where it holds everywhere; `chain` are the lines of the first `CHAINS`.
    `named` says that it holds for single objects only.
    """

    id: str
    gives: str
    severity: Severity
    namespaces: tuple[str, ...]
    chain: tuple[Path, ...]
    named: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether it holds in the whole cluster."""
        return "" in self.namespaces


class Holder(msgspec.Struct, frozen=True, eq=False):
    """A subject with its powers, the worst first.

    `alike` are the others who have the same powers by the same roles, whether in its namespace or in another,
    each with a namespace where, and the binding there.
    """

    subject: Subject
    powers: tuple[Power, ...]
    alike: tuple[tuple[Subject, str, Binding], ...] = ()


class Powers(msgspec.Struct, frozen=True, eq=False):
    """The subjects with powers, the most powerful first; those who are alike are one of them.

    `powerful` counts all who have powers, `more` those of them that are not listed, `without` those whose
    rights amount to no power, `left_out` the bindings of Kubernetes itself; `unknown` are sentences about
    what was not read.
    """

    holders: tuple[Holder, ...]
    powerful: int
    more: int
    without: int
    left_out: int
    unknown: tuple[str, ...] = ()


Grants = list[tuple[Binding, Role]]


def access_of_estate(
    authorizer: Authorizer, kubernetes: KubernetesVersion, coverage: Coverage, most: int = MOST
) -> Powers:
    """The powers of subjects of bindings, by the capabilities of that release.

    Listed are the `most` powerful; those who are alike count as one.
    """
    finder = _Finder(authorizer, kubernetes)
    left_out = 0
    missing: list[Binding] = []
    subjects: dict[str, Subject] = {}
    held: dict[str, dict[str, Grants]] = {}
    for binding in authorizer.bindings:
        if is_default_binding(binding, kubernetes):
            left_out += 1
            continue
        role = authorizer.role_of(binding)
        if role is None:
            missing.append(binding)
            continue
        place = "" if binding.is_cluster else authorizer.namespace_of(binding)
        keyed = {key_of(binding, one): one for one in _holders(authorizer, binding)}
        for key, subject in keyed.items():
            if key is not None:
                subjects.setdefault(key, subject)
                held.setdefault(key, {}).setdefault(place, []).append((binding, role))
    found = [(subjects[key], finder.found(places)) for key, places in held.items()]
    powerful = sorted((entry for entry in found if entry[1]), key=_rank)
    alike: dict[object, list[Entry]] = {}
    for entry in powerful:
        alike.setdefault(_signature(entry[1]), []).append(entry)
    holders = tuple(_holder(finder, entries) for entries in islice(alike.values(), most))
    return Powers(
        holders=holders,
        powerful=len(powerful),
        more=len(powerful) - sum(1 + len(holder.alike) for holder in holders),
        without=len(found) - len(powerful),
        left_out=left_out,
        unknown=(*map(without_role, missing), *unread(coverage)),
    )


class _Found(msgspec.Struct, eq=False):
    """A power and the grants of each place where it holds; None is the power to do everything."""

    id: str
    severity: Severity
    named: bool
    held: Held | None
    places: dict[str, Grants]


Entry = tuple[Subject, list[_Found]]


class _Finder:
    """Finds powers; what a role gives in sum is worked out once."""

    def __init__(self, authorizer: Authorizer, kubernetes: KubernetesVersion) -> None:
        self._authorizer = authorizer
        self._kubernetes = kubernetes
        self._sums: dict[int, tuple[Bits, bool]] = {}

    def found(self, places: dict[str, Grants]) -> "list[_Found]":
        """What somebody can do by the grants in each place, the worst first, equal ones once."""
        wide = places.get("", [])
        everywhere: set[str] = set()
        found: dict[tuple[str, Severity, bool], _Found] = {}
        for place in sorted(places):
            if EVERYTHING in everywhere:
                break
            grants = [*places[place], *(wide if place else ())]
            for key, power in self._in(place, grants):
                if key[0] not in everywhere:
                    found.setdefault(key, _Found(*key, power, {})).places[place] = grants
            if not place:
                everywhere.update(name for name, _, named in found if not named)
        return sorted(found.values(), key=lambda one: (-one.severity, "" not in one.places, -len(one.places)))

    def powers(self, subject: Subject, found: "list[_Found]") -> tuple[Power, ...]:
        """What was found as powers, with their chains."""
        return tuple(
            Power(
                one.id,
                one.held.capability.gives if one.held else "whatever can be done, as cluster-admin",
                one.severity,
                tuple(one.places),
                tuple(
                    path
                    for place, grants in islice(one.places.items(), CHAINS)
                    for path in self._chain(subject, place, grants, one.held)
                ),
                one.named,
            )
            for one in found
        )

    def _in(self, place: str, grants: Grants) -> Iterator[tuple[tuple[str, Severity, bool], Held | None]]:
        """The powers that hold in one place; where everything is held, that one alone."""
        sums = [self._sum(role) for _, role in grants]
        if any(everything for _, everything in sums):
            yield (EVERYTHING, Severity.HIGH if place else Severity.CRITICAL, False), None
            return
        bits = Bits()
        for one, _ in sums:
            bits |= one
        for power in held_by(bits, self._kubernetes, wide=not place, namespace=place or None):
            if power.severity is not None:
                yield (power.capability.id, power.severity, power.named), power

    def _sum(self, role: Role) -> tuple[Bits, bool]:
        known = self._sums.get(id(role))
        if known is None:
            bits, everything = Bits(), False
            for source in self._authorizer.rules_in_effect(role):
                bits |= bits_of(source.rule)
                everything |= grants_everything(source.rule)
            known = self._sums[id(role)] = (bits, everything)
        return known

    def _chain(self, subject: Subject, place: str, grants: Grants, power: Held | None) -> Iterator[Path]:
        """For each right that is needed, the first rule that gives it."""
        needed = _needed(power)
        for binding, role in grants:
            for index, source in enumerate(self._authorizer.rules_in_effect(role)):
                given = needed & _given(source.rule, power)
                if given:
                    needed &= ~given
                    at = "" if binding.is_cluster else place
                    yield Path(subject, at, binding, role, source.rule, index, source.role, source.index)


def _holders(authorizer: Authorizer, binding: Binding) -> Iterator[Subject]:
    return (authorizer.holder(binding, subject) for subject in binding.subjects)


def _signature(found: list[_Found]) -> object:
    """What those who are alike share: the powers, whether they hold everywhere, and the roles behind them."""
    powers = tuple((one.id, one.severity, one.named, "" in one.places) for one in found)
    roles = {id(role) for one in found for grants in one.places.values() for _, role in grants}
    return powers, frozenset(roles)


def _holder(finder: _Finder, entries: list[Entry]) -> Holder:
    """Subjects that are alike, by the powers of the first."""
    (subject, found), *others = entries
    alike = []
    for other, powers in others:
        place, grants = next(iter(powers[0].places.items()))
        alike.append((other, place, grants[0][0]))
    return Holder(subject, finder.powers(subject, found), tuple(alike))


def _needed(power: Held | None) -> int:
    """The rights that a power takes, as bits; that to do everything is one by itself."""
    if power is None:
        return 1
    return next(bits for way, _, bits in bits_of_capability(power.capability)[1] if way is power.way)


def _given(rule: PolicyRule, power: Held | None) -> int:
    """Those of the rights that a rule gives, on all objects or on single ones, as the power has it."""
    if power is None:
        return int(grants_everything(rule))
    bits = bits_of(rule)
    return bits.any if power.named else bits.every


def _rank(entry: Entry) -> tuple[object, ...]:
    subject, found = entry
    worst = found[0]
    severe = sum(one.severity == worst.severity for one in found)
    name = (subject.kind or "", subject.namespace or "", subject.name or "")
    return -worst.severity, "" not in worst.places, -severe, *name

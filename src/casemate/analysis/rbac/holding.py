"""Which capabilities rules give: those of one rule, of one role, or of all that one subject holds.

Each right of the catalogue is a bit, so that a rule is looked at once, however many roles repeat it, and
what a subject holds in sum is the union of bits. Rights that are needed together may come from different
rules.

Source: pkg/apis/rbac/v1/evaluation_helpers.go of Kubernetes, as `rules.grants` has it, which tests hold
this to.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import product

import msgspec

from casemate.analysis.rbac.capabilities import CATALOGUE
from casemate.analysis.rbac.capabilities.terms import ANY, Capability, Right, Way
from casemate.analysis.rbac.rules import ALL, NAMELESS
from casemate.model.rbac import PolicyRule
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_REMEMBERED = 65_536
RIGHTS: tuple[Right, ...] = tuple(
    dict.fromkeys(right for capability in CATALOGUE.values() for way in capability.ways for right in way)
)
"""Every right of the catalogue; its place is its bit."""
_BITS = {right: 1 << place for place, right in enumerate(RIGHTS)}
PLACES = frozenset(place for capability in CATALOGUE.values() for place in capability.places)
"""The namespaces that some capability is about."""


class Bits(msgspec.Struct, frozen=True):
    """Rights as bits: on every object, on single ones, and, of these, on one that is as bad as all."""

    every: int = 0
    named: int = 0
    strong: int = 0

    @property
    def any(self) -> int:
        """The rights on whatever object."""
        return self.every | self.named | self.strong

    def __or__(self, other: "Bits") -> "Bits":
        return Bits(self.every | other.every, self.named | other.named, self.strong | other.strong)

    def within(self, mask: int) -> "Bits":
        """Those of the rights that are in the mask."""
        return Bits(self.every & mask, self.named & mask, self.strong & mask)


class Held(msgspec.Struct, frozen=True):
    """A capability, the way to it, and how bad that is here; None where it is no fault.

    `named` says that it holds for single objects only.
    """

    capability: Capability
    way: Way
    severity: Severity | None
    named: bool = False


def held(
    rules: Iterable[PolicyRule], kubernetes: KubernetesVersion, *, wide: bool, namespace: str | None = None
) -> tuple[Held, ...]:
    """The capabilities that the rules of one subject give together, each once, by its strongest way.

    `rules` are all that the subject holds in the whole cluster (`wide`), or all that holds for it in one
    namespace; the name of that one decides about capabilities that mean something in few places only.
    """
    return held_by(sum_of(rules), kubernetes, wide=wide, namespace=namespace)


def sum_of(rules: Iterable[PolicyRule]) -> Bits:
    """The rights of the catalogue that rules grant in sum; worth keeping where many hold the same rules."""
    every = named = strong = 0
    for rule in rules:
        bits = bits_of(rule)
        every |= bits.every
        named |= bits.named
        strong |= bits.strong
    return Bits(every, named, strong)


def held_by(
    bits: Bits, kubernetes: KubernetesVersion, *, wide: bool, namespace: str | None = None
) -> tuple[Held, ...]:
    """The capabilities of rights that were summed up before, as `held` gives those of rules."""
    found = bits.within(_valid(kubernetes, wide))
    if not found.any:
        return ()
    return _held(found, wide, namespace if namespace in PLACES else None)


@lru_cache(maxsize=_REMEMBERED)
def bits_of(rule: PolicyRule) -> Bits:
    """The rights of the catalogue that one rule grants, in whatever release and place."""
    if rule.attribute_restrictions is not None:
        return Bits()
    found = 0
    for key in product(rule.verbs, rule.api_groups, rule.resources):
        found |= _KEYS.get(key, 0)
    if rule.resources or rule.non_resource_urls:
        for beginning, bit in _BEGINNINGS.items():
            if any(verb == ALL or verb.startswith(beginning) for verb in rule.verbs):
                found |= bit
    if not rule.resource_names:
        return Bits(every=found)
    if "" not in rule.resource_names:
        found &= ~_NAMELESS
    strong = sum(bit for right, bit in _STRONG if bit & found and not right.isdisjoint(rule.resource_names))
    return Bits(named=found & ~strong, strong=strong)


@cache
def bits_of_capability(capability: Capability) -> tuple[int, tuple[tuple[Way, int, int], ...]]:
    """The first rights of a capability's ways, and each way with the bits of its first right and of all."""
    ways = tuple((way, _BITS[way[0]], _bits(way)) for way in capability.ways)
    return _bits(way[0] for way in capability.ways), ways


def found_in(
    rule: Bits, role: Bits, capability: Capability, *, wide: bool, namespace: str | None
) -> Iterator[Held]:
    """The ways to a capability that begin with a right of the rule and are completed by those of its role.

    Both must be confined to rights that count (`counting`). Of ways that begin alike, the first is given.
    """
    beginnings, ways = bits_of_capability(capability)
    if not rule.any & beginnings or not (wide or _means_something(capability, namespace)):
        return
    begun = 0
    for way, first, bits in ways:
        if first & rule.any and not first & begun and not bits & ~role.any:
            begun |= first
            yield _judged(capability, way, rule, first, wide=wide)


def counting(bits: Bits, kubernetes: KubernetesVersion, *, wide: bool) -> Bits:
    """The rights that suffice in a release, and have an effect in the cluster or in a namespace."""
    return bits.within(_valid(kubernetes, wide))


@lru_cache(maxsize=_REMEMBERED)
def _held(bits: Bits, wide: bool, namespace: str | None) -> tuple[Held, ...]:
    found = {}
    for capability in CATALOGUE.values():
        if not wide and not _means_something(capability, namespace):
            continue
        best = _best(bits, capability, wide=wide)
        if best is not None:
            found[capability.id] = best
    faults = {name for name, one in found.items() if one.severity is not None}
    return tuple(one for one in found.values() if faults.isdisjoint(one.capability.unless))


def _best(bits: Bits, capability: Capability, *, wide: bool) -> Held | None:
    beginnings, ways = bits_of_capability(capability)
    if not bits.any & beginnings:
        return None
    best: Held | None = None
    for way, first, needed in ways:
        if needed & ~bits.any:
            continue
        found = _judged(capability, way, bits, first, wide=wide)
        if not needed & ~bits.every:
            return found
        if best is None or _rank(found) > _rank(best):
            best = msgspec.structs.replace(found, named=True)
    return best


def _rank(found: Held) -> int:
    return -1 if found.severity is None else found.severity


def _judged(capability: Capability, way: Way, bits: Bits, first: int, *, wide: bool) -> Held:
    """How bad a way is, which the objects of its first right decide."""
    base = capability.cluster if wide else capability.inside
    if first & bits.every:
        return Held(capability, way, base)
    if first & bits.strong:
        return Held(capability, way, base if capability.strong is None else capability.strong, named=True)
    return Held(capability, way, capability.named, named=True)


def _means_something(capability: Capability, namespace: str | None) -> bool:
    """Whether the capability is one in that namespace."""
    return not capability.places or namespace in capability.places


@lru_cache(maxsize=128)
def _valid(kubernetes: KubernetesVersion, wide: bool) -> int:
    """The rights that count in a release, in the whole cluster or inside a namespace."""
    return _bits(right for right in RIGHTS if right.holds_at(kubernetes) and (wide or right.namespaced))


def _bits(found: Iterable[Right]) -> int:
    bits = 0
    for right in found:
        bits |= _BITS[right]
    return bits


def _keys() -> dict[tuple[str, str, str], int]:
    """The rights by each verb, group and resource of a rule that grants them."""
    keys: dict[tuple[str, str, str], int] = {}
    for right, bit in _BITS.items():
        if right.verb.endswith(ANY):
            continue
        _, slash, subresource = right.resource.partition("/")
        resources = {right.resource, ALL} | ({f"*/{subresource}"} if slash else set())
        for key in product((right.verb, ALL), (right.group, ALL), resources):
            keys[key] = keys.get(key, 0) | bit
    return keys


_KEYS = _keys()
_BEGINNINGS = {right.verb.removesuffix(ALL): bit for right, bit in _BITS.items() if right.verb.endswith(ANY)}
"""The rights that any verb with a beginning grants, on whatever resource."""
_NAMELESS = _bits(right for right in RIGHTS if right.verb in NAMELESS and "/" not in right.resource)
_STRONG = tuple((frozenset(right.strong), bit) for right, bit in _BITS.items() if right.strong)

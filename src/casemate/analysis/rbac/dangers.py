"""The dangerous rights of one role as faults, each at the entry of the rule that grants it."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache, reduce
from operator import or_

import msgspec

from casemate.analysis.listing import some
from casemate.analysis.rbac.capabilities.terms import ANY, Capability, Right, Way
from casemate.analysis.rbac.controllers import controller_of
from casemate.analysis.rbac.covers import atoms
from casemate.analysis.rbac.defaults import added_rules
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.holding import (
    PLACES,
    Bits,
    Held,
    bits_of,
    bits_of_capability,
    counting,
    found_in,
    held_by,
    sum_of,
)
from casemate.analysis.rbac.rules import ALL, COMMON_GROUPS, grants_everything, resource_matches
from casemate.model.control import Fault
from casemate.model.place import Path
from casemate.model.rbac import PolicyRule, Role
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


def dangers(
    role: Role, known: Grants, kubernetes: KubernetesVersion, *capabilities: Capability
) -> Iterator[Fault]:
    """A fault for each rule that grants any of the capabilities; equal ones are said once.

    Rights that are needed together may stand in different rules; the fault is where the first of them is.
    Of a role of Kubernetes itself only what was added to it counts. Roles that grant everything are passed
    over: those are one fault of another control. A ClusterRole that is only bound in namespaces is judged as
    what it gives there.
    """
    added = added_rules(role, kubernetes) if _may_hold(role, capabilities) else ()
    if added == ():
        return
    wide = known.is_cluster_wide(role)
    usual: frozenset[tuple[str, Way, Severity]] = frozenset()
    if added is not None:
        usual = _ways(_without(role, added), known, kubernetes, capabilities, wide=wide)
    said: set[str] = set()
    for index, rule, all_found in _found(role, known, kubernetes, capabilities, wide=wide):
        found = [held for held in all_found if _way(held) not in usual]
        if not found:
            continue
        worst = max(found, key=_severity)
        at = place(index, rule, worst.way[0])
        message = f"it grants {_words(found)}{_where(rule, role, found, wide=wide)}{_how(rule, at)}"
        if message not in said:
            said.add(message)
            severity, notes = softened(role, known, _severity(worst), escalates=worst.capability.escalates)
            gives = dict.fromkeys(held.capability.gives for held in found)
            yield Fault(
                message=message,
                at=at,
                why=(*gives, *notes, *known.holders(role)),
                severity=severity,
            )


def _without(role: Role, added: Collection[PolicyRule]) -> Role:
    """A role of Kubernetes as it was before rules were added."""
    rules = (atom for rule in role.rules for atom in atoms(rule) if atom not in added)
    return msgspec.structs.replace(role, rules=tuple(rules))


def _ways(
    role: Role,
    known: Grants,
    kubernetes: KubernetesVersion,
    capabilities: Iterable[Capability],
    *,
    wide: bool,
) -> frozenset[tuple[str, Way, Severity]]:
    found = _found(role, known, kubernetes, capabilities, wide=wide)
    return frozenset(_way(held) for _, _, of_rule in found for held in of_rule)


def _way(held: Held) -> tuple[str, Way, Severity]:
    return held.capability.id, held.way, _severity(held)


def _may_hold(role: Role, capabilities: tuple[Capability, ...]) -> bool:
    """Whether any way to one of the capabilities begins in the role, whatever the release and the reach."""
    rights = _all_bits(role)
    return bool(rights.any & _beginnings(capabilities)) and not _is_everything(role)


@lru_cache(maxsize=1)
def _all_bits(role: Role) -> Bits:
    """The rights of all rules; each control asks the same of one role after another."""
    return sum_of(role.rules)


def _is_everything(role: Role) -> bool:
    return any(grants_everything(rule) for rule in role.rules)


@cache
def _beginnings(capabilities: tuple[Capability, ...]) -> int:
    """The rights that begin a way to any of the capabilities."""
    return reduce(or_, (bits_of_capability(capability)[0] for capability in capabilities), 0)


def _found(
    role: Role,
    known: Grants,
    kubernetes: KubernetesVersion,
    capabilities: Iterable[Capability],
    *,
    wide: bool,
) -> Iterator[tuple[int, PolicyRule, list[Held]]]:
    """The rules that begin a way to a capability, with the ways, but none that another makes idle."""
    rights = counting(_all_bits(role), kubernetes, wide=wide)
    namespace = _namespace(role, known)
    found: list[tuple[int, PolicyRule, list[Held]]] = []
    for index, rule in enumerate(role.rules):
        own = counting(bits_of(rule), kubernetes, wide=wide)
        ways = (found_in(own, rights, one, wide=wide, namespace=namespace) for one in capabilities)
        faults = (held for way in ways for held in way if held.severity is not None)
        found.append((index, rule, [held for held in faults if not _is_said(held, rule)]))
    ids: set[str] = set()
    if any(capability.unless for capability in capabilities):
        whole = held_by(_all_bits(role), kubernetes, wide=wide, namespace=namespace)
        ids = {held.capability.id for held in whole if held.severity is not None}
    for index, rule, of_rule in found:
        left = [held for held in of_rule if ids.isdisjoint(held.capability.unless)]
        if left:
            yield index, rule, left


def _namespace(role: Role, known: Grants) -> str | None:
    """The namespace where the role holds, if it is one that some capability is about."""
    if not role.is_cluster:
        return role.ref.namespace
    bound = (binding.ref.namespace for binding in known.bindings_of(role) if not binding.is_cluster)
    return next((namespace for namespace in bound if namespace in PLACES), None)


def _is_said(held: Held, rule: PolicyRule) -> bool:
    """Whether the rule means all resources of a group that holds much else, which is a fault of its own."""
    if not held.capability.spelled or ALL not in rule.resources or rule.resource_names:
        return False
    return ALL in rule.api_groups or held.way[0].group in COMMON_GROUPS


def _severity(held: Held) -> Severity:
    return Severity.INFO if held.severity is None else held.severity


def softened(
    role: Role, known: Grants, severity: Severity, *, escalates: bool
) -> tuple[Severity, tuple[str, ...]]:
    """The severity for a role that nobody holds or that a well-known controller brings, and why."""
    notes: list[str] = []
    controller = controller_of(role)
    if controller is not None and severity > Severity.MEDIUM and not escalates:
        severity = Severity.MEDIUM
        notes.append(f"by its name it belongs to {controller}, whose work needs wide rights")
    if known.nobody_holds(role):
        severity = Severity(max(severity - 1, Severity.INFO))
        notes.append("every binding was read, and none gives it to anybody")
    feeds = known.aggregated_to(role)
    if feeds:
        notes.append(f"its labels make it part of {some(list(feeds))}")
    return severity, tuple(notes)


def _how(rule: PolicyRule, at: Path) -> str:
    """That a wildcard grants it, where one does."""
    pattern = rule.resources[int(at[-1])]
    return f", by the wildcard {pattern}" if pattern.startswith(ALL) else ""


def place(index: int, rule: PolicyRule, right: Right) -> Path:
    """The entry of a rule's resources that means the right's."""
    entry = next(i for i, pattern in enumerate(rule.resources) if resource_matches(pattern, right.resource))
    return ("rules", index, "resources", entry)


def _words(found: Iterable[Held]) -> str:
    """The rights in words: `create on pods/attach, pods/exec and patch on pods/ephemeralcontainers`."""
    verbs: dict[str, list[str]] = {}
    for verb, resource in dict.fromkeys(
        (right.verb, _resource(right)) for held in found for right in held.way
    ):
        verbs.setdefault(resource, []).append(verb)
    resources: dict[str, list[str]] = {}
    for resource, of_one in verbs.items():
        resources.setdefault(", ".join(of_one), []).append(resource)
    return " and ".join(f"{words} on {', '.join(names)}" for words, names in resources.items())


def _resource(right: Right) -> str:
    return "some resource" if right.verb.endswith(ANY) else right.resource


def _where(rule: PolicyRule, role: Role, found: Iterable[Held], *, wide: bool) -> str:
    named = f" named {some(list(rule.resource_names))}" if rule.resource_names else ""
    if wide:
        return f"{named} in every namespace" if any(held.way[0].namespaced for held in found) else named
    return f"{named} in the namespaces where it is bound" if role.is_cluster else f"{named} in its namespace"

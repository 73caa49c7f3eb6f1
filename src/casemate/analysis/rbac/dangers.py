"""The dangerous rights of one role as faults, each at the entry of the rule that grants it."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from casemate.analysis.isolation import some
from casemate.analysis.rbac.capabilities import Capability, Right
from casemate.analysis.rbac.controllers import controller_of
from casemate.analysis.rbac.defaults import is_default_role
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.rules import ALL, grants, grants_everything, resource_matches
from casemate.model.control import Fault
from casemate.model.place import Path
from casemate.model.rbac import PolicyRule, Role
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


class Held(msgspec.Struct, frozen=True):
    """A way to a capability whose first right a rule grants, and how bad that is here."""

    capability: Capability
    way: tuple[Right, ...]
    severity: Severity

    @property
    def right(self) -> Right:
        """The right that the rule grants."""
        return self.way[0]


def dangers(
    role: Role, known: Grants, kubernetes: KubernetesVersion, *capabilities: Capability
) -> Iterator[Fault]:
    """A fault for each rule that grants any of the capabilities; equal ones are said once.

    Roles of Kubernetes itself are passed over, and rules that grant everything: those are one fault of
    another control. A ClusterRole that is only bound in namespaces is judged as what it gives there.
    """
    if is_default_role(role):
        return
    wide = known.is_cluster_wide(role)
    said: set[str] = set()
    for index, rule in enumerate(role.rules):
        if grants_everything(rule):
            continue
        found = list(_held(rule, role.rules, capabilities, kubernetes, wide=wide))
        if not found:
            continue
        worst = max(found, key=lambda held: held.severity)
        at = place(index, rule, worst.right)
        message = f"it grants {_words(found)}{_where(rule, role, found, wide=wide)}{_how(rule, at)}"
        if message not in said:
            said.add(message)
            severity, notes = softened(role, known, worst.severity, escalates=worst.capability.escalates)
            gives = dict.fromkeys(held.capability.gives for held in found)
            yield Fault(
                message=message,
                at=at,
                why=(*gives, *notes, *known.holders(role)),
                severity=severity,
            )


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


def _held(
    rule: PolicyRule,
    rules: Sequence[PolicyRule],
    capabilities: Iterable[Capability],
    kubernetes: KubernetesVersion,
    *,
    wide: bool,
) -> Iterator[Held]:
    for capability in capabilities:
        base = capability.cluster if wide else capability.inside
        for way in capability.ways:
            first, others = way[0], way[1:]
            if not _grants(rule, first, kubernetes, wide=wide):
                continue
            if not all(any(_grants(rule, o, kubernetes, wide=wide) for rule in rules) for o in others):
                continue
            severity = base if _is_open(rule, first) else capability.named
            if severity is not None:
                yield Held(capability, way, severity)


def _grants(rule: PolicyRule, right: Right, kubernetes: KubernetesVersion, *, wide: bool) -> bool:
    if (not right.namespaced and not wide) or (right.until is not None and kubernetes > right.until):
        return False
    return grants(rule, right.verb, right.group, right.resource)


def _is_open(rule: PolicyRule, right: Right) -> bool:
    """Whether the rule is about all objects, or names one that is as bad as all."""
    return not rule.resource_names or any(name in rule.resource_names for name in right.strong)


def _words(found: Iterable[Held]) -> str:
    """The rights in words: `create on pods/attach, pods/exec and patch on pods/ephemeralcontainers`."""
    verbs: dict[str, list[str]] = {}
    for verb, resource in dict.fromkeys((right.verb, right.resource) for held in found for right in held.way):
        verbs.setdefault(resource, []).append(verb)
    resources: dict[str, list[str]] = {}
    for resource, of_one in verbs.items():
        resources.setdefault(", ".join(of_one), []).append(resource)
    return " and ".join(f"{words} on {', '.join(names)}" for words, names in resources.items())


def _where(rule: PolicyRule, role: Role, found: Iterable[Held], *, wide: bool) -> str:
    named = f" named {some(list(rule.resource_names))}" if rule.resource_names else ""
    if wide:
        return f"{named} in every namespace" if any(h.right.namespaced for h in found) else named
    return f"{named} in the namespaces where it is bound" if role.is_cluster else f"{named} in its namespace"

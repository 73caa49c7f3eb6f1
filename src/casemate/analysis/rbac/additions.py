"""What a ClusterRole adds to the roles that take in its rules by its labels.

What admin, edit and view hold without it is what the release gives them; what another aggregated role
holds without it is what the other roles that it takes in give.

Source: pkg/controller/clusterroleaggregation and plugin/pkg/auth/authorizer/rbac/bootstrappolicy of
Kubernetes.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.defaults import ADMIN, AGGREGATES, EDIT, FED, VIEW, default_rules_of
from casemate.analysis.rbac.holding import Held, held
from casemate.analysis.rbac.holdings import Holdings
from casemate.model.place import Path
from casemate.model.rbac import PolicyRule, Role
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_READ = frozenset({"get", "list", "watch"})
_KIND = "ClusterRole"
_LABELS = {name: label for label, name in AGGREGATES.items()}
_MOST = 5_000
"""Atoms that are looked at; of a role that says more, these suffice for a sentence."""


class Addition(msgspec.Struct, frozen=True, eq=False):
    """What the aggregate `target` gains: the smallest rules, and the powers that they bring.

    `at` is where the role says that it is part of it.
    """

    target: str
    at: Path
    rules: tuple[PolicyRule, ...]
    powers: tuple[Held, ...]

    @property
    def further(self) -> tuple[str, ...]:
        """The roles that the target is part of in turn."""
        return FED.get(self.target, ())

    @property
    def severity(self) -> Severity:
        """How bad it is: worse in a role that is for looking only, and that hence many hold."""
        worst = max((power.severity or Severity.INFO for power in self.powers), default=Severity.INFO)
        if self.target == VIEW and self.powers:
            return max(Severity.HIGH, worst)
        if self.target == VIEW and any(not _READ.issuperset(rule.verbs) for rule in self.rules):
            return Severity.LOW
        if self.target == EDIT and any(power.capability.escalates for power in self.powers):
            return max(Severity.HIGH, worst)
        return worst


class Additions:
    """What the ClusterRoles of an estate add to others."""

    def __init__(self, holdings: Holdings) -> None:
        self._feeders: dict[str, list[Role]] = {name: [] for name in holdings.aggregated}
        for role in holdings.cluster_roles() if self._feeders else ():
            if role.aggregation_rule is None:
                for name in holdings.roles.aggregated_to(role):
                    self._feeders.setdefault(name, []).append(role)

    def of_role(self, role: Role, kubernetes: KubernetesVersion) -> Iterator[Addition]:
        """What a ClusterRole adds to each role that takes it in; nothing where they hold it anyway."""
        own = tuple(rule for rule in role.rules if rule.attribute_restrictions is None)
        if not role.is_cluster or role.aggregation_rule is not None or not own:
            return
        for target in (VIEW, EDIT, ADMIN):
            label = _LABELS[target]
            if role.labels.get(label) == "true":
                base = default_rules_of(_KIND, target, None, kubernetes) or ()
                yield from _added(target, ("metadata", "labels", label), own, base, kubernetes)
        for name, feeders in self._feeders.items():
            if name not in _LABELS and any(feeder is role for feeder in feeders):
                base = tuple(rule for feeder in feeders if feeder is not role for rule in feeder.rules)
                for addition in _added(name, ("metadata", "labels"), own, base, kubernetes):
                    if addition.powers:
                        yield addition


def _added(
    target: str,
    at: Path,
    own: tuple[PolicyRule, ...],
    base: tuple[PolicyRule, ...],
    kubernetes: KubernetesVersion,
) -> Iterator[Addition]:
    new = tuple(_first(uncovered(base, own)))
    if new:
        before = {power.capability.id for power in held(base, kubernetes, wide=False)}
        after = held((*base, *own), kubernetes, wide=False)
        powers = (one for one in after if one.capability.id not in before and _counts(one))
        yield Addition(target, at, new, tuple(powers))


def _counts(power: Held) -> bool:
    return power.severity is not None and power.severity > Severity.INFO and not power.named


def _first(rules: Iterable[PolicyRule]) -> Iterator[PolicyRule]:
    return (rule for _, rule in zip(range(_MOST), rules, strict=False))

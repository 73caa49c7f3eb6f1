"""Powerful service accounts that whoever makes pods beside them can use.

A pod runs under any service account of its namespace; the API server asks nobody whether its maker holds what
that account holds. An account is powerful here where it holds, in the whole cluster, everything or a power
of the catalogue that is rated high. Who holds these rights anyway gains nothing. Whoever makes pods in all
namespaces has power by that alone, and is told of accounts that hold everything only.

Source: plugin/pkg/admission/serviceaccount of Kubernetes; the RBAC good practices, "Workload creation".
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from casemate.analysis.rbac.capabilities.terms import Capability
from casemate.analysis.rbac.capabilities.workloads import CHANGE_WORKLOADS, CREATE_PODS
from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.defaults import MASTERS, is_default_binding
from casemate.analysis.rbac.everything import spelled_out
from casemate.analysis.rbac.holding import Held, bits_of, bits_of_capability, held
from casemate.analysis.rbac.holdings import EVERYWHERE, Content, Holding, Holdings
from casemate.analysis.rbac.identity import account_of
from casemate.analysis.rbac.rules import ALL
from casemate.model.rbac import Binding, PolicyRule
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_KUBELETS = ("ClusterRole", "", "system:node")
"""The role of kubelets: the pods that they make mirror files of the node and run under no service account."""
_MOST = 100
"""Powerful accounts of one namespace that are looked at."""


class Power(msgspec.Struct, frozen=True, eq=False):
    """A service account and its powers in the whole cluster; none in `held` stands for everything."""

    key: str
    namespace: str
    name: str
    held: tuple[Held, ...]
    through: tuple[Holding, ...]
    rules: tuple[PolicyRule, ...]

    @property
    def title(self) -> str:
        """The account for people."""
        return f"ServiceAccount {self.namespace}/{self.name}"


class Borrowed(msgspec.Struct, frozen=True, eq=False):
    """A grant that makes pods, and the powerful accounts that its holder reaches by it, strongest first."""

    holding: Holding
    powers: tuple[Power, ...]


class Beside:
    """The powerful accounts of an estate by namespace, and who makes pods beside them."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._makes: dict[Content, bool] = {}
        self._suffices: dict[tuple[frozenset[Content], str], bool] = {}
        self._found: dict[KubernetesVersion, dict[int, list[Borrowed]]] = {}

    def of_binding(self, binding: Binding, kubernetes: KubernetesVersion) -> Sequence[Borrowed]:
        """What the subjects of a binding reach by the pods that it lets them make."""
        found = self._found.get(kubernetes)
        if found is None:
            found = self._found[kubernetes] = {}
            for borrowed in self._all(kubernetes):
                found.setdefault(id(borrowed.holding.binding), []).append(borrowed)
        return found.get(id(binding), ())

    def _all(self, kubernetes: KubernetesVersion) -> Iterator[Borrowed]:
        by_key = self._holdings.by_key(kubernetes)
        powers: dict[str, list[Power]] = {}
        for power in _powers(by_key, kubernetes):
            powers.setdefault(power.namespace, []).append(power)
        if not powers:
            return
        for namespace, here in powers.items():
            powers[namespace] = sorted(here, key=_strongest)[:_MOST]
        everything = [power for here in powers.values() for power in here if not power.held]
        everything = sorted(everything, key=_strongest)[:_MOST]
        for key, own in by_key.items():
            for holding in own if key != f"group {MASTERS}" else ():
                near = everything if holding.scope == EVERYWHERE else powers.get(holding.scope)
                if not near or not self._makes_pods(holding.content):
                    continue
                if is_default_binding(holding.binding, kubernetes):
                    continue
                gained = tuple(p for p in near if p.key != key and not self._holds(own, p))
                if gained:
                    yield Borrowed(holding, gained)

    def _makes_pods(self, content: Content) -> bool:
        known = self._makes.get(content)
        if known is None:
            makes = content.place != _KUBELETS and any(_makes_pods(rule) for rule in content.rules)
            known = self._makes[content] = makes
        return known

    def _holds(self, own: Iterable[Holding], power: Power) -> bool:
        """Whether somebody holds the power's rights in the whole cluster."""
        contents = frozenset(one.content for one in own if one.scope == EVERYWHERE)
        if not contents:
            return False
        key = contents, power.key
        if key not in self._suffices:
            rules = [rule for content in contents for rule in content.rules]
            missing = uncovered(rules, power.rules)
            self._suffices[key] = bool(spelled_out(rules)) or not any(True for _ in missing)
        return self._suffices[key]


def _powers(by_key: dict[str, list[Holding]], kubernetes: KubernetesVersion) -> Iterator[Power]:
    """The powerful accounts; those of Kubernetes' own controllers are included where they are bound."""
    for key, own in by_key.items():
        wide = [one for one in own if one.scope == EVERYWHERE]
        account = account_of(key.removeprefix("user ")) if wide and key.startswith("user ") else None
        if account is None:
            continue
        namespace, name = account
        rules = tuple(rule for one in wide for rule in one.content.rules)
        if spelled_out(rules):
            through = tuple(one for one in wide if spelled_out(one.content.rules)) or tuple(wide)
            yield Power(key, namespace, name, (), through, rules)
            continue
        strong = [
            one
            for one in held(rules, kubernetes, wide=True)
            if not one.named and one.severity is not None and one.severity >= Severity.HIGH
        ]
        if strong:
            needed = [rule for rule in rules if any(_gives(rule, one.capability) for one in strong)]
            through = tuple(one for one in wide if not set(one.content.rules).isdisjoint(needed))
            yield Power(key, namespace, name, tuple(strong), through, tuple(needed))


def _strongest(power: Power) -> tuple[bool, int, str, str]:
    """Everything first, then more powers before fewer; names make the order one."""
    return bool(power.held), -len(power.held), power.namespace, power.name


def _makes_pods(rule: PolicyRule) -> bool:
    if ALL not in rule.resources and _WORKLOADS.isdisjoint(rule.resources):
        return False
    return any(bits_of(rule).every & bits_of_capability(one)[0] for one in (CREATE_PODS, CHANGE_WORKLOADS))


def _gives(rule: PolicyRule, capability: Capability) -> bool:
    """Whether a rule grants a right of some way to a capability."""
    return any(bits_of(rule).any & needed for _, _, needed in bits_of_capability(capability)[1])


_WORKLOADS = frozenset(
    right.resource for one in (CREATE_PODS, CHANGE_WORKLOADS) for way in one.ways for right in way
)

"""Policies of Cilium in the common form.

Cilium's own policies and those of Kubernetes stand in one tier: what any rule denies is denied, then what any
rule allows is allowed; the rest is denied where a policy with default deny selects the endpoint.

Source: Cilium's pkg/policy/repository.go (computePolicyEnforcementAndRules), pkg/policy/rule.go and
pkg/policy/utils/parserules.go, Documentation/security/policy; releases 1.17 to 1.20.
"""

from collections.abc import Iterable, Iterator

from casemate.analysis.network.cilium.peers import CiliumSurroundings, meant_by
from casemate.analysis.network.cilium.ports import allowed
from casemate.analysis.network.cilium.problems import Wrong, problems
from casemate.analysis.network.cilium.selectors import (
    NAMESPACE,
    Scope,
    nodes,
    scope_of,
    subjects,
    unseen_keys,
)
from casemate.analysis.network.cilium.settings import ALWAYS, NEVER
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    NETWORK_POLICY,
    Action,
    Direction,
    Endpoints,
    Everything,
    Nobody,
    Nodes,
    Notice,
    Perhaps,
    Pods,
    Policy,
    Rule,
    union,
)
from casemate.model.cilium import CiliumPolicy, CiliumSpec, DirectedRule
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector

TIER = NETWORK_POLICY
"""The tier of Cilium's policies, in which NetworkPolicy stands as well: at order 0, as what Cilium allows."""
DENIES, ALLOWS, LEFT_OVER = -1.0, 0.0, 1.0
"""What is asked first, next and last in the tier: it makes deny stronger than every allow."""
HOST_FIREWALL = "whether Cilium's host firewall is on (enable-host-firewall)"
NODE_LABELS = (
    "whether Cilium tells nodes apart by labels (enable-node-selector-labels); else it rejects the policy"
)
_LONGEST = 300
"""Characters of a message, which may quote what the policy says."""
_SECTIONS = (
    ("ingress", "ingress", Direction.INGRESS, Action.ALLOW),
    ("ingress_deny", "ingressDeny", Direction.INGRESS, Action.DENY),
    ("egress", "egress", Direction.EGRESS, Action.ALLOW),
    ("egress_deny", "egressDeny", Direction.EGRESS, Action.DENY),
)


def policies(
    found: Iterable[CiliumPolicy], notices: list[Notice], around: CiliumSurroundings | None = None
) -> Iterator[Policy]:
    """The policies in the common form, in `TIER`.

    One that the API server or Cilium refuses is not enforced: it is left out, and `notices` say why. They
    also tell of what does not do what it seems to. `around` is what policies refer to.
    """
    here = around if around is not None else CiliumSurroundings()
    settings, read = here.settings, list(found)
    if settings.enforcement == NEVER:
        for policy in read:
            said = (
                "Cilium is set to enforce no policies (enable-policy: never), so this one is without effect"
            )
            notices.append(Notice(policy, ("spec",), said))
        return
    learns_names = any(_asks_dns(policy) for policy in read)
    for policy in read:
        yield from _Reader(policy, notices, here, learns_names=learns_names).policies()
    if settings.enforcement == ALWAYS and settings.source is not None:
        yield Policy(
            entity=settings.source,
            tier=TIER,
            subjects=union([Pods(), Nodes()]) if settings.host_firewall else Pods(),
            rules=(),
            isolates=frozenset(Direction),
            order=LEFT_OVER,
            name="enable-policy",
        )


class _Reader:
    """One policy, what it refers to, and where to say what is odd about it."""

    def __init__(
        self, policy: CiliumPolicy, notices: list[Notice], around: CiliumSurroundings, *, learns_names: bool
    ) -> None:
        self.entity = policy
        self.namespace = None if policy.is_clusterwide else policy.ref.namespace or HOME
        self.name = policy.name if self.namespace is None else f"{self.namespace}/{policy.name}"
        self._notices = notices
        self._around = around
        self._learns_names = learns_names

    def policies(self) -> Iterator[Policy]:
        """What the policy comes to; nothing where it is refused."""
        wrong = [*problems(self.entity), *self._not_enabled()]
        for item in wrong:
            self._say(item.at, f"{item.who}: {item.message}")
        if wrong:
            return
        for at, spec in self.entity.all_specs:
            yield from self._spec(spec, at)

    def _not_enabled(self) -> Iterator[Wrong]:
        if self._around.settings.node_labels is False:
            for at, spec in self.entity.all_specs:
                for rule, here in _rules(spec, at):
                    if rule.peers.nodes:
                        said = f"{rule.field_of('nodes')} needs the setting enable-node-selector-labels"
                        yield Wrong((*here, rule.field_of("nodes")), said)

    def _spec(self, spec: CiliumSpec, at: Path) -> Iterator[Policy]:
        who = self._subjects(spec, at)
        if who is None:
            return
        isolates = frozenset(d for d in Direction if self._isolates(spec, d, at))
        scope = scope_of(self.namespace, spec.endpoint_selector)
        rules: dict[float, list[Rule]] = {DENIES: [], ALLOWS: [], LEFT_OVER: []}
        for name, field, direction, action in _SECTIONS:
            for index, item in enumerate(getattr(spec, name) or ()):
                made = self._rules(item, direction, action, (*at, field, index), scope)
                rules[DENIES if action is Action.DENY else ALLOWS] += made
                if action is Action.ALLOW and direction not in isolates:
                    rules[LEFT_OVER] += [_left_over(rule) for rule in made if rule.depends]
        alone = not any(rules.values()) and bool(isolates)
        for order, chosen in rules.items():
            if chosen or (order == ALLOWS and alone):
                yield Policy(
                    entity=self.entity,
                    tier=TIER,
                    subjects=who,
                    rules=tuple(chosen),
                    isolates=isolates,
                    order=order,
                    name=self.name,
                )

    def _subjects(self, spec: CiliumSpec, at: Path) -> Endpoints | None:
        """Whom a specification is for; None where it is for nobody that Cilium enforces it on."""
        settings = self._around.settings
        if spec.node_selector is not None:
            if settings.host_firewall is False:
                said = "Cilium's host firewall is off (enable-host-firewall), so this is without effect"
                self._say((*at, "nodeSelector"), said)
                return None
            who = nodes(spec.node_selector)
            return self._uncertain(spec, at, who if settings.host_firewall else Perhaps(who, HOST_FIREWALL))
        selector = spec.endpoint_selector or LabelSelector()
        self._note_selector(selector, (*at, "endpointSelector"))
        return self._uncertain(spec, at, subjects(selector, self.namespace, settings))

    def _uncertain(self, spec: CiliumSpec, at: Path, who: Endpoints) -> Endpoints:
        """The subjects, or those that a policy may have which Cilium rejects under some settings."""
        asks = any(rule.peers.nodes for rule, _ in _rules(spec, at))
        return Perhaps(who, NODE_LABELS) if asks and self._around.settings.node_labels is None else who

    def _isolates(self, spec: CiliumSpec, direction: Direction, at: Path) -> bool:
        """Whether what no rule allows is denied. Only a direction that has rules can be so."""
        wanted = getattr(spec.enable_default_deny, direction.value)
        if not any(getattr(spec, name) for name, _, d, _ in _SECTIONS if d is direction):
            if wanted:
                said = f"without rules for {direction.value} there is no default deny of it"
                self._say((*at, "enableDefaultDeny", direction.value), said)
            return False
        return wanted is not False or not self._around.settings.default_deny_is_optional

    def _rules(
        self, item: DirectedRule, direction: Direction, action: Action, at: Path, scope: Scope
    ) -> list[Rule]:
        self._note_rule(item, action, at)
        denies = action is Action.DENY
        has_ports = bool(item.to_ports or item.icmps)
        who = meant_by(item.peers, scope, self._around, has_ports=has_ports, denies=denies)
        if who is None:
            # Without peers and ports a rule matches nothing; with ports it is about everybody.
            who = Everything() if has_ports else Nobody()
        if who == Nobody():
            return []
        return [
            Rule(
                action=action,
                direction=direction,
                peers=who,
                ports=found.ports,
                at=found.at,
                depends=found.depends,
            )
            for found in allowed(item, at, denies=denies)
        ]

    def _note_rule(self, item: DirectedRule, action: Action, at: Path) -> None:
        found = item.peers
        for index, selector in enumerate(found.endpoints or ()):
            self._note_selector(selector, (*at, item.field_of("endpoints"), index))
        if action is Action.DENY:
            if found.services:
                self._say((*at, "toServices"), "Cilium looks up no Services for a deny rule")
            if found.fqdns:
                self._say((*at, "toFQDNs"), "a deny rule has no field toFQDNs: the API server drops it")
        elif found.fqdns and not self._learns_names:
            said = "no policy that was read has a rule for DNS, by which Cilium learns the addresses of names"
            self._say((*at, "toFQDNs"), said)

    def _note_selector(self, selector: LabelSelector, at: Path) -> None:
        for key in unseen_keys(selector, self._around.settings):
            said = f"the label {key} is not part of the identity that Cilium gives to pods by default"
            self._say(at, f"{said}: they are selected as if they did not have it")
        named = (selector.match_labels or {}).get(f"k8s:{NAMESPACE}")
        if at[-1] == "endpointSelector" and self.namespace and named not in {None, self.namespace}:
            self._say(at, f"it is for the policy's own namespace {self.namespace}, not for {named}")

    def _say(self, at: Path, message: str) -> None:
        shown = message if len(message) <= _LONGEST else message[:_LONGEST] + " ..."
        self._notices.append(Notice(self.entity, at, shown))


def _rules(spec: CiliumSpec, at: Path) -> Iterator[tuple[DirectedRule, Path]]:
    for name, field, _, _ in _SECTIONS:
        for index, rule in enumerate(getattr(spec, name) or ()):
            yield rule, (*at, field, index)


def _left_over(rule: Rule) -> Rule:
    """What Cilium's proxy refuses of a rule's connections, where the policy denies nothing else."""
    return Rule(
        action=Action.DENY,
        direction=rule.direction,
        peers=rule.peers,
        ports=rule.ports,
        at=rule.at,
        depends=rule.depends,
    )


def _asks_dns(policy: CiliumPolicy) -> bool:
    """Whether the policy sends requests of DNS through Cilium's proxy, so that it learns addresses."""
    return any(
        entry.rules is not None and entry.rules.dns
        for _, spec in policy.all_specs
        for rule in spec.egress or ()
        for entry in rule.to_ports or ()
    )

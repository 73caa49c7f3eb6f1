"""Cluster-wide network policies in the common form: their tiers, priorities and actions.

Source: kubernetes-sigs/network-policy-api, apis/v1alpha1 (AdminNetworkPolicy, BaselineAdminNetworkPolicy),
apis/v1alpha2 and apis/v1beta1 (ClusterNetworkPolicy), and the validation in config/crd.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from casemate.analysis.network.cluster_wide.parts import (
    WITHOUT_NAMED_PORTS,
    RefusedError,
    UnclearError,
    missing,
    peers,
    port,
    protocol,
    subjects,
)
from casemate.analysis.network.policies import (
    ADMIN,
    BASELINE,
    Action,
    Direction,
    Endpoints,
    Everything,
    NamedPort,
    Nobody,
    Notice,
    Policy,
    Ports,
    Rule,
    Tier,
    union,
)
from casemate.model.admin_network_policy import (
    AdminPeer,
    AdminRule,
    BaselineAdminNetworkPolicy,
    ClusterNetworkPolicy,
    ClusterWidePolicy,
    NamespacedPod,
)
from casemate.model.place import Path

BASELINE_NAME = "default"
"""The only name that the API server takes for a BaselineAdminNetworkPolicy."""

_TIERS = {tier.name: tier for tier in (ADMIN, BASELINE)}
_INGRESS = ("namespaces", "pods")
_LAST_PRIORITY = 1_000
_LONGEST_NAME = 100
Item = TypeVar("Item")


def policies(found: Iterable[ClusterWidePolicy], notices: list[Notice]) -> Iterator[Policy]:
    """The policies in the common form.

    One that the API server refuses is in no cluster: it is left out, and `notices` say why. A rule with
    a field that is not known is closed, as the API asks for: Allow matches nothing then, Deny and Pass deny
    everything. Which of two policies with one priority is asked first is not defined (`Tier.ties`).
    """
    for policy in found:
        try:
            yield _Reader(policy, notices).policy()
        except RefusedError as refused:
            notices.append(Notice(policy, refused.at, f"the API server refuses the policy: {refused}"))


class _Reader:
    """One policy, and where to say what is wrong with it."""

    def __init__(self, policy: ClusterWidePolicy, notices: list[Notice]) -> None:
        self._entity = policy
        self._notices = notices
        self._newer = isinstance(policy, ClusterNetworkPolicy)
        self._baseline = isinstance(policy, BaselineAdminNetworkPolicy)
        self._aligned = self._newer and policy.ref.api_version.endswith("/v1beta1")
        self._most = 25 if self._newer else 100
        self._egress = (*_INGRESS, "nodes", "networks", *(() if self._baseline else ("domainNames",)))
        self._actions = {"Accept" if self._newer else "Allow": Action.ALLOW, "Deny": Action.DENY}
        if not self._baseline:
            self._actions["Pass"] = Action.PASS

    def policy(self) -> Policy:
        """The policy. Raises `RefusedError` where no cluster has it."""
        spec = self._entity.spec
        if self._baseline and self._entity.ref.name != BASELINE_NAME:
            raise RefusedError(("metadata", "name"), f"its name must be {BASELINE_NAME}")
        tier, order, meant = self._tier(), self._order(), self._subjects()
        rules = []
        for direction, listed in ((Direction.INGRESS, spec.ingress), (Direction.EGRESS, spec.egress)):
            at: Path = ("spec", direction.value)
            rules += [
                self._rule(direction, rule, (*at, index))
                for index, rule in enumerate(self._few(listed or (), at))
            ]
        return Policy(
            entity=self._entity,
            tier=tier,
            subjects=meant,
            rules=tuple(rules),
            order=order,
            name=self._entity.name,
        )

    def _tier(self) -> Tier:
        if not self._newer:
            return BASELINE if self._baseline else ADMIN
        tier = _TIERS.get(self._entity.spec.tier or "")
        if tier is None:
            raise RefusedError(("spec", "tier"), f"its tier must be one of {', '.join(_TIERS)}")
        return tier

    def _order(self) -> int:
        if self._baseline:
            return 0  # there is but one
        priority = self._entity.spec.priority
        if priority is None or not 0 <= priority <= _LAST_PRIORITY:
            raise RefusedError(("spec", "priority"), f"its priority must be from 0 to {_LAST_PRIORITY}")
        return priority

    def _subjects(self) -> Endpoints:
        subject, at = self._entity.spec.subject, ("spec", "subject")
        if subject is not None:
            self._check_selectors(subject.pods, at)
        try:
            return subjects(subject, at)
        except UnclearError as unclear:
            self._say(unclear.at, f"{unclear}: the policy is taken to select nothing")
            return Nobody()

    def _rule(self, direction: Direction, rule: AdminRule, at: Path) -> Rule:
        key = "from" if direction is Direction.INGRESS else "to"
        listed = (rule.from_ if direction is Direction.INGRESS else rule.to) or ()
        action = self._actions.get(rule.action or "")
        if action is None:
            raise RefusedError((*at, "action"), f"its action must be one of {', '.join(self._actions)}")
        if not listed:
            raise RefusedError((*at, key), f"{key} must name a peer")
        if len(rule.name or "") > _LONGEST_NAME:
            raise RefusedError((*at, "name"), f"a name has at most {_LONGEST_NAME} characters")
        self._few(listed, (*at, key))
        unclear: UnclearError | None = None
        found: list[Endpoints] = []
        for index, peer in enumerate(listed):
            try:
                found.append(self._peer(direction, peer, (*at, key, index)))
            except UnclearError as error:
                unclear = unclear or error
        try:
            named = self._ports(rule, at)
        except UnclearError as error:
            unclear, named = unclear or error, None
        self._check_together(listed, named, (*at, key))
        if unclear is not None:
            return self._closed(action, direction, at, unclear)
        self._check_domains(listed, action, (*at, key))
        return Rule(action=action, direction=direction, peers=union(found), ports=named, at=at)

    def _peer(self, direction: Direction, peer: AdminPeer, at: Path) -> Endpoints:
        fields = _INGRESS if direction is Direction.INGRESS else self._egress
        self._check_selectors(peer.pods, at)
        return peers(peer, at, fields, aligned=self._aligned)

    def _ports(self, rule: AdminRule, at: Path) -> Ports | None:
        key, strange = ("protocols", "ports") if self._newer else ("ports", "protocols")
        if getattr(rule, strange) is not None:
            self._say(
                (*at, strange), f"{self._entity.ref.kind} has no {strange}: the rule holds for all ports"
            )
        listed = rule.protocols if self._newer else rule.ports
        if listed is None:
            return None
        if not listed:
            raise RefusedError((*at, key), f"{key} must have an entry")
        self._few(listed, (*at, key))
        if self._newer:
            read = (protocol(item, (*at, key, index)) for index, item in enumerate(rule.protocols or ()))
        else:
            read = (port(item, (*at, key, index)) for index, item in enumerate(rule.ports or ()))
        return tuple(item for entry in read for item in entry)

    def _closed(self, action: Action, direction: Direction, at: Path, unclear: UnclearError) -> Rule:
        """What a rule is that cannot be understood, as the API asks for."""
        if action is Action.ALLOW:
            self._say(unclear.at, f"{unclear}: the rule is closed and matches nothing")
            return Rule(action=action, direction=direction, peers=Nobody(), at=at)
        self._say(unclear.at, f"{unclear}: the rule is closed and denies everything")
        return Rule(action=Action.DENY, direction=direction, peers=Everything(), at=at)

    def _check_selectors(self, pods: NamespacedPod | None, at: Path) -> None:
        for name in missing(pods):
            if name == "podSelector" or not self._newer:
                self._say((*at, "pods", name), f"{name} must be set: it is taken to be empty and selects all")

    def _check_together(self, listed: Sequence[AdminPeer], named: Ports | None, at: Path) -> None:
        if any(isinstance(item, NamedPort) for item in named or ()):
            for index, peer in enumerate(listed):
                for name in peer.chosen:
                    if name in WITHOUT_NAMED_PORTS:
                        message = f"{name} have no named ports: these match nothing, or the policy is refused"
                        self._say((*at, index, name), message)

    def _check_domains(self, listed: Sequence[AdminPeer], action: Action, at: Path) -> None:
        if action is not Action.ALLOW:
            for index, peer in enumerate(listed):
                if peer.domain_names is not None:
                    self._say((*at, index, "domainNames"), "domainNames are for rules that allow")

    def _few(self, listed: Sequence[Item], at: Path) -> Sequence[Item]:
        if len(listed) > self._most:
            raise RefusedError(at, f"it may have {self._most} entries, not {len(listed)}")
        return listed

    def _say(self, at: Path, message: str) -> None:
        self._notices.append(Notice(self._entity, at, message))

"""Calico's policies in the common form.

A policy stands in a tier. Tiers are asked by their order, policies of a tier by theirs, and rules as they
stand; the first that matches decides, or passes on to the next tier. A tier's default action counts only for
those that one of its policies selects in that direction. What is passed on by the last tier is allowed by the
profile of the pod's namespace.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3, felix/calc/policy_sorter.go (order),
felix/calc/policy_resolver.go and felix/rules/endpoints.go (tiers, profiles), and libcalico-go/lib/backend/
k8s/conversion (NetworkPolicy of Kubernetes, profiles).
"""

import math
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from casemate.analysis.network.calico.checks import refusals
from casemate.analysis.network.calico.endpoints import (
    Addressed,
    Selected,
    addressed,
    entity_endpoints,
    is_net,
    node_of,
    of_family,
    subject_condition,
)
from casemate.analysis.network.calico.labels import intersection
from casemate.analysis.network.calico.ports import Matched, matched
from casemate.analysis.network.calico.services import Services
from casemate.analysis.network.calico.tiers import DEFAULT, KUBE_ADMIN, KUBE_BASELINE, known_tiers
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    ADMIN,
    BASELINE,
    NETWORK_POLICY,
    Action,
    Direction,
    Endpoints,
    Everything,
    Notice,
    Perhaps,
    Policy,
    Rule,
    Tier,
)
from casemate.model.calico import (
    ALLOW,
    DENY,
    LOG,
    PASS,
    CalicoPolicy,
    CalicoRule,
    CalicoTier,
    HostEndpoint,
    NetworkSet,
    Profile,
    StagedPolicy,
)
from casemate.model.estate import Entity, Estate
from casemate.model.exposure import Service
from casemate.model.governance import Namespace
from casemate.model.place import Path

KUBERNETES_ORDER = 1_000
"""The order of the NetworkPolicies of Kubernetes in the default tier."""
_CLUSTER_WIDE = "KubernetesClusterNetworkPolicy"
_PLACES: dict[Tier, tuple[Tier, str, float | None]] = {
    ADMIN: (KUBE_ADMIN, _CLUSTER_WIDE, None),
    NETWORK_POLICY: (DEFAULT, "KubernetesNetworkPolicy", KUBERNETES_ORDER),
    BASELINE: (KUBE_BASELINE, _CLUSTER_WIDE, None),
}
_ACTIONS = {ALLOW: Action.ALLOW, DENY: Action.DENY, PASS: Action.PASS}
_OPEN = "projectcalico-default-allow"
_LAST = Tier(math.inf, "host endpoints without a policy")


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What policies refer to: tiers, sets of addresses, Services, and the labels of namespaces."""

    tiers: tuple[CalicoTier, ...] = ()
    all_tiers: bool = False
    sets: tuple[NetworkSet, ...] = ()
    hosts: tuple[HostEndpoint, ...] = ()
    services: tuple[Service, ...] = ()
    namespaces: Mapping[str, Mapping[str, str]] = {}

    @classmethod
    def of(cls, estate: Estate) -> "Beside":
        """What was read of them; `all_tiers` says that a tier which was not read is not there."""
        return cls(
            tiers=tuple(estate.of(CalicoTier)),
            all_tiers=estate.coverage.covers("Tier"),
            sets=tuple(estate.of(NetworkSet)),
            hosts=tuple(estate.of(HostEndpoint)),
            services=tuple(estate.of(Service)),
            namespaces={item.name: item.labels for item in estate.of(Namespace)},
        )


def policies(
    found: Iterable[CalicoPolicy],
    notices: list[Notice],
    beside: Beside = Beside(),  # noqa: B008 # a value
) -> Iterator[Policy]:
    """The policies in the common form; a refused one is left out, and `notices` say why."""
    reader = _Reader(beside, notices)
    for policy in found:
        wrong = list(refusals(policy))
        notices += [Notice(policy, at, f"Calico refuses the policy: {why}") for at, why in wrong]
        if not wrong:
            yield from reader.read(policy)
    yield from _host_policies(beside.hosts)


def in_calicos_tiers(found: Iterable[Policy]) -> Iterator[Policy]:
    """Policies of Kubernetes at the places where Calico enforces them, between its own.

    NetworkPolicies stand in the default tier with an order, cluster-wide policies in tiers of their own. Of
    two with one order Calico asks that with the lower name first, so that no tie stays open.
    """
    for policy in found:
        place = _PLACES.get(policy.tier)
        if place is not None:
            tier, kind, order = place
            ref = policy.entity.ref
            namespace = "" if order is None else ref.namespace or HOME
            policy = msgspec.structs.replace(  # noqa: PLW2901 # the same policy elsewhere
                policy,
                tier=tier,
                order=policy.order if order is None else order,
                name=_sort_name(ref.name, namespace, kind),
            )
        yield policy


def set_aside(estate: Estate, notices: list[Notice]) -> None:
    """Say which of Calico's objects have no part in the answer, and why."""
    reasons: tuple[tuple[type[Entity], str], ...] = (
        (StagedPolicy, "a staged policy is not enforced, so that it changes nothing"),
        (Profile, "pods have the profiles that Calico makes of their namespace and account, not this one"),
        (HostEndpoint, "what a node itself may reach, and who may reach it, is not worked out"),
    )
    for kind, message in reasons:
        notices += [Notice(found, (), message) for found in estate.of(kind)]


class _Reader:
    """Turns valid policies into the common form, with what they refer to at hand."""

    def __init__(self, beside: Beside, notices: list[Notice]) -> None:
        self._notices = notices
        self._tiers = known_tiers(beside.tiers, notices)
        self._all_tiers = beside.all_tiers
        for item in beside.sets:
            for index, net in enumerate(item.spec.nets):
                if not is_net(net):
                    message = f"Calico refuses the set: {net or 'an empty text'} is no range of addresses"
                    notices.append(Notice(item, ("spec", "nets", index), message))
        self._selected = Selected(_valid(beside))
        self._services = Services(beside.services)

    def read(self, policy: CalicoPolicy) -> Iterator[Policy]:
        spec = policy.spec
        if policy.is_global and (spec.do_not_track or spec.pre_dnat):
            at = ("spec", "doNotTrack" if spec.do_not_track else "preDNAT")
            self._say(policy, at, "the policy is for host endpoints only and has no effect on pods")
            return
        namespace = None if policy.is_global else policy.ref.namespace or HOME
        subjects = self._selected.subjects(subject_condition(spec, namespace))
        tier = self._tiers.get(spec.tier or DEFAULT.name)
        if tier is None:
            self._say(
                policy,
                ("spec", "tier"),
                f"the tier {spec.tier} was not read; without it, Calico does not enforce the policy",
            )
            if self._all_tiers:
                return
            # Asked first, an unsure policy makes unsure whatever it might decide at any place.
            tier = Tier(-math.inf, spec.tier)
            subjects = Perhaps(subjects, f"the tier {spec.tier}, which was not read")
        directions = [way for way in Direction if way.value.capitalize() in policy.types]
        whole = Policy(
            entity=policy,
            tier=tier,
            subjects=subjects,
            rules=(),
            isolates=frozenset(directions),
            order=math.inf if spec.order is None else spec.order,
            name=_sort_name(policy.name, namespace or "", policy.ref.kind),
        )
        rules = [found for way in directions for found in self._rules(policy, way, namespace)]
        yield from _by_subjects(whole, rules)

    def _rules(
        self, policy: CalicoPolicy, way: Direction, namespace: str | None
    ) -> Iterator[tuple[Endpoints, Rule]]:
        """The rules of a direction, each with those of the policy's subjects that it is for."""
        incoming = way is Direction.INGRESS
        for index, rule in enumerate(policy.spec.ingress if incoming else policy.spec.egress):
            if rule.action == LOG:
                continue
            at: Path = ("spec", way.value, index)
            own, peer = (rule.destination, rule.source) if incoming else (rule.source, rule.destination)
            peers = [entity_endpoints(peer, namespace, self._selected)]
            if rule.ip_version is not None:
                peers.append(of_family(rule.ip_version))
            ports = list(matched(rule))
            if peer.services is not None:
                service = self._services.meant(peer.services, namespace)
                peers.append(service.endpoints)
                if not incoming:
                    ports = list(service.narrowed(ports))
            subjects = entity_endpoints(own, namespace, self._selected)
            for found in ports:
                yield (
                    subjects,
                    Rule(
                        action=_ACTIONS[rule.action],
                        direction=way,
                        peers=intersection(peers),
                        ports=found.ports,
                        at=at,
                        depends=_depends(rule, found),
                    ),
                )

    def _say(self, policy: CalicoPolicy, at: Path, message: str) -> None:
        self._notices.append(Notice(policy, at, message))


def _valid(beside: Beside) -> Iterator[Addressed]:
    """The sets that Calico takes, and the host endpoints."""
    sets = (item for item in beside.sets if all(map(is_net, item.spec.nets)))
    return addressed(sets, beside.hosts, beside.namespaces)


def _sort_name(name: str | None, namespace: str, kind: str) -> str:
    """What tells the order of policies with one `order`: name, namespace, kind."""
    return f"{name}/{namespace}/{kind}"


def _depends(rule: CalicoRule, found: Matched) -> str:
    """What it depends on whether a rule matches, beside peers and ports."""
    why = [found.why] if found.why else []
    if rule.http is not None:
        why.append("the HTTP request, which only Calico's application layer policy looks at")
    if rule.source.ports or rule.source.not_ports:
        why.append("the port that the connection comes from")
    return " and ".join(why)


def _by_subjects(whole: Policy, rules: list[tuple[Endpoints, Rule]]) -> Iterator[Policy]:
    """A policy as one, or cut into several where rules are for some of its subjects only.

    The parts keep the order of the rules by their names; the first isolates all subjects.
    """
    runs: list[tuple[Endpoints, list[Rule]]] = [(Everything(), [])]
    for subjects, rule in rules:
        if runs[-1][0] != subjects:
            runs.append((subjects, []))
        runs[-1][1].append(rule)
    for number, (subjects, found) in enumerate(runs):
        yield msgspec.structs.replace(
            whole,
            subjects=intersection((whole.subjects, subjects)),
            rules=tuple(found),
            isolates=whole.isolates if number == 0 else frozenset(),
            name=f"{whole.name} {number:05}" if number else whole.name,
        )


def _host_policies(hosts: Iterable[HostEndpoint]) -> Iterator[Policy]:
    """What no policy and no profile of a host endpoint allows is refused, failsafe ports apart."""
    for host in hosts:
        if _OPEN not in host.spec.profiles:
            yield Policy(
                entity=host,
                tier=_LAST,
                subjects=node_of(host),
                rules=(),
                isolates=frozenset(Direction),
            )

"""The policies of Istio in the common form: what the proxies of a mesh let in.

Proxies judge TCP only, and only what comes in. They stand beside the network policies: a connection needs
both. So their tiers come before all others and never allow by themselves: what they let in they pass on.

CUSTOM is asked first, then DENY, then ALLOW; where some ALLOW policy is for a pod, what none of them lets in
is refused.

Source: istio.io/api security/v1beta1/authorization_policy.proto, istio.io/istio
pilot/pkg/model/authorization.go and pilot/pkg/security/authz/builder/builder.go.
"""

from collections.abc import Iterator, Sequence

from casemate.analysis.network.endpoint_sets import both, either, no
from casemate.analysis.network.istio.checks import (
    ALLOW,
    AUDIT,
    CUSTOM,
    DENY,
    DISABLE,
    PERMISSIVE,
    STRICT,
    problems,
)
from casemate.analysis.network.istio.mesh import Mesh, Plane
from casemate.analysis.network.istio.modes import (
    ALL_TCP,
    ENCRYPTION,
    OTHER_PROXY,
    Area,
    Mode,
    Modes,
    labels_of,
)
from casemate.analysis.network.istio.rules import Meaning, Reader
from casemate.analysis.network.istio.waypoints import Waypoints
from casemate.analysis.network.labels import Any, Labels, all_of, namespace_named
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    Action,
    Direction,
    Endpoints,
    Everything,
    Nobody,
    Notice,
    Perhaps,
    Pods,
    Policy,
    PortRange,
    Rule,
    Tier,
)
from casemate.model.estate import Estate
from casemate.model.istio_security import AuthorizationPolicy, AuthorizationRule, PeerAuthentication

CUSTOM_TIER, DENY_TIER, ALLOW_TIER = (
    Tier(-3e9, "Istio CUSTOM"),
    Tier(-2e9, "Istio DENY"),
    Tier(-1e9, "Istio ALLOW"),
)
TIERS = (ENCRYPTION, CUSTOM_TIER, DENY_TIER, ALLOW_TIER)
PLAIN_TEXT = "whether the caller uses mutual TLS: plain text is taken too, and proves no identity"
_DRY_RUN, _TRUE = "istio.io/dry-run", ("1", "t", "T", "TRUE", "true", "True")
_EVERYWHERE = Area(Any(), Any(), Mode(PERMISSIVE))


def policies_of(estate: Estate, notices: list[Notice]) -> Iterator[Policy]:
    """The policies of Istio that an estate holds; nothing is looked at where there are none."""
    authorizations = list(estate.of(AuthorizationPolicy))
    authentications = list(estate.of(PeerAuthentication))
    if authorizations or authentications:
        mesh = Mesh.of(estate)
        modes = Modes(authentications, mesh.root, notices)
        yield from _open_ports(mesh)
        yield from modes.policies(mesh)
        waypoints = Waypoints.of(estate)
        for policy in authorizations:
            yield from _Authorization(policy, mesh, modes, notices).policies(waypoints)


def _open_ports(mesh: Mesh) -> Iterator[Policy]:
    """Ports that do not pass the proxy are left to the network policies, whatever Istio's say."""
    for index, odd in enumerate(mesh.odd):
        rule = _rule(Action.PASS, Everything(), odd.open_ports)
        for tier in TIERS:
            name = f"{odd.workload.ref}/{index}"
            yield Policy(
                entity=odd.workload, tier=tier, subjects=odd.pods, rules=(rule,), order=-1, name=name
            )


class _Authorization:
    """One AuthorizationPolicy in a mesh."""

    def __init__(self, policy: AuthorizationPolicy, mesh: Mesh, modes: Modes, notices: list[Notice]) -> None:
        self._policy = policy
        self._action = policy.spec.action or ALLOW
        self._mesh = mesh
        self._modes = modes
        self._notices = notices
        self._namespace = policy.ref.namespace or HOME
        self._is_root = self._namespace == mesh.root
        self._reader = Reader(self._namespace, mesh.domain)

    def policies(self, waypoints: Waypoints) -> Iterator[Policy]:
        """The policy in the common form, for each kind of proxy; nothing where it is not enforced."""
        if not self._is_enforced():
            return
        if not self._policy.targets:
            inside: Labels = Any() if self._is_root else namespace_named(self._namespace)
            pods = Pods(inside, labels_of(self._policy.spec.selector))
            for plane in self._mesh.planes:
                yield from self._for(plane, pods)
            return
        yield from self._attached(waypoints)

    def _attached(self, waypoints: Waypoints) -> Iterator[Policy]:
        """The policy where it is attached to gateways or waypoints: other proxies pass it over."""
        gateways = waypoints.gateways(self._policy, self._mesh.root)
        if not isinstance(gateways, Nobody):
            proxies = self._mesh.planes[0]
            yield from self._for(Plane(proxies.name, gateways, proxies.known, proxies.possible), Pods())
        behind = waypoints.behind(self._policy, self._mesh.root)
        ambient = either(*(plane.pods for plane in self._mesh.planes if plane.is_ambient))
        held = both(behind, ambient)
        if not isinstance(held, Nobody):
            yield self._by_waypoint(held)
        elif isinstance(gateways, Nobody):
            self._say(("spec",), "what the policy is attached to stands before no pod that was read")

    def _is_enforced(self) -> bool:
        wrong = list(problems(self._policy))
        self._notices += [Notice(self._policy, at, f"Istio refuses the policy: {text}") for at, text in wrong]
        if wrong or self._action == AUDIT:
            return False
        if self._policy.annotations.get(_DRY_RUN) in _TRUE:
            self._say(("metadata", "annotations", _DRY_RUN), "the policy is tried and not enforced")
            return False
        if self._action == DENY and not self._policy.spec.rules:
            self._say(("spec",), "a policy that denies has no effect without rules")
            return False
        return True

    def _for(self, plane: Plane, pods: Pods) -> Iterator[Policy]:
        """The policy for the pods of a kind of proxy, parted by the mode of mutual TLS where that matters."""
        if plane.is_ambient and self._action == CUSTOM:
            self._say(("spec", "action"), "the proxy of a node does not know the action CUSTOM")
            return
        for area in self._areas(plane):
            inside = Pods(all_of((pods.namespaces, area.namespaces)), all_of((pods.pods, area.pods)))
            rules = tuple(self._rules(plane, area.mode))
            yield self._as_policy(both(plane.pods, *_unless_all(inside)), rules)
        if self._action == ALLOW:
            rest = (_rule(Action.DENY, Everything(), ALL_TCP, ("spec",)),)
            yield self._as_policy(both(plane.pods, *_unless_all(pods)), rest, order=1)

    def _areas(self, plane: Plane) -> Sequence[Area]:
        if not any(self._reader.needs_identity(rule) for rule in self._policy.spec.rules):
            return (_EVERYWHERE,)
        areas = self._modes.areas(None if self._is_root else self._namespace)
        if plane.is_ambient:
            areas = [Area(area.namespaces, area.pods, _of_node(area.mode)) for area in areas]
        if len({area.mode for area in areas}) == 1:
            return (Area(Any(), Any(), areas[0].mode),)
        return areas

    def _rules(self, plane: Plane, mode: Mode) -> Iterator[Rule]:
        denies = self._action != ALLOW
        for index, rule in enumerate(self._policy.spec.rules):
            for meaning in self._meanings(rule, plane, denies=denies):
                for ports, name in mode.parts(meaning.ports):
                    peers = _callers(meaning, name, plane, denies=denies)
                    if not isinstance(peers, Nobody):
                        action = Action.DENY if denies else Action.PASS
                        yield _rule(action, peers, ports, ("spec", "rules", index), self._depends(meaning))

    def _meanings(self, rule: AuthorizationRule, plane: Plane, *, denies: bool) -> Iterator[Meaning]:
        if plane.is_ambient:
            return self._reader.by_ztunnel(rule, widened=denies)
        return self._reader.by_sidecar(rule, widened=denies)

    def _depends(self, meaning: Meaning) -> str:
        """On what it depends whether a rule matches, in words."""
        words = ", ".join(meaning.vague)
        if meaning.http and self._action == ALLOW:
            words += " (on ports without HTTP the rule lets nobody in)"
        elif meaning.http:
            words += " (on ports without HTTP the rule matches whatever is sent)"
        if self._action != CUSTOM:
            return words
        provider = self._policy.spec.provider
        decides = f"what the external authorizer {provider.name if provider is not None else ''} decides"
        return f"{decides}; {words}" if words else decides

    def _by_waypoint(self, behind: Endpoints) -> Policy:
        """What a waypoint decides about the requests that it passes on is not known of a connection."""
        why = f"what the waypoint decides by the AuthorizationPolicy {self._policy.ref}"
        return self._as_policy(behind, (_rule(Action.DENY, Everything(), ALL_TCP, ("spec",), why),))

    def _as_policy(self, subjects: Endpoints, rules: tuple[Rule, ...], order: float = 0) -> Policy:
        tier = {CUSTOM: CUSTOM_TIER, DENY: DENY_TIER}.get(self._action, ALLOW_TIER)
        name = f"{self._namespace}/{self._policy.name}"
        return Policy(entity=self._policy, tier=tier, subjects=subjects, rules=rules, order=order, name=name)

    def _say(self, at: tuple[str | int, ...], message: str) -> None:
        self._notices.append(Notice(self._policy, at, message))


def _callers(meaning: Meaning, mode: str, plane: Plane, *, denies: bool) -> Endpoints:
    """Whom a rule means, by whether callers can prove an identity, and whether they must.

    Where both are taken (PERMISSIVE), a caller in the mesh normally proves its identity; that it may as well
    send plain text counts where it would change the answer.
    """
    secured, plain = meaning.secured, meaning.plain
    if secured == plain:
        return plain
    in_any_case, at_most = both(secured, plain), either(secured, plain)
    sure: Endpoints = in_any_case
    perhaps: Endpoints = at_most
    if mode == STRICT:
        sure, perhaps = secured, Nobody()
    elif mode == DISABLE:
        sure, perhaps = plain, Nobody()
    elif mode == PERMISSIVE:
        sure = in_any_case if denies else secured
        perhaps = both(secured if denies else plain, no(sure))
    found = [
        both(sure, plane.known),
        both(plain, no(either(plane.known, plane.possible))),
        both(in_any_case, plane.possible),
    ]
    for inner, why in (
        (both(perhaps, plane.known), PLAIN_TEXT),
        (both(at_most, plane.possible), OTHER_PROXY),
    ):
        if not isinstance(inner, Nobody):
            found.append(Perhaps(inner, why))
    return either(*found)


def _of_node(mode: Mode) -> Mode:
    """The mode that the proxy of a node follows: it cannot do without mutual TLS."""
    ports = tuple((port, PERMISSIVE if name == DISABLE else name) for port, name in mode.ports)
    return Mode(PERMISSIVE if mode.name == DISABLE else mode.name, ports)


def _unless_all(pods: Pods) -> tuple[Endpoints, ...]:
    """A condition that says something."""
    return () if pods == Pods() else (pods,)


def _rule(
    action: Action,
    peers: Endpoints,
    ports: tuple[PortRange, ...],
    at: tuple[str | int, ...] = ("metadata", "annotations"),
    depends: str = "",
) -> Rule:
    return Rule(action=action, direction=Direction.INGRESS, peers=peers, ports=ports, at=at, depends=depends)

"""Where the proxies of a mesh take plain text: PeerAuthentication in the common form, and areas of one mode.

The narrowest policy that says a mode decides: for a port, for selected pods, for a namespace, for the mesh.
Without any, plain text and mutual TLS are both taken. Of several at one level the oldest decides, and age is
not known here: they are tied.

Source: istio.io/istio pilot/pkg/security/authn/policy_applier.go (`ComposePeerAuthentication`) and
pilot/pkg/serviceregistry/ambient/authorization.go; istio.io documentation, "Use Layer 4 security policy":
mutual TLS cannot be disabled in ambient mode.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.endpoint_sets import both, either, no
from casemate.analysis.network.istio.checks import (
    LAST_PORT,
    PERMISSIVE,
    STRICT,
    UNSET,
    mode_problems,
)
from casemate.analysis.network.istio.mesh import Mesh, Plane
from casemate.analysis.network.labels import Any, AnyOf, Labels, Not, OneOf, all_of, namespace_named
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    TCP,
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
from casemate.model.istio_security import PeerAuthentication, WorkloadSelector
from casemate.model.place import Path

ENCRYPTION = Tier(-4e9, "Istio mutual TLS", ties=True)
ALL_TCP = (PortRange(TCP, 1, LAST_PORT),)
MIXED = "MIXED"
"""A mode that depends on which of several policies is the oldest."""
OTHER_PROXY = (
    "whether proxies of different kinds (sidecar, ambient) are set up to use mutual TLS with each other"
)
_WORKLOAD, _NAMESPACE, _MESH = 0, 1, 2


class Mode(msgspec.Struct, frozen=True):
    """A mode of mutual TLS, and the ports that have another one."""

    name: str
    ports: tuple[tuple[int, str], ...] = ()

    def parts(self, ranges: tuple[PortRange, ...]) -> Iterator[tuple[tuple[PortRange, ...], str]]:
        """Ranges of ports, parted by what holds at them."""
        for port, name in self.ports:
            if any(found.low <= port <= found.high for found in ranges):
                yield (PortRange(TCP, port, port),), name
        left = ranges
        for port, _ in self.ports:
            left = tuple(piece for found in left for piece in _without(found, port))
        if left:
            yield left, self.name


class Area(msgspec.Struct, frozen=True):
    """Pods whose proxies have one mode, by the labels of their namespaces and their own."""

    namespaces: Labels
    pods: Labels
    mode: Mode


class Modes:
    """The policies about mutual TLS that Istio takes; `notices` get to know of the others."""

    def __init__(self, found: Iterable[PeerAuthentication], root: str, notices: list[Notice]) -> None:
        self._root = root
        self._levels: tuple[list[PeerAuthentication], ...] = ([], [], [])
        for policy in found:
            wrong = list(mode_problems(policy))
            notices += [Notice(policy, at, f"Istio refuses the policy: {text}") for at, text in wrong]
            level = self._level(policy)
            if level is None:
                notices.append(
                    Notice(policy, ("spec", "selector"), "a selector in the root namespace selects no pods")
                )
            elif not wrong:
                self._levels[level].append(policy)

    def policies(self, mesh: Mesh) -> Iterator[Policy]:
        """What refuses plain text, for each kind of proxy."""
        for level, found in enumerate(self._levels):
            for policy in found:
                yield from (self._policy(policy, level, plane) for plane in mesh.planes)

    def areas(self, namespace: str | None) -> list[Area]:
        """The pods of a namespace, or of all, by mode; no two areas have a pod in common."""
        mesh = _joint([_own(policy) for policy in self._levels[_MESH]], PERMISSIVE)
        named = {policy.ref.namespace or HOME for level in self._levels[:_MESH] for policy in level}
        chosen = sorted(named) if namespace is None else sorted(named & {namespace})
        areas = [area for name in chosen for area in self._inside(name, mesh)]
        if namespace is None:
            areas.append(Area(Not(namespace_named(*chosen)) if chosen else Any(), Any(), Mode(mesh)))
        elif not chosen:
            areas.append(Area(namespace_named(namespace), Any(), Mode(mesh)))
        return areas

    def _inside(self, namespace: str, mesh: str) -> Iterator[Area]:
        """The areas of a namespace; which policy decides for pods that several select is not known."""
        here = namespace_named(namespace)
        own, single = (
            [policy for policy in level if (policy.ref.namespace or HOME) == namespace]
            for level in (self._levels[_NAMESPACE], self._levels[_WORKLOAD])
        )
        wide = _joint([_own(policy) for policy in own], mesh)
        selected: dict[Mode, list[Labels]] = {}
        for policy in single:
            selected.setdefault(_mode(policy, wide), []).append(labels_of(policy.spec.selector))
        by_mode = {mode: AnyOf(tuple(conditions)) for mode, conditions in selected.items()}
        for mode, condition in by_mode.items():
            others = (Not(other) for another, other in by_mode.items() if another != mode)
            yield Area(here, all_of((condition, *others)), mode)
        conditions = list(by_mode.values())
        for index, condition in enumerate(conditions[1:], 1):
            earlier = AnyOf(tuple(conditions[:index]))
            later = tuple(Not(other) for other in conditions[index + 1 :])
            yield Area(here, all_of((condition, earlier, *later)), Mode(MIXED))
        yield Area(here, all_of(tuple(Not(condition) for condition in conditions)), Mode(wide))

    def _level(self, policy: PeerAuthentication) -> int | None:
        selector = policy.spec.selector
        is_root = policy.ref.namespace == self._root
        if selector is not None and selector.match_labels:
            return None if is_root else _WORKLOAD
        return _MESH if is_root else _NAMESPACE

    def _policy(self, policy: PeerAuthentication, level: int, plane: Plane) -> Policy:
        namespace = policy.ref.namespace or HOME
        inside: Labels = Any() if level == _MESH else namespace_named(namespace)
        rules: list[Rule] = []
        for port, settings in sorted(
            (policy.spec.port_level_mtls or {}).items(), key=lambda item: int(item[0])
        ):
            ports = (PortRange(TCP, int(port), int(port)),)
            rules += _rules(settings.mode, ports, plane, ("spec", "portLevelMtls", port))
        mtls = policy.spec.mtls
        rules += _rules(mtls.mode if mtls is not None else None, ALL_TCP, plane, ("spec", "mtls"))
        return Policy(
            entity=policy,
            tier=ENCRYPTION,
            subjects=both(Pods(inside, labels_of(policy.spec.selector)), plane.pods),
            rules=tuple(rules),
            order=level,
            name=f"{namespace}/{policy.name}",
        )


def labels_of(selector: WorkloadSelector | None) -> Labels:
    """The pods that a selector of Istio means: without labels, all."""
    labels = (selector.match_labels if selector is not None else None) or {}
    return all_of(tuple(OneOf(key, (value,)) for key, value in sorted(labels.items())))


def _rules(mode: str | None, ports: tuple[PortRange, ...], plane: Plane, at: Path) -> Iterator[Rule]:
    """STRICT refuses callers without an identity; every mode that is set keeps wider policies out."""
    if mode in {None, UNSET}:
        return
    if mode == STRICT:
        yield _rule(Action.DENY, no(either(plane.known, plane.possible)), ports, at)
        if not isinstance(plane.possible, Nobody):
            yield _rule(Action.DENY, Perhaps(plane.possible, OTHER_PROXY), ports, at)
    yield _rule(Action.PASS, Everything(), ports, at)


def _rule(action: Action, peers: Endpoints, ports: tuple[PortRange, ...], at: Path) -> Rule:
    return Rule(action=action, direction=Direction.INGRESS, peers=peers, ports=ports, at=at)


def _own(policy: PeerAuthentication) -> str | None:
    mode = policy.spec.mtls.mode if policy.spec.mtls is not None else None
    return None if mode == UNSET else mode


def _joint(modes: list[str | None], wider: str) -> str:
    """The mode of one level: that of the wider one where none is said, not known where they differ."""
    found = {mode or wider for mode in modes} or {wider}
    return found.pop() if len(found) == 1 else MIXED


def _mode(policy: PeerAuthentication, wider: str) -> Mode:
    own = _own(policy) or wider
    ports = (policy.spec.port_level_mtls or {}).items()
    named = sorted((int(port), settings.mode or UNSET) for port, settings in ports)
    return Mode(own, tuple((port, mode) for port, mode in named if mode not in {UNSET, own}))


def _without(found: PortRange, port: int) -> Iterator[PortRange]:
    """A range without a port."""
    if not found.low <= port <= found.high:
        yield found
        return
    if found.low < port:
        yield PortRange(TCP, found.low, port - 1)
    if port < found.high:
        yield PortRange(TCP, port + 1, found.high)

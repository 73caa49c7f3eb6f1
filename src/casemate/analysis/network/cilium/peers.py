"""The peers of Cilium's rules as sets of endpoints: selectors, entities, ranges, Services, names of DNS.

Source: Cilium's pkg/policy/utils/parserules.go (mergeEndpointSelectors), pkg/policy/api/entity.go and
cidr.go, pkg/policy/k8s/service.go and cilium_cidr_group.go.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from casemate.analysis.network.addresses import parse_cidr
from casemate.analysis.network.cilium.selectors import (
    API_SERVER,
    OTHER_NODE,
    OWN_NODE,
    Scope,
    peers,
    split_key,
)
from casemate.analysis.network.cilium.selectors import nodes as labelled_nodes
from casemate.analysis.network.cilium.settings import CiliumSettings
from casemate.analysis.network.labels import Labels, OneOf, all_of, namespace_named
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Networks,
    Nobody,
    Nodes,
    Perhaps,
    Pods,
    Union,
    World,
    union,
)
from casemate.analysis.selectors import is_empty, selects
from casemate.model.cilium import CidrRule, CiliumCidrGroup, DnsName, Peers, ServiceRef
from casemate.model.exposure import Service
from casemate.model.selectors import LabelSelector, Requirement

if TYPE_CHECKING:
    from casemate.model.estate import Estate

ENTITIES: dict[str, Endpoints] = {
    "all": Everything(),
    "world": World(),
    "cluster": Complement(World()),
    "cluster-mesh": Complement(World()),
    "host": Perhaps(Nodes(), OWN_NODE),
    "remote-node": Perhaps(Nodes(), OTHER_NODE),
    "kube-apiserver": Perhaps(Union((Nodes(), World())), API_SERVER),
    "ingress": Perhaps(Nodes(), "whether it is Cilium's own proxy for Ingress and Gateway"),
    "unmanaged": Perhaps(Pods(), "whether it is a pod that Cilium does not manage"),
    "init": Nobody(),
    "health": Nobody(),
    "none": Nobody(),
}
"""What the entities are. Pods that start (init) and Cilium's own probes (health) are no endpoints here."""
_CLOUD = "the addresses of the cloud's security groups, which Cilium's operator asks for"
_EMPTY = "whether Cilium takes an empty cidrGroupSelector for all groups of ranges, or for every endpoint"
"""It keeps selectors by their text, so that an empty one is the same as one that selects everything."""
_NO_SERVICE = (
    "no Service fits: Cilium 1.19 and later let the ports be used for all peers then, earlier ones for none"
)


class CiliumSurroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What policies refer to: how Cilium is set up, the groups of ranges, and the Services.

    `has_all_groups` and `has_all_services` say that what is not among them does not exist.
    """

    settings: CiliumSettings = CiliumSettings()
    groups: tuple[CiliumCidrGroup, ...] = ()
    services: tuple[Service, ...] = ()
    has_all_groups: bool = False
    has_all_services: bool = False

    @classmethod
    def of(cls, estate: "Estate") -> "CiliumSurroundings":
        """What an estate holds of it."""
        return cls(
            settings=CiliumSettings.of(estate),
            groups=tuple(estate.of(CiliumCidrGroup)),
            services=tuple(estate.of(Service)),
            has_all_groups=estate.coverage.covers("CiliumCIDRGroup"),
            has_all_services=estate.coverage.covers("Service"),
        )


def meant_by(
    found: Peers, scope: Scope, around: CiliumSurroundings, *, has_ports: bool, denies: bool
) -> Endpoints | None:
    """The endpoints that a rule means; None where it says nothing about peers.

    An empty list of one kind of peers selects nobody, whatever else is said. A deny rule has no names of
    DNS, and Cilium never looks up its Services.
    """
    lists = (found.endpoints, found.nodes, found.entities, found.cidr, found.cidr_set)
    if any(item is not None and not item for item in lists):
        return Nobody()
    parts: list[Endpoints] = []
    parts += [peers(selector, scope, around.settings) for selector in found.endpoints or ()]
    parts += [_remote(selector) for selector in found.nodes or ()]
    parts += _entities(found.entities or ())
    parts += [_networks((text,), (), around.settings) for text in found.cidr or ()]
    parts += [_cidr_rule(rule, around) for rule in found.cidr_set or ()]
    parts += [Perhaps(World(), _CLOUD) for _ in (found.groups or ())[:1]]
    parts += [_names(found.fqdns)] if found.fqdns and not denies else []
    if found.services:
        known = CiliumSurroundings(has_all_services=True) if denies else around
        parts.append(_services(found.services, known, has_ports=has_ports))
    return union(parts) if parts else None


def _remote(selector: LabelSelector) -> Endpoints:
    """Other nodes by their labels."""
    return Perhaps(labelled_nodes(selector), OTHER_NODE)


def _entities(names: Iterable[str]) -> Iterator[Endpoints]:
    given = set(names)
    if {"host", "remote-node"} <= given:  # together every node, so that it does not matter which one it is
        given -= {"host", "remote-node"}
        yield Nodes()
    for name in sorted(given):
        yield ENTITIES[name]


def _networks(ranges: tuple[str, ...], without: tuple[str, ...], settings: CiliumSettings) -> Endpoints:
    return Networks(ranges, without, pods=settings.cidr_pods, nodes=settings.cidr_nodes)


def _cidr_rule(rule: CidrRule, around: CiliumSurroundings) -> Endpoints:
    without = rule.except_ or ()
    if rule.cidr:
        return _networks((rule.cidr,), without, around.settings)
    if rule.cidr_group_ref:
        chosen = [group for group in around.groups if group.ref.name == rule.cidr_group_ref]
        missing = f"the ranges of the CiliumCIDRGroup {rule.cidr_group_ref}, which was not read"
    else:
        selector = bare(rule.cidr_group_selector or LabelSelector())
        if is_empty(selector):
            return Perhaps(Everything(), _EMPTY)
        chosen = [group for group in around.groups if selects(selector, group.labels)]
        missing = "the ranges of CiliumCIDRGroups with these labels, of which none was read"
    if not chosen:
        return Nobody() if around.has_all_groups else Perhaps(World(), missing)
    ranges = [text for group in chosen for text in group.spec.external_cidrs or () if parse_cidr(text)]
    return _networks(tuple(ranges), without, around.settings) if ranges else Nobody()


def _names(names: Iterable[DnsName]) -> Endpoints:
    said = ", ".join(sorted({item.match_name or item.match_pattern or "" for item in names}))
    return Perhaps(World(), f"whether the address is one that DNS gave for {said}")


def _services(refs: Iterable[ServiceRef], around: CiliumSurroundings, *, has_ports: bool) -> Endpoints:
    """The pods of Services with a selector, the addresses of the others, which are never those of pods."""
    parts: list[Endpoints] = []
    for ref in refs:
        found = [_of_service(service) for service in around.services if is_meant(ref, service)]
        if not found and not around.has_all_services:
            found = [Perhaps(Everything(), f"what {_said(ref)} leads to, which was not read")]
        parts += found
    if not parts and has_ports:
        return Perhaps(Everything(), _NO_SERVICE)
    return union(parts)


def _of_service(service: Service) -> Endpoints:
    space = service.ref.namespace or HOME
    selector = service.spec.selector
    if not selector:
        return Perhaps(World(), f"whether it is an address behind the Service {space}/{service.name}")
    conditions: tuple[Labels, ...] = tuple(OneOf(key, (value,)) for key, value in sorted(selector.items()))
    return Pods(namespaces=namespace_named(space), pods=all_of(conditions))


def is_meant(ref: ServiceRef, service: Service) -> bool:
    """Whether a reference means a Service; a namespace that is not said means all."""
    chosen, named = ref.k8s_service_selector, ref.k8s_service
    space = service.ref.namespace or HOME
    if chosen is not None:
        return chosen.namespace in {None, "", space} and selects(bare(chosen.selector), service.labels)
    return (
        named is not None and named.namespace in {None, "", space} and named.service_name == service.ref.name
    )


def bare(selector: LabelSelector) -> LabelSelector:
    """A selector without the sources of labels in its keys."""
    return LabelSelector(
        match_labels={split_key(key)[1]: value for key, value in (selector.match_labels or {}).items()},
        match_expressions=tuple(
            Requirement(key=split_key(item.key or "")[1], operator=item.operator, values=item.values)
            for item in selector.match_expressions or ()
        ),
    )


def _said(ref: ServiceRef) -> str:
    if ref.k8s_service is None:
        return "the Services with these labels"
    return f"the Service {ref.k8s_service.namespace or HOME}/{ref.k8s_service.service_name}"

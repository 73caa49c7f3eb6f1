"""Which endpoints one end of a Calico rule means, and whom a policy is for.

Selectors of every kind are put together into one condition on the labels that Calico gives endpoints
(`calico_labels`), which network sets and host endpoints are asked as well as pods.

Source: projectcalico/calico libcalico-go/lib/backend/syncersv1/updateprocessors (rules.go, selectors.go,
networkpolicyprocessor.go, globalnetworkpolicyprocessor.go, networksetprocessor.go), libcalico-go/lib/backend/
k8s/conversion (namespaces and service accounts as profiles), felix/rules/policy.go (families of addresses).
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from casemate.analysis.network.addresses import parse_address, parse_cidr
from casemate.analysis.network.calico.labels import (
    ACCOUNT,
    NAME,
    NAMESPACE,
    OF_ACCOUNT,
    OF_NAMESPACE,
    intersection,
    pods_where,
)
from casemate.analysis.network.calico.selectors import parse
from casemate.analysis.network.label_index import LabelIndex
from casemate.analysis.network.labels import NAME_LABEL, Any, Has, Labels, Not, OneOf, all_of
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Networks,
    Nobody,
    Nodes,
    Perhaps,
    union,
)
from casemate.model.calico import CalicoPolicySpec, EntityRule, HostEndpoint, NetworkSet, ServiceAccountMatch

_FAMILIES = {4: "0.0.0.0/0", 6: "::/0"}


class Addressed(msgspec.Struct, frozen=True):
    """Addresses that selectors find by labels: a network set, or a node's interface."""

    labels: dict[str, str]
    ranges: tuple[str, ...]
    node: Endpoints | None = None


def addressed(
    sets: Iterable[NetworkSet], hosts: Iterable[HostEndpoint], namespaces: Mapping[str, Mapping[str, str]]
) -> Iterator[Addressed]:
    """Network sets and host endpoints with the labels that Calico gives them."""
    for item in sets:
        labels = dict(item.labels)
        if not item.is_global:
            name = item.ref.namespace or HOME
            inherited = {**namespaces.get(name, {}), NAME_LABEL: name, NAME: name}
            labels |= {OF_NAMESPACE + key: value for key, value in inherited.items()}
            labels[NAMESPACE] = name
        yield Addressed(labels, tuple(cidrs(item.spec.nets)))
    for host in hosts:
        yield Addressed(dict(host.labels), tuple(cidrs(host.spec.expected_ips)), node_of(host))


def cidrs(nets: Iterable[str]) -> Iterator[str]:
    """Ranges as they are written, single addresses as ranges of one; what is none is left out."""
    for text in nets:
        if parse_cidr(text) is not None:
            yield text
        else:
            found = parse_address(text)
            if found is not None:
                yield f"{text}/{32 if found.family == 4 else 128}"


def is_net(text: str) -> bool:
    """Whether a text is a range of addresses, or one address."""
    return bool(list(cidrs((text,))))


class Selected:
    """The endpoints that conditions on Calico's labels select, each worked out once."""

    def __init__(self, beside: Iterable[Addressed]) -> None:
        self._beside = tuple(beside)
        self._index = LabelIndex([item.labels for item in self._beside])
        self._found: dict[Labels, Endpoints] = {}

    def peers(self, condition: Labels) -> Endpoints:
        """Pods, network sets and host endpoints that fulfil a condition."""
        found = self._found.get(condition)
        if found is None:
            ranges = {text for item in self._matching(condition) for text in item.ranges}
            pods = pods_where(condition)
            sets = Networks(tuple(sorted(ranges)), pods=True, nodes=True)
            parts = [pods, sets] if ranges and pods != Nobody() else [sets] if ranges else [pods]
            found = self._found[condition] = union(parts)
        return found

    def subjects(self, condition: Labels) -> Endpoints:
        """Pods that fulfil a condition, and perhaps the nodes of host endpoints that do."""
        hosts = [item.node for item in self._matching(condition) if item.node is not None]
        return union((pods_where(condition), *hosts))

    def _matching(self, condition: Labels) -> Iterator[Addressed]:
        return (self._beside[number] for number in self._index.where(condition).sure)


def node_of(host: HostEndpoint) -> Endpoints:
    """The node of a host endpoint, perhaps: what applies to it beside policies is not worked out."""
    ranges = tuple(cidrs(host.spec.expected_ips))
    found = intersection((Nodes(), Networks(ranges, pods=False, nodes=True))) if ranges else Nodes()
    return Perhaps(found, f"what applies to the host endpoint {host.name}")


def subject_condition(spec: CalicoPolicySpec, namespace: str | None) -> Labels:
    """Whom a policy is for; `namespace` is that of a namespaced one, None for a global one."""
    parts = [parse(spec.selector)]
    if namespace is not None:
        parts.append(OneOf(NAMESPACE, (namespace,)))
    elif spec.namespace_selector:
        parts.append(_of_namespaces(spec.namespace_selector))
    if spec.service_account_selector:
        everything: Labels = Any() if namespace is not None else Has(ACCOUNT)
        parts.append(parse(spec.service_account_selector, OF_ACCOUNT, everything))
    return all_of(tuple(parts))


def entity_endpoints(entity: EntityRule, namespace: str | None, selected: Selected) -> Endpoints:
    """The endpoints that one end of a rule means, its ports and Services apart.

    Any selector binds the end of a namespaced policy to its namespace, unless it names namespaces. A rule
    with `notSelector` alone, in a global policy, also means what is no endpoint of Calico.
    """
    parts: list[Endpoints] = []
    wanted = _positive(entity, namespace)
    unwanted = parse(entity.not_selector) if entity.not_selector else None
    if wanted is not None:
        parts.append(selected.peers(wanted if unwanted is None else all_of((wanted, Not(unwanted)))))
    elif unwanted is not None:
        parts.append(Complement(selected.peers(unwanted)))
    if entity.nets or entity.not_nets:
        parts.append(_networks(entity))
    if entity.domains:
        parts.append(Perhaps(Everything(), "the addresses of domain names"))
    return intersection(parts)


def of_family(version: int) -> Endpoints:
    """Every address of a family."""
    return Networks((_FAMILIES[version],), pods=True, nodes=True)


def _positive(entity: EntityRule, namespace: str | None) -> Labels | None:
    """What a rule's selectors say together, without `notSelector`; None where they say nothing."""
    parts = [*_of_accounts(entity.service_accounts)]
    if entity.selector:
        parts.append(parse(entity.selector))
    if entity.namespace_selector:
        parts.insert(0, _of_namespaces(entity.namespace_selector))
    elif namespace is not None and (parts or entity.not_selector):
        parts.insert(0, OneOf(NAMESPACE, (namespace,)))
    return all_of(tuple(parts)) if parts else None


def _of_namespaces(selector: str) -> Labels:
    return parse(selector, OF_NAMESPACE, Has(NAMESPACE), Not(Has(NAMESPACE)))


def _of_accounts(match: ServiceAccountMatch | None) -> Iterator[Labels]:
    if match is not None and match.selector:
        yield parse(match.selector, OF_ACCOUNT)
    if match is not None and match.names:
        yield OneOf(ACCOUNT, tuple(sorted(set(match.names))))


def _networks(entity: EntityRule) -> Endpoints:
    """The ranges of an end without those it excepts.

    A list of ranges that has none of a packet's family does not match it, whether it is meant or excepted.
    """
    ranges, without = tuple(cidrs(entity.nets)), tuple(cidrs(entity.not_nets))
    families = {":" in text for text in without}
    if not entity.nets:
        ranges = tuple(text for text in _FAMILIES.values() if (":" in text) in families)
    elif without:
        ranges = tuple(text for text in ranges if (":" in text) in families)
    return Networks(ranges, without, pods=True, nodes=True) if ranges else Nobody()

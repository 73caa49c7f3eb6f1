"""Peers and ports of cluster-wide network policies in the common form.

Source: kubernetes-sigs/network-policy-api, apis/v1alpha1, apis/v1alpha2 and apis/v1beta1, and the validation
in config/crd.
"""

import re
from collections.abc import Iterator

from casemate.analysis.network.addresses import cidr_problem, parse_address, parse_cidr
from casemate.analysis.network.labels import Labels, of_selector
from casemate.analysis.network.policies import (
    TCP,
    WITH_PORTS,
    Endpoints,
    NamedPort,
    Networks,
    Nodes,
    Perhaps,
    Pods,
    PortRange,
    World,
)
from casemate.analysis.selectors import is_valid
from casemate.model.admin_network_policy import (
    AdminPeer,
    AdminPort,
    AdminProtocol,
    AdminSubject,
    Choice,
    NamespacedPod,
    PortSpan,
    StrictSelector,
)
from casemate.model.place import Path

WITHOUT_NAMED_PORTS = ("nodes", "networks", "domainNames")
"""Peers that have no names for ports, so that a rule must not have both."""

_MOST_IN_PEER = 25
_LAST_PORT = 65_535
_DOMAIN = re.compile(
    r"(\*\.)?([a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?"
)


class _AtError(Exception):
    """Something at a place of a policy."""

    def __init__(self, at: Path, message: str) -> None:
        super().__init__(message)
        self.at = at


class RefusedError(_AtError):
    """The API server does not take the policy."""


class UnclearError(_AtError):
    """What a part means is not known, so that it is to be read as closed."""


def chosen(choice: Choice, at: Path, fields: tuple[str, ...] = ()) -> str:
    """The one field that is set; of those that are known in this place, where `fields` names them.

    Raises `UnclearError` for a field that is not known there, `RefusedError` where it is not exactly one.
    """
    names = choice.chosen
    strange = next(
        (name for name in names if name == choice.unknown or (fields and name not in fields)), None
    )
    if strange is not None:
        raise UnclearError(at, f"there is no field {strange} here")
    if len(names) != 1:
        known = fields or tuple(name for name in choice.__struct_encode_fields__ if name != "?")
        raise RefusedError(at, f"exactly one must be set of {', '.join(known)}")
    return names[0]


def subjects(subject: AdminSubject | None, at: Path) -> Endpoints:
    """The pods that a policy is for; those on the host's network never are."""
    if subject is None:
        raise RefusedError(at, "it has no subject")
    chosen(subject, at)
    return _pods(subject.namespaces, subject.pods or NamespacedPod(), at)


def peers(peer: AdminPeer, at: Path, fields: tuple[str, ...], *, aligned: bool) -> Endpoints:
    """The endpoints of one peer; `fields` are those that a peer has in this place.

    `networks` are for addresses outside of the cluster, and yet pods and nodes in them match, as the API
    says. `aligned` says that a range must not have bits behind its prefix.
    """
    name = chosen(peer, at, fields)
    if peer.nodes is not None:
        return Nodes(labels(peer.nodes, (*at, name)))
    if peer.networks is not None:
        for index, cidr in enumerate(_few(peer.networks, (*at, name))):
            problem = cidr_problem(cidr)
            if not problem and aligned and not _is_aligned(cidr):
                problem = f"{cidr} has bits behind its prefix"
            if problem:
                raise RefusedError((*at, name, index), problem)
        return Networks(peer.networks, pods=True, nodes=True)
    if peer.domain_names is not None:
        for index, domain in enumerate(_few(peer.domain_names, (*at, name))):
            if _DOMAIN.fullmatch(domain) is None:
                raise RefusedError((*at, name, index), f"{domain} is no domain name")
        return Perhaps(World(), f"which addresses {', '.join(peer.domain_names)} resolves to")
    return _pods(peer.namespaces, peer.pods or NamespacedPod(), at)


def labels(selector: StrictSelector, at: Path) -> Labels:
    """The condition of a selector. Raises `UnclearError` for one that no plugin can follow."""
    if selector.unknown is not None:
        raise UnclearError(at, f"there is no field {selector.unknown} here")
    if not is_valid(selector):
        raise UnclearError(at, "the selector has an operator or values that are not allowed")
    return of_selector(selector)


def port(item: AdminPort, at: Path) -> Iterator[PortRange | NamedPort]:
    """The ports of an entry of v1alpha1; a name is one of any protocol."""
    name = chosen(item, at)
    if item.named_port is not None:
        yield from _named(item.named_port)
    elif item.port_number is not None:
        number = item.port_number.port
        yield PortRange(
            _protocol(item.port_number.protocol, (*at, name)), *_numbers(number, number, (*at, name))
        )
    else:
        span = item.port_range or PortSpan()
        low, high = _numbers(span.start, span.end, (*at, name))
        if high < low:
            raise UnclearError((*at, name), f"{high} is no last port for {low}")
        yield PortRange(_protocol(span.protocol, (*at, name)), low, high)


def protocol(item: AdminProtocol, at: Path) -> Iterator[PortRange | NamedPort]:
    """The ports of an entry since v1alpha2."""
    name = chosen(item, at)
    if item.destination_named_port is not None:
        yield from _named(item.destination_named_port)
        return
    asked = item.tcp or item.udp or item.sctp
    found = None if asked is None else asked.destination_port
    if found is None:
        raise RefusedError((*at, name), "destinationPort must be set")
    here = (*at, name, "destinationPort")
    key = chosen(found, here)
    span = found.range or PortSpan(start=found.number, end=found.number)
    low, high = _numbers(span.start, span.end, (*here, key))
    if found.range is not None and high <= low:
        raise RefusedError((*here, key), "start must be less than end")
    yield PortRange(name.upper(), low, high)


def missing(pods: NamespacedPod | None) -> tuple[str, ...]:
    """The selectors that are not there; those of v1alpha1 and a pod's must be, and count as empty."""
    if pods is None:
        return ()
    found = {"namespaceSelector": pods.namespace_selector, "podSelector": pods.pod_selector}
    return tuple(name for name, selector in found.items() if selector is None)


def _pods(namespaces: StrictSelector | None, found: NamespacedPod, at: Path) -> Endpoints:
    if namespaces is not None:
        return Pods(namespaces=labels(namespaces, (*at, "namespaces")))
    return Pods(
        namespaces=labels(found.namespace_selector or StrictSelector(), (*at, "pods", "namespaceSelector")),
        pods=labels(found.pod_selector or StrictSelector(), (*at, "pods", "podSelector")),
    )


def _is_aligned(cidr: str) -> bool:
    """Whether a range begins at the address that is written."""
    begin, whole = parse_address(cidr.partition("/")[0]), parse_cidr(cidr)
    return begin is not None and whole is not None and begin.low == whole.low


def _few(values: tuple[str, ...], at: Path) -> tuple[str, ...]:
    if not 1 <= len(values) <= _MOST_IN_PEER:
        raise RefusedError(at, f"it must have 1 to {_MOST_IN_PEER} entries, not {len(values)}")
    if len(set(values)) < len(values):
        raise RefusedError(at, "an entry is given twice")
    return values


def _named(name: str) -> Iterator[NamedPort]:
    return (NamedPort(known, name) for known in WITH_PORTS)


def _protocol(name: str | None, at: Path) -> str:
    known = name or TCP
    if known not in WITH_PORTS:
        raise UnclearError((*at, "protocol"), f"there is no protocol {known} for ports")
    return known


def _numbers(low: int | None, high: int | None, at: Path) -> tuple[int, int]:
    for number in (low, high):
        if number is None or not 1 <= number <= _LAST_PORT:
            raise RefusedError(
                at, f"a port from 1 to {_LAST_PORT} must be set" if number is None else f"{number} is no port"
            )
    return low or 0, high or 0

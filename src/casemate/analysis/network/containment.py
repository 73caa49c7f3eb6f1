"""Whether what one rule means holds all that another one means, whatever pods there are.

The answers follow from what is written, and not from the pods that happen to be there: `True` is certain,
`False` only says that it could not be shown.
"""

from collections.abc import Iterable

from casemate.analysis.network.addresses import AddressRange, parse_cidr
from casemate.analysis.network.labels import AllOf, Any, AnyOf, Has, Labels, Matches, Not, Nothing, OneOf
from casemate.analysis.network.policies import (
    Endpoints,
    Everything,
    Intersection,
    NamedPort,
    Networks,
    Nobody,
    Nodes,
    Perhaps,
    Pods,
    PortRange,
    Ports,
    Union,
)


def labels_hold(outer: Labels, inner: Labels) -> bool:
    """Whether all labels that fulfil the inner condition fulfil the outer one."""
    if isinstance(outer, Any) or isinstance(inner, Nothing) or outer == inner:
        return True
    if isinstance(inner, AnyOf):
        return all(labels_hold(outer, part) for part in inner.parts)
    if isinstance(outer, AllOf):
        return all(labels_hold(part, inner) for part in outer.parts)
    if isinstance(inner, AllOf) and any(labels_hold(outer, part) for part in inner.parts):
        return True
    if isinstance(outer, AnyOf):
        return any(labels_hold(part, inner) for part in outer.parts)
    return _single(outer, inner)


def _single(outer: Labels, inner: Labels) -> bool:
    """The same of conditions about one label each."""
    if isinstance(outer, Not):
        if isinstance(inner, Not):
            return labels_hold(inner.inner, outer.inner)
        return _exclude(outer.inner, inner)
    if isinstance(inner, OneOf) and isinstance(outer, (OneOf, Has)) and outer.key == inner.key:
        return isinstance(outer, Has) or set(inner.values) <= set(outer.values)
    return isinstance(outer, Has) and isinstance(inner, Matches) and outer.key == inner.key


def _exclude(one: Labels, other: Labels) -> bool:
    """Whether no value fulfils both conditions."""
    both_values = isinstance(one, OneOf) and isinstance(other, OneOf)
    return both_values and one.key == other.key and not set(one.values) & set(other.values)  # type: ignore[attr-defined] # both are OneOf


def endpoints_hold(outer: Endpoints, inner: Endpoints) -> bool:
    """Whether all endpoints of the inner set are in the outer one."""
    if isinstance(outer, Everything) or isinstance(inner, Nobody) or outer == inner:
        return True
    if isinstance(inner, Perhaps):
        return endpoints_hold(outer, inner.inner)
    if isinstance(inner, Union):
        return all(endpoints_hold(outer, part) for part in inner.parts)
    if isinstance(outer, Intersection):
        return all(endpoints_hold(part, inner) for part in outer.parts)
    if isinstance(inner, Intersection) and any(endpoints_hold(outer, part) for part in inner.parts):
        return True
    if isinstance(outer, Union):
        return any(endpoints_hold(part, inner) for part in outer.parts)
    if isinstance(outer, Pods) and isinstance(inner, Pods):
        return (
            labels_hold(outer.namespaces, inner.namespaces)
            and labels_hold(outer.pods, inner.pods)
            and labels_hold(outer.accounts, inner.accounts)
        )
    if isinstance(outer, Nodes) and isinstance(inner, Nodes):
        return labels_hold(outer.labels, inner.labels)
    return isinstance(outer, Networks) and isinstance(inner, Networks) and _networks_hold(outer, inner)


def _networks_hold(outer: Networks, inner: Networks) -> bool:
    """Whether each range of the inner set is in one of the outer, and so is what that leaves out."""
    if (outer.pods, outer.nodes) != (inner.pods, inner.nodes):
        return False
    wide, left_out = _parsed(outer.ranges), _parsed(outer.without)
    narrow, spared = _parsed(inner.ranges), _parsed(inner.without)
    return all(
        any(_inside(item, found) for found in wide)
        and all(
            _apart(item, gap) or any(_inside(gap, found) for found in spared) for gap in left_out
        )
        for item in narrow
    )  # fmt: skip


def ports_hold(outer: Ports | None, inner: Ports | None) -> bool:
    """Whether all ports of the inner rule are ports of the outer one."""
    if outer is None:
        return True
    if inner is None:
        return False
    joined = _joined(port for port in outer if isinstance(port, PortRange))
    names = {port for port in outer if isinstance(port, NamedPort)}
    return all(
        port in names
        if isinstance(port, NamedPort)
        else any(r.protocol == port.protocol and r.low <= port.low and port.high <= r.high for r in joined)
        for port in inner
    )


def _joined(ranges: Iterable[PortRange]) -> list[PortRange]:
    """The ranges, those that touch or overlap as one."""
    found: list[PortRange] = []
    for item in sorted(ranges, key=lambda port: (port.protocol, port.low)):
        last = found[-1] if found else None
        if last is not None and last.protocol == item.protocol and item.low <= last.high + 1:
            found[-1] = PortRange(last.protocol, last.low, max(last.high, item.high))
        else:
            found.append(item)
    return found


def _parsed(ranges: Iterable[str]) -> list[AddressRange]:
    return [found for found in map(parse_cidr, ranges) if found is not None]


def _inside(inner: AddressRange, outer: AddressRange) -> bool:
    return inner.family == outer.family and outer.low <= inner.low and inner.high <= outer.high


def _apart(one: AddressRange, other: AddressRange) -> bool:
    return one.family != other.family or one.high < other.low or other.high < one.low

"""Endpoints, ports and the reasons of answers about connections, in words."""

from collections.abc import Iterable, Sequence

from casemate.analysis.network.addresses import range_of
from casemate.analysis.network.connections import Connection
from casemate.analysis.network.difference import Changed
from casemate.analysis.network.policies import Action, Direction, Policy, PortRange
from casemate.analysis.network.ports import limits
from casemate.analysis.network.queries import Reason
from casemate.model.place import path_text

_ALL = (PortRange("TCP", 1, 65_535), PortRange("UDP", 1, 65_535), PortRange("SCTP", 1, 65_535))
_VERBS = {
    Action.ALLOW: "allows",
    Action.DENY: "denies",
    Action.PASS: "passes it on, and nothing refuses it",
}
_SHOWN = 6
"""Endpoints of a line that are named; more are counted."""
_RANGES = 3
_EVERY_ADDRESS = ("0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")


def ports_words(ranges: Iterable[PortRange]) -> str:
    """`TCP 80, 443; UDP 53`; `everything` for all ports of all protocols."""
    found = tuple(ranges)
    if set(_ALL) <= set(found):
        return "everything"
    by_protocol: dict[str, list[str]] = {}
    for item in found:
        by_protocol.setdefault(item.protocol, []).append(_range_words(item))
    return "; ".join(f"{protocol} {', '.join(ports)}" for protocol, ports in by_protocol.items())


def _range_words(item: PortRange) -> str:
    if (item.low, item.high) == limits(item.protocol):
        return "all"
    return str(item.low) if item.low == item.high else f"{item.low}-{item.high}"


def endpoint_words(name: str) -> str:
    """An endpoint for people: every address of a family is `any IPv4 address`."""
    if name in _EVERY_ADDRESS:
        return f"any IPv{'4' if name == _EVERY_ADDRESS[0] else '6'} address"
    return name


def policy_id(policy: Policy) -> str:
    """`NetworkPolicy/shop/cart`."""
    ref = policy.entity.ref
    return "/".join(part for part in (ref.kind, ref.namespace, ref.name) if part)


def reason_words(reason: Reason) -> str:
    """What decides in one direction: `egress: NetworkPolicy/shop/cart spec.egress[0] allows`."""
    way = reason.direction.value
    if reason.note:
        return f"{way}: {reason.note}"
    if reason.rule is not None and reason.policies:
        verb = _VERBS[reason.rule.action]
        return f"{way}: {policy_id(reason.policies[0])} {path_text(reason.rule.at)} {verb}"
    if reason.policies:
        names = ", ".join(dict.fromkeys(map(policy_id, reason.policies)))
        side = "source" if reason.direction is Direction.EGRESS else "destination"
        return f"{way}: {names} isolates the {side}, and no rule allows it"
    return (
        f"{way}: nothing isolates the {'source' if reason.direction is Direction.EGRESS else 'destination'}"
    )


def grouped(found: Iterable[Connection | Changed]) -> dict[str, dict[tuple[PortRange, ...], list[str]]]:
    """The sources of each destination, by the ports that they reach there."""
    pairs: dict[tuple[str, str], list[PortRange]] = {}
    for item in found:
        pairs.setdefault((item.destination, item.source), []).append(
            PortRange(item.protocol, item.low, item.high)
        )
    groups: dict[str, dict[tuple[PortRange, ...], list[str]]] = {}
    for (destination, source), ranges in pairs.items():
        groups.setdefault(destination, {}).setdefault(tuple(ranges), []).append(source)
    return groups


def sources_words(sources: Sequence[str], destination: str, workloads: Sequence[str]) -> str:
    """The sources in few words: all workloads, whole namespaces, then names."""
    left = dict.fromkeys(sources)
    parts: list[str] = []
    others = [name for name in workloads if name != destination]
    if len(others) > 1 and left.keys() >= set(others):
        parts.append("every other workload" if destination in workloads else "every workload")
        left = {name: None for name in left if name not in others}
    else:
        for namespace, members in _by_namespace(others).items():
            if len(members) > 2 and left.keys() >= set(members):
                parts.append(f"all of {namespace}")
                left = {name: None for name in left if name not in members}
    outside = [name for name in left if range_of(name) is not None]
    if len(outside) > _RANGES:
        parts.append(f"{len(outside)} ranges of addresses")
        left = {name: None for name in left if name not in set(outside)}
    named = [endpoint_words(name) for name in left]
    more = len(named) - _SHOWN
    return ", ".join([*parts, *named[:_SHOWN], *([f"and {more:,} more"] if more > 0 else [])])


def _by_namespace(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.partition("/")[0], []).append(name)
    return found

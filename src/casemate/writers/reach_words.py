"""Endpoints, ports and the reasons of answers about connections, in words."""

from collections.abc import Iterable

from casemate.analysis.network.connections import Connection
from casemate.analysis.network.policies import Action, Direction, Policy, PortRange
from casemate.analysis.network.ports import limits
from casemate.analysis.network.queries import Reason
from casemate.model.place import path_text

_ALL = (PortRange("TCP", 1, 65_535), PortRange("UDP", 1, 65_535), PortRange("SCTP", 1, 65_535))
_EVERY_ADDRESS = ("0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
_VERBS = {
    Action.ALLOW: "allows",
    Action.DENY: "denies",
    Action.PASS: "passes it on, and nothing refuses it",
}


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


def grouped(found: Iterable[Connection]) -> dict[str, dict[tuple[PortRange, ...], list[str]]]:
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

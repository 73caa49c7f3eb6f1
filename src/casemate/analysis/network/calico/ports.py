"""Which protocols, ports and types of ICMP a Calico rule means.

Source: projectcalico/calico api/pkg/lib/numorstring (port.go, protocol.go), felix/calc/rule_scanner.go and
felix/rules/policy.go.
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.policies import (
    ICMP,
    ICMPV6,
    OTHER,
    PROTOCOLS,
    SCTP,
    TCP,
    UDP,
    NamedPort,
    PortRange,
    Ports,
)
from casemate.analysis.network.ports import limits
from casemate.model.calico import CalicoRule, IcmpFields

_NUMBERS = {1: ICMP, 6: TCP, 17: UDP, 58: ICMPV6, 132: SCTP}
_NAMES = {name.lower(): name for name in _NUMBERS.values()} | {"udplite": OTHER}
_RANGE = re.compile(r"([0-9]+)(?::([0-9]+))?")
_PORT_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")
LAST_PORT = 65_535
Interval = tuple[int, int]


class Matched(msgspec.Struct, frozen=True):
    """Ports that a rule means for certain where `why` is empty, else perhaps; None means everything."""

    ports: Ports | None
    why: str = ""


def protocol_of(said: int | str) -> str | None:
    """The protocol of a name or number, `other` for one that is not told apart; None for what is none."""
    if isinstance(said, str) and not said.isdecimal():
        return _NAMES.get(said.lower())
    number = int(said)
    return _NUMBERS.get(number, OTHER) if 1 <= number <= 255 else None


def interval(said: int | str) -> Interval | None:
    """The ports of a number or of a range such as `1:5`; None for a name. What is no port is (0, 0)."""
    match = _RANGE.fullmatch(str(said))
    if match is None:
        return None if _PORT_NAME.fullmatch(str(said)) else (0, 0)
    low = _number(match[1])
    high = low if match[2] is None else _number(match[2])
    return (low, high) if 1 <= low <= high <= LAST_PORT else (0, 0)


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else LAST_PORT + 1


def matched(rule: CalicoRule) -> Iterator[Matched]:
    """The ports that a valid rule means: those that are sure, and those that are possible."""
    if rule.protocol is None and rule.not_protocol is None and rule.icmp is None and rule.not_icmp is None:
        yield Matched(None)
        return
    sure: dict[str, list[Interval]] = {protocol: [limits(protocol)] for protocol in _meant(rule)}
    perhaps: list[Matched] = []
    if OTHER in (_said(rule.protocol), _said(rule.not_protocol)) and OTHER in sure:
        del sure[OTHER]
        perhaps.append(Matched((PortRange(OTHER, 0, 0),), "which protocol of IP it is"))
    perhaps += _icmp(rule, sure)
    names: list[NamedPort] = []
    for protocol in list(sure):
        if protocol in {TCP, UDP, SCTP}:
            found, doubtful = _ports(rule, protocol, sure)
            names += found
            perhaps += doubtful
    ranges = [PortRange(protocol, low, high) for protocol, found in sure.items() for low, high in found]
    if ranges or names:
        yield Matched((*ranges, *names))
    yield from perhaps


def _said(protocol: int | str | None) -> str | None:
    return None if protocol is None else protocol_of(protocol)


def _meant(rule: CalicoRule) -> list[str]:
    """The protocols that may match; one that is only a part of `other` leaves the rest of it."""
    wanted, unwanted = _said(rule.protocol), _said(rule.not_protocol)
    return [
        protocol
        for protocol in PROTOCOLS
        if wanted in {None, protocol} and (unwanted != protocol or protocol == OTHER)
    ]


def _icmp(rule: CalicoRule, sure: dict[str, list[Interval]]) -> list[Matched]:
    """Narrow the types of ICMP; types of which only some codes match are possible."""
    perhaps = []
    for protocol in (ICMP, ICMPV6):
        if protocol not in sure:
            continue
        wanted, unwanted = rule.icmp or IcmpFields(), rule.not_icmp or IcmpFields()
        kinds = []
        if wanted.type is not None:
            sure[protocol] = [(wanted.type, wanted.type)] if wanted.code is None else []
            if wanted.code is not None and (unwanted.type != wanted.type or unwanted.code is not None):
                kinds.append(wanted.type)
        if unwanted.type is not None:
            left = _without(sure[protocol], [(unwanted.type, unwanted.type)])
            if unwanted.code is not None and left != sure[protocol]:
                kinds.append(unwanted.type)
            sure[protocol] = left
        why = "the code of the ICMP message"
        perhaps += [Matched((PortRange(protocol, kind, kind),), why) for kind in kinds]
    return perhaps


def _ports(
    rule: CalicoRule, protocol: str, sure: dict[str, list[Interval]]
) -> tuple[list[NamedPort], list[Matched]]:
    """Narrow the ports of a protocol; names among the exceptions leave open which ports they are."""
    to, excepted = rule.destination, [interval(port) for port in rule.destination.not_ports]
    names = [NamedPort(protocol, str(port)) for port in to.ports if interval(port) is None]
    if to.ports:
        sure[protocol] = [found for found in map(interval, to.ports) if found is not None]
    sure[protocol] = _without(sure[protocol], [found for found in excepted if found is not None])
    why = "which ports the containers give the names that the rule excepts"
    if None in excepted:
        ranges = [PortRange(protocol, low, high) for low, high in sure.pop(protocol)]
        return [], [Matched((*ranges, *names), why)]
    if names and excepted:
        return [], [Matched(tuple(names), "whether the port of that name is one that the rule excepts")]
    return names, []


def _without(found: list[Interval], excepted: list[Interval]) -> list[Interval]:
    for first, last in excepted:
        left = []
        for low, high in found:
            if low < first:
                left.append((low, min(high, first - 1)))
            if high > last:
                left.append((max(low, last + 1), high))
        found = left
    return found

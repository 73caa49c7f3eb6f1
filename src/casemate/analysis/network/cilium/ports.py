"""The ports, types of ICMP and conditions on content of Cilium's rules.

Source: Cilium's pkg/policy/api/l4.go, icmp.go and rule_validation.go, pkg/policy/rule.go (mergeL4Filter) and
l4.go (createL4Filter, keysForRange), pkg/iana.
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.network_policies import LAST_PORT
from casemate.analysis.network.policies import (
    ICMP,
    ICMPV6,
    OTHER,
    WITH_PORTS,
    NamedPort,
    PortRange,
    Ports,
)
from casemate.model.cilium import Authentication, DirectedRule, HttpRule, IcmpField, PortProtocol, PortRule
from casemate.model.place import Path

ANY = "ANY"
WITHOUT_PORTS = ("VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH")
"""Protocols that Cilium knows since 1.19 and 1.20 and that have no ports."""
TYPES_V4 = {
    "EchoReply": 0,
    "DestinationUnreachable": 3,
    "Redirect": 5,
    "Echo": 8,
    "EchoRequest": 8,
    "RouterAdvertisement": 9,
    "RouterSelection": 10,
    "TimeExceeded": 11,
    "ParameterProblem": 12,
    "Timestamp": 13,
    "TimestampReply": 14,
    "Photuris": 40,
    "ExtendedEchoRequest": 42,
    "ExtendedEchoReply": 43,
}
TYPES_V6 = {
    "DestinationUnreachable": 1,
    "PacketTooBig": 2,
    "TimeExceeded": 3,
    "ParameterProblem": 4,
    "EchoRequest": 128,
    "EchoReply": 129,
    "MulticastListenerQuery": 130,
    "MulticastListenerReport": 131,
    "MulticastListenerDone": 132,
    "RouterSolicitation": 133,
    "RouterAdvertisement": 134,
    "NeighborSolicitation": 135,
    "NeighborAdvertisement": 136,
    "RedirectMessage": 137,
    "RouterRenumbering": 138,
    "ICMPNodeInformationQuery": 139,
    "ICMPNodeInformationResponse": 140,
    "InverseNeighborDiscoverySolicitation": 141,
    "InverseNeighborDiscoveryAdvertisement": 142,
    "HomeAgentAddressDiscoveryRequest": 144,
    "HomeAgentAddressDiscoveryReply": 145,
    "MobilePrefixSolicitation": 146,
    "MobilePrefixAdvertisement": 147,
    "DuplicateAddressRequestCodeSuffix": 157,
    "DuplicateAddressConfirmationCodeSuffix": 158,
    "ExtendedEchoRequest": 160,
    "ExtendedEchoReply": 161,
}
IPV6 = "IPv6"
_NAME = re.compile(r"(?=.{1,15}\Z)(?=[^a-zA-Z]*[a-zA-Z])[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*\Z")
_LAST_TYPE = 255
_SHOWN = 3


class Allowed(msgspec.Struct, frozen=True):
    """Ports that a rule means, and what else must hold of a connection to them.

    `ports` None means every protocol.
    """

    at: Path
    ports: Ports | None
    depends: str = ""


def number_of(text: str) -> int | None:
    """The number that a port says, 0 to 65535, octal behind a 0; None where it is a name or neither."""
    if is_name(text) or not re.fullmatch(r"[0-9]{1,20}", text):
        return None
    octal = len(text) > 1 and text.startswith("0")
    if octal and not re.fullmatch(r"[0-7]+", text):
        return None
    found = int(text, 8 if octal else 10)
    return found if found <= LAST_PORT else None


def is_name(text: str) -> bool:
    """Whether a port is said by its name."""
    return _NAME.match(text) is not None


def type_of(field: IcmpField) -> int | None:
    """The number of a type of ICMP; None where there is no such type in the family."""
    if isinstance(field.type, str) and not re.fullmatch(r"[0-9]{1,3}", field.type):
        return (TYPES_V6 if field.family == IPV6 else TYPES_V4).get(field.type)
    found = int(field.type) if field.type is not None else -1
    return found if 0 <= found <= _LAST_TYPE else None


def allowed(rule: DirectedRule, at: Path, *, denies: bool) -> Iterator[Allowed]:
    """What a rule means of each of its entries about ports and ICMP; every protocol where there are none.

    An entry without ports means nothing. Deny rules look at ports and types only.
    """
    proof = "" if denies else _proof(rule.authentication)
    if not rule.to_ports and not rule.icmps:
        yield Allowed(at, None, proof)
        return
    for index, entry in enumerate(rule.to_ports or ()):
        here = (*at, "toPorts", index)
        depends = "" if denies else _both(proof, content(entry))
        plain = tuple(port for item in entry.ports or () for port in ports_of(item))
        if plain:
            yield Allowed(here, plain, depends)
        for name in sorted({item.protocol or ANY for item in entry.ports or ()} & set(WITHOUT_PORTS)):
            yield Allowed(here, (PortRange(OTHER, 0, 0),), _both(depends, f"whether the protocol is {name}"))
    for index, kinds in enumerate(rule.icmps or ()):
        found = tuple(_icmp(field) for field in kinds.fields or ())
        if found:
            yield Allowed((*at, "icmps", index), found, proof)


def ports_of(item: PortProtocol) -> Iterator[PortRange | NamedPort]:
    """The ports of an entry that is right, for each protocol that it means."""
    said = item.protocol or ANY
    for protocol in WITH_PORTS if said == ANY else (said,) if said in WITH_PORTS else ():
        text = item.port or ""
        low = number_of(text)
        if low is None:
            yield NamedPort(protocol, text.lower())
        elif low == 0:
            yield PortRange(protocol, 1, LAST_PORT)
        else:
            yield PortRange(protocol, low, max(low, item.end_port or 0))


def _icmp(field: IcmpField) -> PortRange:
    """The types that a field means. Cilium keeps a type as a port, and 0 (EchoReply) as every one."""
    number = type_of(field) or 0
    return PortRange(ICMPV6 if field.family == IPV6 else ICMP, number, number or _LAST_TYPE)


def _proof(wanted: Authentication | None) -> str:
    mode = wanted.mode if wanted is not None else None
    if mode == "required":
        return "whether both ends prove who they are (mutual authentication)"
    return "an authentication that always fails, for tests" if mode == "test-always-fail" else ""


def content(entry: PortRule) -> str:
    """On what it depends whether Cilium's proxy lets a connection through; empty where it always does."""
    rules = entry.rules
    if rules is not None and rules.http:
        return f"whether the request is {_listed(_http(item) for item in rules.http)}"
    if rules is not None and rules.dns:
        names = [item.match_name or item.match_pattern or "" for item in rules.dns]
        return "" if "*" in names else f"whether DNS is asked for {_listed(iter(names))}"
    if rules is not None and (rules.kafka or rules.l7proto):
        return f"whether the rules for {rules.l7proto or 'kafka'} allow the request (before Cilium 1.20)"
    if entry.server_names:
        return f"whether TLS names the server {_listed(iter(entry.server_names))}"
    if entry.listener is not None:
        return f"what the listener {entry.listener.name or ''} of Envoy does with it"
    return (
        "whether it is TLS" if entry.terminating_tls is not None or entry.originating_tls is not None else ""
    )


def _http(item: HttpRule) -> str:
    said = " ".join(part for part in (item.method, item.host, item.path) if part)
    return said or "HTTP"


def _listed(texts: Iterator[str]) -> str:
    found = list(dict.fromkeys(texts))
    more = len(found) - _SHOWN
    return " or ".join(found[:_SHOWN]) + (f" or one of {more} more" if more > 0 else "")


def _both(one: str, other: str) -> str:
    return " and ".join(part for part in (one, other) if part)

"""What Calico's API server refuses in a policy.

A refused policy is in no cluster, so that nothing in it may count.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3 (rules in the types' comments) and
libcalico-go/lib/validator/v3/validator.go. Addresses without a mask and ranges with further bits are read as
they are stored, since only some versions refuse them.
"""

from collections.abc import Iterator

from casemate.analysis.network.calico.endpoints import is_net
from casemate.analysis.network.calico.ports import interval, protocol_of
from casemate.analysis.network.calico.selectors import is_global, problem
from casemate.analysis.network.policies import ICMP, ICMPV6, SCTP, TCP, UDP
from casemate.model.calico import (
    ALLOW,
    DENY,
    EGRESS,
    INGRESS,
    LOG,
    PASS,
    CalicoPolicy,
    CalicoRule,
    EntityRule,
    IcmpFields,
)
from casemate.model.place import Path

Refusal = tuple[Path, str]
_ACTIONS = (ALLOW, DENY, LOG, PASS)
_FAMILY = {ICMP: 4, ICMPV6: 6}


def refusals(policy: CalicoPolicy) -> Iterator[Refusal]:
    """The places of a policy that are refused, and why; nothing for a policy that is taken."""
    for wrong in policy.problems:
        if wrong.kind == "wrong-type":
            yield wrong.path, wrong.message
    yield from _spec(policy)
    for direction, rules in (("ingress", policy.spec.ingress), ("egress", policy.spec.egress)):
        for index, rule in enumerate(rules):
            at = ("spec", direction, index)
            yield from _rule(rule, at)
            yield from _by_direction(rule, direction, at, is_global=policy.is_global)
            yield from _entity(rule.source, (*at, "source"))
            yield from _entity(rule.destination, (*at, "destination"))


def _spec(policy: CalicoPolicy) -> Iterator[Refusal]:
    spec = policy.spec
    if len(set(spec.types)) < len(spec.types) or set(spec.types) - {INGRESS, EGRESS}:
        yield ("spec", "types"), "types are Ingress and Egress, each once at most"
    selectors = {"selector": spec.selector, "serviceAccountSelector": spec.service_account_selector}
    if policy.is_global:
        selectors["namespaceSelector"] = spec.namespace_selector
    for name, selector in selectors.items():
        yield from _selector(selector, ("spec", name))
    if not policy.is_global:
        return
    if spec.do_not_track and spec.pre_dnat:
        yield ("spec", "preDNAT"), "preDNAT and doNotTrack exclude each other"
    if (spec.do_not_track or spec.pre_dnat) and not spec.apply_on_forward:
        yield ("spec", "applyOnForward"), "preDNAT and doNotTrack need applyOnForward"
    if spec.pre_dnat and (spec.egress or EGRESS in spec.types):
        yield ("spec", "preDNAT"), "preDNAT is for Ingress only"


def _selector(selector: str, at: Path) -> Iterator[Refusal]:
    wrong = problem(selector)
    if wrong:
        yield at, f"the selector cannot be read: {wrong}"
    elif "global(" in selector:
        yield at, "global() can stand only in the namespaceSelector of a rule"


def _rule(rule: CalicoRule, at: Path) -> Iterator[Refusal]:
    if rule.action not in _ACTIONS:
        yield (*at, "action"), f"an action is one of {', '.join(_ACTIONS)}, not {rule.action or 'empty'}"
    if rule.ip_version not in {None, 4, 6}:
        yield (*at, "ipVersion"), f"there is no IP version {rule.ip_version}"
    meant: dict[str, str | None] = {}
    for name, said in (("protocol", rule.protocol), ("notProtocol", rule.not_protocol)):
        if said is not None:
            meant[name] = found = protocol_of(said)
            if found is None:
                yield (*at, name), f"there is no protocol {said}"
            elif rule.ip_version is not None and _FAMILY.get(found, rule.ip_version) != rule.ip_version:
                yield (*at, name), f"{found} is not of IP version {rule.ip_version}"
    protocol = meant.get("protocol")
    if protocol not in {TCP, UDP, SCTP}:
        for side, entity in (("source", rule.source), ("destination", rule.destination)):
            if entity.ports or entity.not_ports:
                yield (*at, side), "a rule with ports needs the protocol TCP, UDP or SCTP"
    if rule.icmp is not None and protocol not in _FAMILY:
        yield (*at, "icmp"), "a rule with icmp needs the protocol ICMP or ICMPv6"
    yield from _icmp(rule.icmp, (*at, "icmp"))
    yield from _icmp(rule.not_icmp, (*at, "notICMP"))
    if rule.http is not None and (rule.action != ALLOW or protocol not in {None, TCP}):
        yield (*at, "http"), "http is for rules that allow TCP"


def _icmp(fields: IcmpFields | None, at: Path) -> Iterator[Refusal]:
    if fields is None:
        return
    if fields.type is None and fields.code is not None:
        yield (*at, "code"), "a code of ICMP needs a type"
    for name, value, last in (("type", fields.type, 254), ("code", fields.code, 255)):
        if value is not None and not 0 <= value <= last:
            yield (*at, name), f"there is no {name} {value} of ICMP"


def _by_direction(rule: CalicoRule, direction: str, at: Path, *, is_global: bool) -> Iterator[Refusal]:
    """What depends on whether the rule is about what comes in or what goes out."""
    peer, own = ("source", "destination") if direction == "ingress" else ("destination", "source")
    services = {"source": rule.source.services, "destination": rule.destination.services}
    if services[own] is not None:
        yield (*at, own, "services"), f"Services cannot be the {own} of a rule for {direction}"
    found = services[peer]
    if found is not None and is_global and not found.namespace:
        yield (*at, peer, "services"), "a Service in a global policy needs its namespace"
    if rule.http is not None and direction == "egress":
        yield (*at, "http"), "http is for rules for ingress"
    if services["destination"] is not None and (rule.destination.ports or rule.destination.not_ports):
        yield (*at, "destination", "ports"), "Services bring their own ports"


def _entity(entity: EntityRule, at: Path) -> Iterator[Refusal]:
    yield from _selector(entity.selector, (*at, "selector"))
    yield from _selector(entity.not_selector, (*at, "notSelector"))
    wrong = problem(entity.namespace_selector)
    if wrong:
        yield (*at, "namespaceSelector"), f"the selector cannot be read: {wrong}"
    elif "global(" in entity.namespace_selector and not is_global(entity.namespace_selector):
        yield (*at, "namespaceSelector"), "global() stands alone in a selector"
    if entity.service_accounts is not None:
        yield from _selector(entity.service_accounts.selector, (*at, "serviceAccounts", "selector"))
    for name, nets in (("nets", entity.nets), ("notNets", entity.not_nets)):
        for index, net in enumerate(nets):
            if not is_net(net):
                yield (*at, name, index), f"{net or 'an empty text'} is no range of addresses"
    for name, ports in (("ports", entity.ports), ("notPorts", entity.not_ports)):
        for index, port in enumerate(ports):
            if interval(port) == (0, 0):
                yield (*at, name, index), f"{port or 'an empty text'} is no port and no range of ports"
    services = entity.services
    if services is None:
        return
    if not services.name:
        yield (*at, "services"), "a Service needs a name"
    if any((entity.selector, entity.not_selector, entity.namespace_selector, entity.service_accounts)):
        yield (*at, "services"), "Services cannot stand beside selectors"
    if entity.nets or entity.not_nets:
        yield (*at, "services"), "Services cannot stand beside ranges of addresses"

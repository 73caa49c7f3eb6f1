"""What is wrong with a policy of Cilium, so that it is refused as a whole: no rule of it is enforced then.

The API server refuses what the schema of the custom resource does not allow. Cilium takes the rest in and
rejects what it cannot follow; the object is there, and nothing of it holds.

Source: Cilium's pkg/policy/api/rule_validation.go and pkg/k8s/apis/cilium.io/client/crds/v2, 1.17 to 1.20.
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.addresses import cidr_problem, holds, parse_address
from casemate.analysis.network.cilium.peers import ENTITIES
from casemate.analysis.network.cilium.ports import ANY, IPV6, WITHOUT_PORTS, is_name, number_of, type_of
from casemate.analysis.network.network_policies import LAST_PORT
from casemate.analysis.network.policies import TCP, WITH_PORTS
from casemate.analysis.selectors import is_valid
from casemate.model.cilium import (
    CidrRule,
    CiliumPolicy,
    CiliumSpec,
    DirectedRule,
    DnsName,
    EgressRule,
    L7Rules,
    Peers,
    PortProtocol,
    PortRule,
)
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector

API, CILIUM = "the API server refuses the policy", "Cilium rejects the policy"
MOST = 40
"""Ports of an entry, and types of ICMP of an entry."""
MODES = ("disabled", "required", "test-always-fail")
SECTIONS = ("ingress", "ingress_deny", "egress", "egress_deny")
_NAME = re.compile(r"[-a-zA-Z0-9_.]+\Z")
_PATTERN = re.compile(r"[-a-zA-Z0-9_.*]+\Z")


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong, where, and who refuses the policy for it."""

    at: Path
    message: str
    who: str = CILIUM


def problems(policy: CiliumPolicy) -> Iterator[Wrong]:
    """All that is wrong with a policy, in the order of its fields."""
    for problem in policy.problems:
        if problem.kind == "wrong-type" and problem.path[:1] in {("spec",), ("specs",)}:
            yield Wrong(problem.path, problem.message, API)
    if policy.spec is None and policy.specs is None:
        yield Wrong(("spec",), "it needs spec or specs", API)
    for at, spec in policy.all_specs:
        yield from _of_spec(spec, at, is_clusterwide=policy.is_clusterwide)


def _of_spec(spec: CiliumSpec, at: Path, *, is_clusterwide: bool) -> Iterator[Wrong]:
    if not any(getattr(spec, name) for name in SECTIONS):
        yield Wrong(at, "it needs a rule in ingress, ingressDeny, egress or egressDeny")
    on_nodes = spec.node_selector is not None
    if spec.endpoint_selector is None and not on_nodes:
        yield Wrong((*at, "endpointSelector"), "it needs an endpointSelector or a nodeSelector")
    if on_nodes and spec.endpoint_selector is not None:
        yield Wrong((*at, "nodeSelector"), "it cannot have both an endpointSelector and a nodeSelector")
    if on_nodes and not is_clusterwide:
        yield Wrong((*at, "nodeSelector"), "only a CiliumClusterwideNetworkPolicy can select nodes")
    for name, selector in (
        ("endpointSelector", spec.endpoint_selector),
        ("nodeSelector", spec.node_selector),
    ):
        if selector is not None:
            yield from _of_selector(selector, (*at, name))
    for name, field in (
        ("ingress", "ingress"),
        ("ingress_deny", "ingressDeny"),
        ("egress", "egress"),
        ("egress_deny", "egressDeny"),
    ):
        for index, rule in enumerate(getattr(spec, name) or ()):
            here = (*at, field, index)
            yield from _of_peers(rule, here)
            yield from _of_ports(rule, here, denies=name.endswith("deny"), on_nodes=on_nodes)


def _of_selector(selector: LabelSelector, at: Path) -> Iterator[Wrong]:
    if not is_valid(selector):
        yield Wrong(at, "the selector has an operator or values that are not allowed")


def _of_peers(rule: DirectedRule, at: Path) -> Iterator[Wrong]:
    found = rule.peers
    kinds = [name for name in Peers.__struct_fields__ if name != "requires" and getattr(found, name)]
    if len(kinds) > 1:
        one, other = (rule.field_of(name) for name in kinds[:2])
        yield Wrong((*at, other), f"{one} and {other} cannot stand in one rule")
    if found.requires:
        name = rule.field_of("requires")
        yield Wrong((*at, name), f"{name} was removed in Cilium 1.19", API)
    for kind in ("endpoints", "nodes"):
        for index, selector in enumerate(getattr(found, kind) or ()):
            yield from _of_selector(selector, (*at, rule.field_of(kind), index))
    for index, entity in enumerate(found.entities or ()):
        if entity not in ENTITIES:
            yield Wrong((*at, rule.field_of("entities"), index), f"there is no entity {entity}", API)
    for index, text in enumerate(found.cidr or ()):
        yield from _of_range(text, (*at, rule.field_of("cidr"), index))
    for index, item in enumerate(found.cidr_set or ()):
        yield from _of_cidr_rule(item, (*at, rule.field_of("cidr_set"), index))
    for index, wanted in enumerate(found.fqdns or ()):
        yield from _of_dns_name(wanted, (*at, "toFQDNs", index))


def _of_range(text: str, at: Path) -> Iterator[Wrong]:
    wrong = cidr_problem(text)
    if wrong:
        hint = f"; write {text}/{32 if '.' in text else 128}" if parse_address(text) is not None else ""
        yield Wrong(at, wrong + hint, API)


def _of_cidr_rule(item: CidrRule, at: Path) -> Iterator[Wrong]:
    given = [bool(item.cidr), bool(item.cidr_group_ref), item.cidr_group_selector is not None]
    if sum(given) != 1:
        yield Wrong(at, "it needs exactly one of cidr, cidrGroupRef and cidrGroupSelector")
    if item.cidr:
        yield from _of_range(item.cidr, (*at, "cidr"))
    if item.cidr_group_selector is not None:
        yield from _of_selector(item.cidr_group_selector, (*at, "cidrGroupSelector"))
    for index, text in enumerate(item.except_ or ()):
        here = (*at, "except", index)
        wrong = list(_of_range(text, here))
        yield from wrong
        if item.cidr and not wrong and not cidr_problem(item.cidr) and not holds(item.cidr, text):
            yield Wrong(here, f"{text} is not inside {item.cidr}")


def _of_dns_name(name: DnsName, at: Path) -> Iterator[Wrong]:
    if name.match_name and name.match_pattern:
        yield Wrong(at, "it needs only one of matchName and matchPattern")
    if name.match_name and not _NAME.match(name.match_name):
        yield Wrong((*at, "matchName"), f"{name.match_name} is no name of DNS", API)
    if name.match_pattern and not _PATTERN.match(name.match_pattern):
        yield Wrong((*at, "matchPattern"), f"{name.match_pattern} is no pattern of names", API)


def _of_ports(rule: DirectedRule, at: Path, *, denies: bool, on_nodes: bool) -> Iterator[Wrong]:
    comes_in = not isinstance(rule, EgressRule)
    if rule.to_ports and rule.icmps:
        yield Wrong((*at, "icmps"), "icmps and toPorts cannot stand in one rule")
    mode = rule.authentication.mode if rule.authentication is not None else MODES[0]
    if mode not in MODES and not denies:
        yield Wrong((*at, "authentication", "mode"), f"there is no mode {mode}", API)
    for index, entry in enumerate(rule.to_ports or ()):
        here = (*at, "toPorts", index)
        if len(entry.ports or ()) > MOST:
            yield Wrong((*here, "ports"), f"it has more than {MOST} ports", API)
        asks_dns = not denies and entry.rules is not None and bool(entry.rules.dns)
        for number, port in enumerate(entry.ports or ()):
            yield from _of_port(port, (*here, "ports", number), asks_dns=asks_dns)
        if not denies:
            yield from _of_content(entry, here, comes_in=comes_in, on_nodes=on_nodes)
    for index, kinds in enumerate(rule.icmps or ()):
        here = (*at, "icmps", index, "fields")
        if len(kinds.fields or ()) > MOST:
            yield Wrong(here, f"it has more than {MOST} types", API)
        for number, field in enumerate(kinds.fields or ()):
            if field.family not in {None, "", "IPv4", IPV6}:
                yield Wrong((*here, number, "family"), f"there is no family {field.family}", API)
            elif type_of(field) is None:
                said = "a type is missing" if field.type is None else f"there is no type {field.type}"
                yield Wrong((*here, number, "type"), said, API)


def _of_port(port: PortProtocol, at: Path, *, asks_dns: bool) -> Iterator[Wrong]:
    protocol, text = port.protocol or ANY, port.port or ""
    if protocol not in {*WITH_PORTS, *WITHOUT_PORTS, ANY}:
        yield Wrong((*at, "protocol"), f"there is no protocol {protocol} here", API)
    if not 0 <= (port.end_port or 0) <= LAST_PORT:
        yield Wrong((*at, "endPort"), f"{port.end_port} is no port", API)
    number = number_of(text)
    if protocol in WITHOUT_PORTS:
        if text not in {"", "0"}:
            yield Wrong((*at, "port"), f"{protocol} has no ports")
    elif not text:
        yield Wrong((*at, "port"), "a port is missing")
    elif number is None and not is_name(text):
        yield Wrong((*at, "port"), f"{text} is no port")
    if asks_dns and number is not None and (port.end_port or 0) > number:
        yield Wrong((*at, "endPort"), "rules for DNS do not go with ranges of ports")


def _of_content(entry: PortRule, at: Path, *, comes_in: bool, on_nodes: bool) -> Iterator[Wrong]:
    rules = entry.rules if entry.rules is not None else L7Rules()
    kinds = [name for name in ("http", "dns", "kafka") if getattr(rules, name)]
    kinds += [rules.l7proto] if rules.l7proto else []
    if entry.server_names and kinds and entry.terminating_tls is None:
        yield Wrong((*at, "serverNames"), "serverNames do not go with L7 rules unless Cilium ends the TLS")
    if "" in (entry.server_names or ()):
        yield Wrong((*at, "serverNames"), "a name is empty", API)
    if entry.listener is not None and (comes_in or kinds):
        said = "a listener is for egress only" if comes_in else "a listener does not go with L7 rules"
        yield Wrong((*at, "listener"), said)
    if not kinds:
        return
    here = (*at, "rules")
    if len(kinds) > 1:
        yield Wrong(here, "it needs rules for one protocol only")
    if "dns" in kinds and comes_in:
        yield Wrong((*here, "dns"), "rules for DNS are for egress only")
    if "dns" in kinds and not entry.ports:
        yield Wrong((*here, "dns"), "rules for DNS need a port")
    if on_nodes and (comes_in or kinds != ["dns"]):
        yield Wrong(here, "L7 rules are not for nodes")
    for index, port in enumerate(entry.ports or ()):
        if "dns" not in kinds and port.protocol != TCP:
            yield Wrong((*at, "ports", index, "protocol"), "L7 rules need the protocol TCP")
        if number_of(port.port or "") == 0:
            yield Wrong((*at, "ports", index, "port"), "L7 rules need a port other than 0")
    for index, name in enumerate(rules.dns or ()):
        yield from _of_dns_name(name, (*here, "dns", index))

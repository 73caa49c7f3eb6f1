"""What Calico refuses in a policy, and what it takes."""

from typing import Any

import msgspec
import pytest

from casemate.analysis.network.calico.checks import refusals
from casemate.model.calico import CalicoPolicy
from casemate.model.estate import Problem
from tests.analysis.network.calico_objects import estate_of, global_policy, policy, read

ALLOW = {"action": "Allow"}


def said(tree: dict[str, Any]) -> list[tuple[str, str]]:
    """The places and messages of the refusals."""
    found, notices = read(tree)
    assert bool(found) != bool(notices)
    return [
        (".".join(map(str, item.at)), item.message.removeprefix("Calico refuses the policy: "))
        for item in notices
    ]


@pytest.mark.parametrize(
    ("spec", "at", "message"),
    [
        ({"types": ["Ingress", "Ingress"]}, "spec.types", "types are Ingress and Egress, each once at most"),
        ({"types": ["ingress"]}, "spec.types", "types are Ingress and Egress, each once at most"),
        ({"selector": "global()"}, "spec.selector", "global() can stand only in the namespaceSelector of a rule"),
        ({"serviceAccountSelector": "a"}, "spec.serviceAccountSelector", "the selector cannot be read: == or != or in or notin or contains or startswith or endswith is expected, not the end"),
        ({"order": "soon"}, "spec.order", "order must be a number, not text"),
    ],
)  # fmt: skip
def test_specs(spec: dict[str, Any], at: str, message: str) -> None:
    assert said(policy(spec)) == [(at, message)]
    assert said(global_policy(spec)) == [(at, message)]


@pytest.mark.parametrize(
    ("spec", "at", "message"),
    [
        ({"namespaceSelector": "global()"}, "spec.namespaceSelector", "global() can stand only in the namespaceSelector of a rule"),
        ({"preDNAT": True, "doNotTrack": True, "applyOnForward": True}, "spec.preDNAT", "preDNAT and doNotTrack exclude each other"),
        ({"preDNAT": True}, "spec.applyOnForward", "preDNAT and doNotTrack need applyOnForward"),
        ({"doNotTrack": True}, "spec.applyOnForward", "preDNAT and doNotTrack need applyOnForward"),
        ({"preDNAT": True, "applyOnForward": True, "types": ["Egress"]}, "spec.preDNAT", "preDNAT is for Ingress only"),
        ({"preDNAT": True, "applyOnForward": True, "egress": [ALLOW]}, "spec.preDNAT", "preDNAT is for Ingress only"),
        ({"egress": [{**ALLOW, "destination": {"services": {"name": "a"}}}]}, "spec.egress.0.destination.services", "a Service in a global policy needs its namespace"),
    ],
)  # fmt: skip
def test_specs_of_global_policies(spec: dict[str, Any], at: str, message: str) -> None:
    assert said(global_policy(spec)) == [(at, message)]


TCP = {"protocol": "TCP"}


@pytest.mark.parametrize(
    ("rule", "at", "message"),
    [
        ({"action": "allow"}, "action", "an action is one of Allow, Deny, Log, Pass, not allow"),
        ({"action": ""}, "action", "an action is one of Allow, Deny, Log, Pass, not empty"),
        ({"ipVersion": 5}, "ipVersion", "there is no IP version 5"),
        ({"protocol": "GRE"}, "protocol", "there is no protocol GRE"),
        ({"notProtocol": 0}, "notProtocol", "there is no protocol 0"),
        ({"protocol": "ICMP", "ipVersion": 6}, "protocol", "ICMP is not of IP version 6"),
        ({"notProtocol": 58, "ipVersion": 4}, "notProtocol", "ICMPv6 is not of IP version 4"),
        ({"source": {"ports": [1]}}, "source", "a rule with ports needs the protocol TCP, UDP or SCTP"),
        ({"protocol": "ICMP", "destination": {"notPorts": [1]}}, "destination", "a rule with ports needs the protocol TCP, UDP or SCTP"),
        ({"icmp": {"type": 8}}, "icmp", "a rule with icmp needs the protocol ICMP or ICMPv6"),
        ({"protocol": "ICMP", "icmp": {"code": 8}}, "icmp.code", "a code of ICMP needs a type"),
        ({"protocol": "ICMP", "notICMP": {"type": 255}}, "notICMP.type", "there is no type 255 of ICMP"),
        ({"protocol": "ICMP", "notICMP": {"type": 1, "code": 256}}, "notICMP.code", "there is no code 256 of ICMP"),
        ({"action": "Deny", "http": {}}, "http", "http is for rules that allow TCP"),
        ({"protocol": "UDP", "http": {}}, "http", "http is for rules that allow TCP"),
        ({"destination": {"services": {"name": "a"}}}, "destination.services", "Services cannot be the destination of a rule for ingress"),
        ({"source": {"services": {}}}, "source.services", "a Service needs a name"),
        ({"source": {"services": {"name": "a"}, "selector": "all()"}}, "source.services", "Services cannot stand beside selectors"),
        ({"source": {"services": {"name": "a"}, "notNets": ["10.0.0.0/8"]}}, "source.services", "Services cannot stand beside ranges of addresses"),
        ({"source": {"selector": "a ="}}, "source.selector", "the selector cannot be read: '=' is no operator"),
        ({"source": {"selector": "global()"}}, "source.selector", "global() can stand only in the namespaceSelector of a rule"),
        ({"source": {"notSelector": "%"}}, "source.notSelector", "the selector cannot be read: '%' is not understood"),
        ({"source": {"namespaceSelector": "%"}}, "source.namespaceSelector", "the selector cannot be read: '%' is not understood"),
        ({"source": {"namespaceSelector": "global() || all()"}}, "source.namespaceSelector", "global() stands alone in a selector"),
        ({"source": {"serviceAccounts": {"selector": "%"}}}, "source.serviceAccounts.selector", "the selector cannot be read: '%' is not understood"),
        ({"source": {"nets": ["10.0.0.0/33"]}}, "source.nets.0", "10.0.0.0/33 is no range of addresses"),
        ({"source": {"notNets": [""]}}, "source.notNets.0", "an empty text is no range of addresses"),
        ({**TCP, "destination": {"ports": ["9:8"]}}, "destination.ports.0", "9:8 is no port and no range of ports"),
        ({**TCP, "destination": {"notPorts": [""]}}, "destination.notPorts.0", "an empty text is no port and no range of ports"),
        ({"source": {"nets": "10.0.0.0/8"}}, "source.nets", "nets must be a list, not text"),
    ],
)  # fmt: skip
def test_rules(rule: dict[str, Any], at: str, message: str) -> None:
    assert said(policy({"ingress": [{**ALLOW, **rule}]})) == [(f"spec.ingress.0.{at}", message)]


@pytest.mark.parametrize(
    ("rule", "at", "message"),
    [
        ({"http": {}}, "http", "http is for rules for ingress"),
        ({"source": {"services": {"name": "a"}}}, "source.services", "Services cannot be the source of a rule for egress"),
        ({**TCP, "destination": {"services": {"name": "a"}, "ports": [1]}}, "destination.ports", "Services bring their own ports"),
    ],
)  # fmt: skip
def test_rules_for_egress(rule: dict[str, Any], at: str, message: str) -> None:
    assert said(policy({"egress": [{**ALLOW, **rule}]})) == [(f"spec.egress.0.{at}", message)]


def test_a_value_given_twice_is_no_reason_to_refuse() -> None:
    (found,) = estate_of(policy({"selector": "all()"})).of(CalicoPolicy)
    twice = Problem("duplicate-key", ("spec", "selector"), "selector is given twice")
    assert list(refusals(msgspec.structs.replace(found, problems=(twice,)))) == []

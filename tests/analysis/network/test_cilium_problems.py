"""What makes the API server or Cilium refuse a policy; nothing of it is enforced then.

The facts are those of Cilium's pkg/policy/api/rule_validation_test.go and of the schema of its custom resources.
"""

from typing import Any

import pytest

from tests.analysis.network.cilium_objects import Tree, clusterwide, policy, read, refused, taken

API, CILIUM = "the API server refuses the policy: ", "Cilium rejects the policy: "
TCP_80: Tree = {"port": "80", "protocol": "TCP"}


def why(spec: Tree) -> str:
    return refused(policy({"endpointSelector": {}, **spec}))


def ingress(**rule: Any) -> str:
    return why({"ingress": [rule]})


def egress(**rule: Any) -> str:
    return why({"egress": [rule]})


def port(**given: Any) -> str:
    return ingress(toPorts=[{"ports": [given]}])


def content(*ports: Tree, **more: Any) -> list[str]:
    spec: Tree = {"endpointSelector": {}, "egress": [{"toPorts": [{"ports": list(ports), **more}]}]}
    found, messages = read(policy(spec))
    assert found == []
    return messages


def test_what_a_policy_must_have() -> None:
    assert why({}) == CILIUM + "it needs a rule in ingress, ingressDeny, egress or egressDeny"
    assert why({"ingress": []}) == CILIUM + "it needs a rule in ingress, ingressDeny, egress or egressDeny"
    empty = policy({})
    del empty["spec"]
    assert refused(empty) == API + "it needs spec or specs"
    assert "endpointSelector or a nodeSelector" in refused(policy({"ingress": [{}]}))
    both: Tree = {"endpointSelector": {}, "nodeSelector": {}, "ingress": [{}]}
    assert refused(clusterwide(both)) == CILIUM + "it cannot have both an endpointSelector and a nodeSelector"
    nodes = refused(policy({"nodeSelector": {}, "ingress": [{}]}))
    assert nodes == CILIUM + "only a CiliumClusterwideNetworkPolicy can select nodes"


def test_values_of_a_wrong_type() -> None:
    assert port(port=80) == API + "port must be text, not a whole number"
    assert ingress(fromEndpoints={"matchLabels": {}}).startswith(API)
    found = policy({"endpointSelector": {}, "ingress": [{}]})
    found["metadata"]["labels"] = {"a": 1}
    assert len(taken(found)) == 1


@pytest.mark.parametrize(
    "expression",
    [
        {"key": "a", "operator": "Is"},
        {"key": "a", "operator": "In"},
        {"key": "a", "operator": "Exists", "values": ["b"]},
        {"operator": "Exists"},
    ],
)
def test_selectors(expression: Tree) -> None:
    wrong: Tree = {"matchExpressions": [expression]}
    said = CILIUM + "the selector has an operator or values that are not allowed"
    assert refused(policy({"endpointSelector": wrong, "ingress": [{}]})) == said
    assert ingress(fromEndpoints=[{}, wrong]) == said
    assert ingress(fromNodes=[wrong]) == said
    assert ingress(fromCIDRSet=[{"cidrGroupSelector": wrong}]) == said


def test_one_kind_of_peers_in_a_rule() -> None:
    two: Tree = {"fromEndpoints": [{}], "fromCIDRSet": [{"cidr": "10.0.0.0/8"}]}
    assert ingress(**two) == CILIUM + "fromEndpoints and fromCIDRSet cannot stand in one rule"
    other: Tree = {"toFQDNs": [{"matchName": "a"}], "toEntities": ["world"]}
    assert (
        CILIUM + "toEntities and toFQDNs cannot stand in one rule"
        in read(policy({"endpointSelector": {}, "egress": [other]}))[1]
    )
    assert (
        len(
            taken(
                policy({"endpointSelector": {}, "ingress": [{"fromEndpoints": [], "fromEntities": ["all"]}]})
            )
        )
        == 1
    )


def test_requirements_were_removed() -> None:
    assert ingress(fromRequires=[{}]) == API + "fromRequires was removed in Cilium 1.19"
    assert egress(toRequires=[{}]) == API + "toRequires was removed in Cilium 1.19"


@pytest.mark.parametrize("entity", ["world-ipv4", "world-ipv6", "Internet", ""])
def test_entities(entity: str) -> None:
    assert ingress(fromEntities=[entity]) == f"{API}there is no entity {entity}"


def test_ranges() -> None:
    assert (
        ingress(fromCIDR=["10.0.0.1"]) == API + "10.0.0.1 is no range of addresses (CIDR); write 10.0.0.1/32"
    )
    assert ingress(fromCIDR=["2001:db8::1"]).endswith("write 2001:db8::1/128")
    assert ingress(fromCIDR=["10.0.0.0/33"]) == API + "10.0.0.0/33 is no range of addresses (CIDR)"
    assert ingress(fromCIDRSet=[{"cidr": "x"}]) == API + "x is no range of addresses (CIDR)"
    one = CILIUM + "it needs exactly one of cidr, cidrGroupRef and cidrGroupSelector"
    assert ingress(fromCIDRSet=[{}]) == one
    assert ingress(fromCIDRSet=[{"cidr": "10.0.0.0/8", "cidrGroupRef": "a"}]) == one
    outside = ingress(fromCIDRSet=[{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "11.0.0.0/8"]}])
    assert outside == CILIUM + "11.0.0.0/8 is not inside 10.0.0.0/8"
    wider = ingress(fromCIDRSet=[{"cidr": "10.0.0.0/16", "except": ["10.0.0.0/8"]}])
    assert wider == CILIUM + "10.0.0.0/8 is not inside 10.0.0.0/16"
    assert (
        ingress(fromCIDRSet=[{"cidr": "10.0.0.0/8", "except": ["x"]}])
        == API + "x is no range of addresses (CIDR)"
    )
    assert (
        ingress(fromCIDRSet=[{"cidr": "y", "except": ["10.0.0.0/8"]}])
        == API + "y is no range of addresses (CIDR)"
    )


def test_names_of_dns() -> None:
    def named(**name: str) -> str:
        messages = read(policy({"endpointSelector": {}, "egress": [{"toFQDNs": [name]}]}))[1]
        return messages[0]

    assert (
        named(matchName="a", matchPattern="*") == CILIUM + "it needs only one of matchName and matchPattern"
    )
    assert named(matchName="a b") == API + "a b is no name of DNS"
    assert named(matchPattern="*/x") == API + "*/x is no pattern of names"


def test_ports() -> None:
    assert port(protocol="TCP") == CILIUM + "a port is missing"
    assert port(port="70000") == CILIUM + "70000 is no port"
    assert port(port="a--b") == CILIUM + "a--b is no port"
    assert port(port="80", protocol="tcp") == API + "there is no protocol tcp here"
    assert port(port="80", protocol="ICMP") == API + "there is no protocol ICMP here"
    assert port(port="80", endPort=70000) == API + "70000 is no port"
    assert port(port="80", endPort=-1) == API + "-1 is no port"
    assert port(port="80", protocol="GRE") == CILIUM + "GRE has no ports"
    assert ingress(toPorts=[{"ports": [TCP_80] * 41}]) == API + "it has more than 40 ports"
    deny = why({"ingressDeny": [{"toPorts": [{"ports": [{"port": "x" * 16}]}]}]})
    assert deny == f"{CILIUM}{'x' * 16} is no port"


def test_types_of_icmp() -> None:
    assert ingress(icmps=[{"fields": [{"type": 256}]}]) == API + "there is no type 256"
    assert ingress(icmps=[{"fields": [{"type": "Ping"}]}]) == API + "there is no type Ping"
    assert ingress(icmps=[{"fields": [{}]}]) == API + "a type is missing"
    assert ingress(icmps=[{"fields": [{"type": 8, "family": "IPv5"}]}]) == API + "there is no family IPv5"
    assert ingress(icmps=[{"fields": [{"type": 8}] * 41}]) == API + "it has more than 40 types"
    both = ingress(icmps=[{"fields": [{"type": 8}]}], toPorts=[{"ports": [TCP_80]}])
    assert both == CILIUM + "icmps and toPorts cannot stand in one rule"


def test_authentication() -> None:
    assert ingress(authentication={"mode": "mutual"}) == API + "there is no mode mutual"
    assert ingress(authentication={}) == API + "there is no mode None"


def test_rules_about_content() -> None:
    dns: Tree = {"dns": [{"matchPattern": "*"}]}
    http: Tree = {"http": [{}]}
    assert content(TCP_80, rules=http | dns) == [CILIUM + "it needs rules for one protocol only"]
    assert content({"port": "80"}, rules=http) == [CILIUM + "L7 rules need the protocol TCP"]
    assert content({"port": "80", "protocol": "UDP"}, rules=http) == [
        CILIUM + "L7 rules need the protocol TCP"
    ]
    assert content({"port": "0", "protocol": "TCP"}, rules=http) == [
        CILIUM + "L7 rules need a port other than 0"
    ]
    assert content(rules=dns) == [CILIUM + "rules for DNS need a port"]
    ranged = {"port": "53", "endPort": 54, "protocol": "UDP"}
    assert content(ranged, rules=dns) == [CILIUM + "rules for DNS do not go with ranges of ports"]
    assert content(TCP_80, rules={"dns": [{"matchName": "a/b"}]}) == [API + "a/b is no name of DNS"]
    assert content(TCP_80, rules={"l7proto": "x", **http}) == [
        CILIUM + "it needs rules for one protocol only"
    ]
    assert (
        ingress(toPorts=[{"ports": [TCP_80], "rules": dns}]) == CILIUM + "rules for DNS are for egress only"
    )


def test_server_names_and_listeners() -> None:
    names: Tree = {"serverNames": ["a.example"], "rules": {"http": [{}]}}
    assert content(TCP_80, **names) == [
        CILIUM + "serverNames do not go with L7 rules unless Cilium ends the TLS"
    ]
    ended = names | {"terminatingTLS": {"secret": {"name": "s"}}}
    assert (
        len(taken(policy({"endpointSelector": {}, "egress": [{"toPorts": [{"ports": [TCP_80], **ended}]}]})))
        == 1
    )
    assert content(TCP_80, serverNames=[""]) == [API + "a name is empty"]
    listener: Tree = {"listener": {"name": "l", "envoyConfig": {"name": "e"}}}
    assert content(TCP_80, **listener, rules={"http": [{}]}) == [
        CILIUM + "a listener does not go with L7 rules"
    ]
    assert ingress(toPorts=[{"ports": [TCP_80], **listener}]) == CILIUM + "a listener is for egress only"


def test_nodes_have_no_rules_about_content_but_for_dns() -> None:
    def of_nodes(direction: str, **rules: Any) -> list[str]:
        spec: Tree = {"nodeSelector": {}, direction: [{"toPorts": [{"ports": [TCP_80], "rules": rules}]}]}
        return read(clusterwide(spec))[1]

    assert of_nodes("ingress", http=[{}]) == [CILIUM + "L7 rules are not for nodes"]
    assert of_nodes("egress", http=[{}]) == [CILIUM + "L7 rules are not for nodes"]
    assert of_nodes("egress", dns=[{"matchPattern": "*"}]) == []


def test_what_is_quoted_has_an_end() -> None:
    message = port(port="8" * 10_000)
    assert message.endswith("8 ...")
    assert len(message) < 400

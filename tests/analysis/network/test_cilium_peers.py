"""Whom Cilium's rules mean: entities, ranges, groups of ranges, Services, names of DNS, clouds, nodes.

The facts are those of Cilium's pkg/policy/api/entity_test.go, pkg/policy/utils/parserules_test.go,
pkg/policy/k8s/service_test.go, and its documentation (layer3.rst).
"""

import pytest

from casemate.analysis.network.cilium.selectors import API_SERVER, OTHER_NODE, OWN_NODE
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Networks,
    Nodes,
    Perhaps,
    Pods,
    Union,
    World,
)
from tests.analysis.network.cilium_objects import (
    EVERY,
    Tree,
    clusterwide,
    config,
    group,
    label,
    peers_in,
    peers_of_all,
    peers_out,
    pods_in,
    policy,
    read,
    rules,
    service,
    taken,
)

DNS: Tree = {
    "toEndpoints": [{}],
    "toPorts": [{"ports": [{"port": "53", "protocol": "ANY"}], "rules": {"dns": [{"matchPattern": "*"}]}}],
}
ON_80: Tree = {"toPorts": [{"ports": [{"port": "80", "protocol": "TCP"}]}]}


def outside(*ranges: str, without: tuple[str, ...] = ()) -> Networks:
    """Ranges that mean neither pods nor nodes."""
    return Networks(ranges, without, pods=False, nodes=False)


@pytest.mark.parametrize(
    ("entities", "meant"),
    [
        (["all"], Everything()),
        (["world"], World()),
        (["cluster"], Complement(World())),
        (["cluster-mesh"], Complement(World())),
        (["host"], Perhaps(Nodes(), OWN_NODE)),
        (["remote-node"], Perhaps(Nodes(), OTHER_NODE)),
        (["remote-node", "host"], Nodes()),
        (["host", "world", "remote-node"], Union((Nodes(), World()))),
        (["kube-apiserver"], Perhaps(Union((Nodes(), World())), API_SERVER)),
        (["ingress"], Perhaps(Nodes(), "whether it is Cilium's own proxy for Ingress and Gateway")),
        (["unmanaged"], Perhaps(Pods(), "whether it is a pod that Cilium does not manage")),
    ],
)
def test_entities(entities: list[str], meant: Endpoints) -> None:
    assert peers_in({"fromEntities": entities}) == meant
    assert peers_out({"toEntities": entities}) == meant


@pytest.mark.parametrize("entity", ["init", "health", "none"])
def test_entities_that_are_no_endpoints_here(entity: str) -> None:
    assert rules(policy({"endpointSelector": {}, "ingress": [{"fromEntities": [entity]}]})) == []


def test_absent_peers_with_ports_mean_everybody_and_without_ports_nobody() -> None:
    assert peers_in(ON_80) == Everything()
    assert peers_in({"icmps": [{"fields": [{"type": 8}]}]}) == Everything()
    assert rules(policy({"endpointSelector": {}, "ingress": [{}]})) == []
    assert rules(policy({"endpointSelector": {}, "ingress": [{"toPorts": [], "icmps": []}]})) == []


@pytest.mark.parametrize("field", ["fromEndpoints", "fromEntities", "fromCIDR", "fromCIDRSet", "fromNodes"])
def test_an_empty_list_of_peers_means_nobody(field: str) -> None:
    assert rules(policy({"endpointSelector": {}, "ingress": [{field: [], **ON_80}]})) == []


@pytest.mark.parametrize("field", ["toGroups", "toServices", "toFQDNs", "toEndpoints"])
def test_other_empty_lists_are_as_if_they_were_absent(field: str) -> None:
    everybody = field != "toEndpoints"
    found = rules(policy({"endpointSelector": {}, "egress": [{field: [], **ON_80}]}))
    assert [rule.peers for rule in found] == ([Everything()] if everybody else [])


def test_several_selectors_are_a_union() -> None:
    both: Tree = {"fromEndpoints": [{"matchLabels": {"app": "a"}}, {"matchLabels": {"app": "b"}}]}
    assert peers_in(both) == Union((pods_in("shop", label("app", "a")), pods_in("shop", label("app", "b"))))
    assert peers_of_all(both) == Union((Pods(pods=label("app", "a")), Pods(pods=label("app", "b"))))


def test_ranges_mean_neither_pods_nor_nodes_unless_cilium_is_set_so() -> None:
    two: Tree = {"toCIDR": ["10.0.0.0/8", "2001:db8::/32"]}
    assert peers_out(two) == Union((outside("10.0.0.0/8"), outside("2001:db8::/32")))
    but: Tree = {"toCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.96.0.0/12"]}]}
    assert peers_out(but) == outside("10.0.0.0/8", without=("10.96.0.0/12",))
    wide = config(policy_cidr_match_mode="nodes,pods")
    assert peers_out({"toCIDR": ["10.0.0.0/8"]}, wide) == Networks(("10.0.0.0/8",), pods=True, nodes=True)
    nodes = config(policy_cidr_match_mode="nodes")
    assert peers_out({"toCIDR": ["10.0.0.0/8"]}, nodes) == Networks(("10.0.0.0/8",), pods=False, nodes=True)


def test_groups_of_ranges() -> None:
    office, shops = (
        group("office", "10.0.0.0/8", "nonsense", kind="own"),
        group("shops", "11.0.0.0/8", kind="own"),
    )
    empty = group("empty")
    named: Tree = {"fromCIDRSet": [{"cidrGroupRef": "office", "except": ["10.1.0.0/16"]}]}
    assert peers_in(named, office, shops) == outside("10.0.0.0/8", without=("10.1.0.0/16",))
    missing = "the ranges of the CiliumCIDRGroup office, which was not read"
    assert peers_in(named, shops) == Perhaps(World(), missing)
    gone = policy({"endpointSelector": {}, "ingress": [named]})
    assert rules(gone, shops, complete=EVERY) == []
    assert (
        rules(
            policy({"endpointSelector": {}, "ingress": [{"fromCIDRSet": [{"cidrGroupRef": "empty"}]}]}), empty
        )
        == []
    )
    chosen: Tree = {"fromCIDRSet": [{"cidrGroupSelector": {"matchLabels": {"any:kind": "own"}}}]}
    assert peers_in(chosen, office, shops, empty) == outside("10.0.0.0/8", "11.0.0.0/8")
    assert isinstance(peers_in(chosen), Perhaps)
    everything = peers_in({"fromCIDRSet": [{"cidrGroupSelector": {}}]}, office)
    assert isinstance(everything, Perhaps)
    assert everything.inner == Everything()


def test_services_by_name_mean_their_pods() -> None:
    cart, mail = service("cart", {"app": "cart", "tier": "a"}), service("mail", {}, "post")
    named: Tree = {"toServices": [{"k8sService": {"serviceName": "cart", "namespace": "shop"}}]}
    pods = peers_out(named, cart, mail)
    assert isinstance(pods, Pods)
    assert str(pods).count("OneOf") == str(pods_in("shop")).count("OneOf") + 2
    anywhere: Tree = {"toServices": [{"k8sService": {"serviceName": "mail"}}]}
    said = "whether it is an address behind the Service post/mail"
    assert peers_out(anywhere, cart, mail) == Perhaps(World(), said)
    unknown = peers_out({"toServices": [{"k8sService": {"serviceName": "gone"}}]}, cart)
    assert unknown == Perhaps(Everything(), "what the Service default/gone leads to, which was not read")


def test_services_by_labels() -> None:
    cart, mail = (
        service("cart", {"app": "cart"}, tier="front"),
        service("mail", {"app": "mail"}, "post", tier="front"),
    )
    front: Tree = {"selector": {"matchLabels": {"k8s:tier": "front"}}}
    both = peers_out({"toServices": [{"k8sServiceSelector": front}]}, cart, mail)
    assert both == Union((pods_in("shop", label("app", "cart")), pods_in("post", label("app", "mail"))))
    one = peers_out({"toServices": [{"k8sServiceSelector": front | {"namespace": "post"}}]}, cart, mail)
    assert one == pods_in("post", label("app", "mail"))
    none: Tree = {"selector": {"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}}
    unknown = peers_out({"toServices": [{"k8sServiceSelector": none}]}, cart)
    assert unknown == Perhaps(
        Everything(), "what the Services with these labels leads to, which was not read"
    )
    assert rules(out([{"k8sServiceSelector": none}]), cart, complete=EVERY) == []
    assert rules(out([{}]), cart, complete=EVERY) == []


def out(services: list[Tree], **more: object) -> Tree:
    return policy({"endpointSelector": {}, "egress": [{"toServices": services, **more}]})


def test_services_that_do_not_exist_open_their_ports_to_everybody_since_1_19() -> None:
    (found,) = rules(out([{"k8sService": {"serviceName": "gone"}}], **ON_80), complete=EVERY)
    assert isinstance(found.peers, Perhaps)
    assert found.peers.inner == Everything()
    assert "1.19" in found.peers.why


def test_services_of_deny_rules_are_never_looked_up() -> None:
    spec: Tree = {
        "endpointSelector": {},
        "egressDeny": [{"toServices": [{"k8sService": {"serviceName": "cart", "namespace": "shop"}}]}],
    }
    found, messages = read(policy(spec), service("cart", {"app": "cart"}))
    assert [rule for item in found for rule in item.rules] == []
    assert messages == ["Cilium looks up no Services for a deny rule"]


def test_names_of_dns_depend_on_what_dns_says() -> None:
    named: Tree = {"toFQDNs": [{"matchName": "b.example"}, {"matchPattern": "*.a.example"}]}
    (found,) = taken(policy({"endpointSelector": {}, "egress": [DNS, named]}))
    assert found.rules[1].peers == Perhaps(
        World(), "whether the address is one that DNS gave for *.a.example, b.example"
    )


def test_names_of_dns_need_a_rule_for_dns() -> None:
    named: Tree = {"endpointSelector": {}, "egress": [{"toFQDNs": [{"matchName": "b.example"}]}]}
    _, messages = read(policy(named))
    assert messages == [
        "no policy that was read has a rule for DNS, by which Cilium learns the addresses of names"
    ]
    _, messages = read(policy(named), clusterwide({"endpointSelector": {}, "egress": [DNS]}, name="dns"))
    assert messages == []


def test_deny_rules_know_no_names_of_dns() -> None:
    named: Tree = {"endpointSelector": {}, "egressDeny": [{"toFQDNs": [{"matchName": "b.example"}]}]}
    found, messages = read(policy(named))
    assert [item.rules for item in found] == [()]
    assert messages == ["a deny rule has no field toFQDNs: the API server drops it"]


def test_groups_of_a_cloud() -> None:
    found = peers_out({"toGroups": [{"aws": {"securityGroupsIds": ["sg-1"]}}, {"aws": {}}]})
    assert isinstance(found, Perhaps)
    assert found.inner == World()


def test_nodes_by_labels() -> None:
    on = config(enable_node_selector_labels="true")
    control: Tree = {"fromNodes": [{"matchLabels": {"role": "control"}}]}
    assert peers_in(control, on) == Perhaps(Nodes(label("role", "control")), OTHER_NODE)

"""One question at a time: the answer, and the rule, policies or absence that decides it."""

import pytest

from casemate.analysis.network.cluster import Network, with_unknown_namespaces
from casemate.analysis.network.labels import Has
from casemate.analysis.network.policies import (
    ADMIN,
    Action,
    Complement,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    Perhaps,
    Pods,
    Policy,
    Rule,
    Tier,
    Union,
    World,
)
from casemate.analysis.network.queries import Answer, answer, classes_of
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import KnownLabels
from casemate.model.errors import UsageError
from casemate.model.estate import Coverage, Entity, Estate, Ref
from casemate.model.place import Document, Origin, path_text
from tests.analysis.network.small_cluster import estate, namespace, network, pod, policy

CLUSTER = (
    namespace("shop"),
    pod("shop/web", "app: web", status="podIP: 10.0.0.1"),
    pod("shop/db", "app: db"),
)
NODE = """---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
"""


def why(found: Answer) -> list[tuple[str, bool, str | None, list[str]]]:
    """The reasons: direction, whether it allows, the place of the rule, the policies."""
    return [
        (
            reason.direction.value,
            reason.allowed,
            None if reason.rule is None else path_text(reason.rule.at),
            [policy.entity.name for policy in reason.policies],
        )
        for reason in found.because
    ]


def ask(found: Network, port: int = 80) -> Answer:
    """May web call the database?"""
    return answer(found.reach, "shop/web", "shop/db", "TCP", port)


INTO = frozenset({Direction.INGRESS})
OPEN: tuple[str, bool, str | None, list[str]] = ("egress", True, None, [])


def test_nothing_isolates_either() -> None:
    found = ask(network(*CLUSTER))
    assert found.allowed is True
    assert why(found) == [OPEN, ("ingress", True, None, [])]


def test_a_rule_lets_in() -> None:
    spec = "podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 443}]}, {ports: [{port: 80}]}]"
    found = network(*CLUSTER, policy("shop", spec))
    assert why(ask(found)) == [OPEN, ("ingress", True, "spec.ingress[1]", ["p"])]
    refused = ask(found, 8080)
    assert refused.allowed is False
    assert why(refused) == [OPEN, ("ingress", False, None, ["p"])]


def test_each_direction_decides() -> None:
    none = "podSelector: {}, policyTypes: [Ingress, Egress]"
    found = ask(
        network(*CLUSTER, policy("shop", none), policy("shop", "podSelector: {}, ingress: [{}]", "q"))
    )
    assert found.allowed is False
    assert why(found) == [("egress", False, None, ["p"]), ("ingress", True, "spec.ingress[0]", ["q"])]


def test_its_own_node_reaches_a_pod() -> None:
    here = "nodeName: n1, containers: []"
    texts = (
        NODE,
        NODE.replace("n1", "n2").replace(".0.1", ".0.2"),
        pod("shop/a", "", here),
        policy("shop", ""),
    )
    reach = network(*texts).reach
    for name in ("n1", "192.168.0.1"):
        found = answer(reach, name, "shop/a", "TCP", 80)
        assert found.allowed is True
        assert [reason.note for reason in found.because] == ["", "the node of a pod always reaches it"]
    assert answer(reach, "n2", "shop/a", "TCP", 80).allowed is False
    assert answer(reach, "10.9.9.9", "shop/a", "TCP", 80).allowed is False
    with pytest.raises(UsageError, match="0 is no port"):
        answer(reach, "n1", "shop/a", "TCP", 0)


def test_any_pod_of_a_workload_will_do() -> None:
    owner = ", ownerReferences: [{kind: Deployment, name: db, controller: true}]"
    texts = (
        *CLUSTER[:2],
        pod("shop/db-0", "app: db", metadata=owner),
        pod("shop/db-1", "app: x", metadata=owner),
    )
    found = network(*texts, policy("shop", "podSelector: {matchLabels: {app: db}}"))
    for name in ("shop/db", "shop/db[Deployment]", "shop/db-1"):
        assert answer(found.reach, "shop/web", name, "TCP", 80).allowed is True
    assert answer(found.reach, "shop/web", "shop/db-0", "TCP", 80).allowed is False


def test_endpoints_by_their_names_and_addresses() -> None:
    reach = network(*CLUSTER, NODE).reach
    assert (
        classes_of(reach, "10.0.0.1") == classes_of(reach, "shop/web") == classes_of(reach, "shop/web[Pod]")
    )
    assert classes_of(reach, "192.168.0.1") == classes_of(reach, "n1")
    assert classes_of(reach, "10.0.0.2") != classes_of(reach, "10.0.0.1")
    assert classes_of(reach, "2001:DB8:0::7") == classes_of(reach, "2001:db8::7")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("shop/none", "shop/db", "TCP", 80), "shop/none is no pod, workload, node or address that was read"),
        (("shop/web", "10.0.0.0/8", "TCP", 80), "10.0.0.0/8 is no pod"),
        (("shop/web", "shop/db", "GRE", 80), "GRE is no protocol here: TCP, UDP, SCTP, ICMP, ICMPv6, other"),
        (("shop/web", "shop/db", "TCP", 0), "0 is no port of TCP: 1 to 65535"),
        (("shop/web", "shop/db", "udp", 65_536), "65536 is no port of UDP: 1 to 65535"),
        (("shop/web", "shop/db", "ICMP", 256), "256 is no port of ICMP: 0 to 255"),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, str, str, int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        answer(network(*CLUSTER).reach, *words)


def test_protocols_by_any_case() -> None:
    reach = network(*CLUSTER).reach
    assert answer(reach, "shop/web", "shop/db", "sctp", 80).allowed is True
    assert answer(reach, "shop/web", "shop/db", "icmpv6", 128).allowed is True


def test_a_namespace_that_was_not_read() -> None:
    spec = "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}]}]"
    read = estate(*CLUSTER, pod("far/web"), policy("shop", spec))
    found = Network.of(read)
    assert answer(found.reach, "far/web", "shop/db", "TCP", 80).allowed is False
    reach = with_unknown_namespaces(found, read)
    assert reach is not None
    asked = answer(reach, "far/web", "shop/db", "TCP", 80)
    assert asked.allowed == "depends"
    assert asked.because[1].depends[0] == "the labels of the namespace far, which was not read"
    assert answer(reach, "shop/web", "shop/db", "TCP", 80).allowed is False  # whose namespace was read


def test_a_subject_whose_namespace_was_not_read() -> None:
    entity = Entity(ref=Ref("v1", "Policy", None, "p"), origin=Origin(Document("a.yaml")))
    rule = Rule(action=Action.DENY, direction=Direction.INGRESS, peers=Everything())
    wanted = Policy(entity=entity, tier=ADMIN, subjects=Pods(namespaces=Has("env")), rules=(rule,))
    read = estate(pod("far/web"), pod("far/db"))
    found = Network.of(read)
    bare = Reach(
        [wanted],
        [p for c in found.reach.universe.pods for p in c.workloads.values()],
        [],
        KnownLabels({}, {}),
    )
    assert answer(bare, "far/web", "far/db", "TCP", 80).allowed is True
    reach = with_unknown_namespaces(Network(bare, (), ()), read)
    assert reach is not None
    asked = answer(reach, "far/web", "far/db", "TCP", 80)
    assert asked.allowed == "depends"
    assert "the labels of the namespace far, which was not read" in asked.because[1].depends


@pytest.mark.parametrize(
    ("texts", "complete"),
    [
        ((namespace("shop"), namespace("far")), frozenset()),
        ((), frozenset({"Namespace"})),
    ],
)
def test_nothing_is_unknown(texts: tuple[str, ...], complete: frozenset[str]) -> None:
    spec = "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}]}]"
    read = estate(*CLUSTER, pod("far/web"), policy("shop", spec), *texts)
    read = Estate(entities=read.entities, coverage=Coverage(complete=complete))
    assert with_unknown_namespaces(Network.of(read), read) is None


def test_labels_that_nobody_asks_for_are_not_missed() -> None:
    named = "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: far}}}]}]"
    read = estate(*CLUSTER, pod("far/web"), policy("shop", named))
    assert with_unknown_namespaces(Network.of(read), read) is None


EVERYTHING = Everything()


def _policy(
    name: str,
    action: Action | None,
    peers: Endpoints = EVERYTHING,
    depends: str = "",
    tier: Tier = ADMIN,
    isolates: frozenset[Direction] = frozenset(),
) -> Policy:
    """A policy for all pods with one rule about what comes in, or with none."""
    rules: tuple[Rule, ...] = ()
    if action is not None:
        at = ("rules", 0)
        rules = (Rule(action=action, direction=Direction.INGRESS, peers=peers, at=at, depends=depends),)
    entity = Entity(ref=Ref("v1", "Policy", None, name), origin=Origin(Document("a.yaml")))
    subjects = Pods(pods=Has("app"))
    return Policy(entity=entity, tier=tier, subjects=subjects, rules=rules, isolates=isolates, name=name)


def _ask(*policies: Policy) -> Answer:
    read = network(*CLUSTER).reach.universe.pods
    reach = Reach(policies, [p for found in read for p in found.workloads.values()], [], KnownLabels({}, {}))
    return answer(reach, "shop/web", "shop/db", "TCP", 80)


def test_equal_priorities() -> None:
    found = _ask(_policy("a", Action.ALLOW), _policy("b", Action.DENY))
    assert found.allowed == "depends"
    assert found.because[1].depends == (
        "a (Policy) and b (Policy) have one priority, and their order is not defined",
    )
    assert _ask(_policy("a", Action.DENY), _policy("b", Action.DENY)).because[1].depends == ()


def test_a_rule_that_depends() -> None:
    found = _ask(
        _policy("a", Action.ALLOW, depends="the path"), _policy("b", Action.DENY, tier=Tier(900, "last"))
    )
    assert found.allowed == "depends"
    assert found.because[1].depends == ("the path",)
    assert why(found)[1] == ("ingress", False, "rules[0]", ["b"])


def test_a_deny_that_depends_is_not_read_as_one() -> None:
    found = _ask(_policy("a", Action.DENY, depends="the path"))
    assert found.allowed == "depends"
    assert why(found)[1] == ("ingress", True, None, [])


@pytest.mark.parametrize(
    "peers",
    [
        Perhaps(Everything(), "a name"),
        Union((World(), Perhaps(Pods(), "a name"))),
        Intersection((Everything(), Perhaps(Pods(), "a name"))),
        Complement(Perhaps(Pods(), "a name")),
    ],
)
def test_peers_of_which_it_is_not_known(peers: Endpoints) -> None:
    found = _ask(_policy("a", Action.DENY, peers))
    assert found.allowed == "depends"
    assert found.because[1].depends == ("a name", "whether a rule of a (Policy) means it")


def test_what_is_passed_on() -> None:
    last = Tier(900, "last")
    passed = _ask(_policy("a", Action.PASS), _policy("b", Action.DENY, World(), tier=last))
    assert passed.allowed is True
    assert why(passed)[1] == ("ingress", True, "rules[0]", ["a"])
    denied = _ask(_policy("a", Action.PASS), _policy("b", Action.DENY, tier=last))
    assert why(denied)[1] == ("ingress", False, "rules[0]", ["b"])
    isolated = _ask(_policy("a", Action.PASS), _policy("b", None, tier=last, isolates=INTO))
    assert why(isolated)[1] == ("ingress", False, None, ["b"])


def test_a_tier_that_ends_in_pass_isolates_nobody() -> None:
    passing = Tier(50, "first", ends_in_pass=True)
    found = _ask(_policy("a", Action.ALLOW, World(), tier=passing, isolates=INTO))
    assert why(found)[1] == ("ingress", True, None, [])

"""Clusters with Calico's policies: who reaches whom, against upstream's words and the corpus."""

import json
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network import network_policies
from casemate.analysis.network.calico.dialect import Beside, in_calicos_tiers, policies
from casemate.analysis.network.calico.labels import pods_where
from casemate.analysis.network.cluster import labels_of
from casemate.analysis.network.connections import connections
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.labels import AllOf, AnyOf, Has, Labels, Matches, Not, OneOf, holds
from casemate.analysis.network.mentions import Mentions
from casemate.analysis.network.policies import Notice, Policy, PortRange, Tier
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import Universe
from casemate.model.calico import CalicoPolicy
from casemate.model.estate import Estate
from casemate.model.network_policy import NetworkPolicy
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate
from tests.analysis.network.calico_objects import Tree, estate_of, global_policy, policy, thing


def reach_of(estate: Estate, asked: int = 80) -> Reach:
    """All connections as Calico allows them; no policy may be refused."""
    notices: list[Notice] = []
    found: list[Policy] = [
        *policies(estate.of(CalicoPolicy), notices, Beside.of(estate)),
        *in_calicos_tiers(network_policies.policies(estate.of(NetworkPolicy), notices)),
    ]
    assert notices == []
    ports = [PortRange(protocol, asked, asked) for protocol in ("TCP", "UDP")]
    return Reach(found, pods_of(estate), list(nodes_of(estate)), labels_of(estate), ports=ports)


def pod(name: str, address: str = "", namespace: str = "shop", account: str = "default") -> Tree:
    found = thing(
        "Pod", name, {"serviceAccountName": account}, namespace=namespace, labels={"app": name}, version="v1"
    )
    found["spec"]["containers"] = [{"name": "a", "ports": [{"name": "http", "containerPort": 80}]}]
    return {**found, "status": {"podIP": address, "phase": "Running"}}


PODS = [pod("web", "10.0.0.1"), pod("db", "10.0.0.2", account="data"), pod("job", "10.0.0.3", "batch")]


def numbers(reach: Reach, *pods: str) -> list[int]:
    """The classes of pods, each of which is alone in its own."""
    found = {name: number for number, item in enumerate(reach.universe.pods) for name in item.workloads}
    return [found[f"{name}[Pod]"] for name in pods]


def answer(
    *trees: Tree,
    source: str = "shop/web",
    destination: str = "shop/db",
    protocol: str = "TCP",
    port: int = 80,
) -> bool | str:
    """Whether a connection is allowed, or depends on something."""
    reach = reach_of(estate_of(*PODS, *trees), port)
    one, other = numbers(reach, source, destination)
    sure, upper = reach.between(one, other)
    mask = reach.atoms.mask(PortRange(protocol, port, port))
    return True if mask & sure else "depends" if mask & upper else False


def rule(action: str, **more: Any) -> Tree:
    return {"action": action, **more}


FIRST = thing("Tier", "first", {"order": 1})
SECOND = thing("Tier", "second", {"order": 2})
PASSING = thing("Tier", "passing", {"order": 1, "defaultAction": "Pass"})
TO_DB = {"selector": "app == 'db'"}
FROM_WEB = {"source": {"selector": "app == 'web'"}}
DENY_ALL = global_policy({"ingress": [rule("Deny")]}, "deny-all")
ALLOW_ALL = global_policy({"ingress": [rule("Allow")]}, "allow-all")


def tiered(tier: str, *rules: Tree, name: str = "t", selector: str = "app == 'db'") -> Tree:
    return global_policy({"tier": tier, "selector": selector, "ingress": [*rules]}, f"{tier}.{name}")


@pytest.mark.parametrize(
    ("trees", "meant"),
    [
        ([], True),
        ([DENY_ALL], False),
        ([global_policy({"types": ["Ingress"], **TO_DB})], False),
        ([global_policy({"types": ["Egress"], **TO_DB})], True),
        # A tier decides before the next one.
        ([FIRST, SECOND, tiered("first", rule("Allow")), tiered("second", rule("Deny"))], True),
        ([FIRST, SECOND, tiered("first", rule("Deny")), tiered("second", rule("Allow"))], False),
        # What a rule passes on goes to the next tier that has policies for the pod, past other policies.
        ([FIRST, SECOND, tiered("first", rule("Pass")), tiered("second", rule("Allow"))], True),
        ([FIRST, SECOND, tiered("first", rule("Pass"), rule("Deny")), tiered("second", rule("Allow"))], True),
        ([FIRST, tiered("first", rule("Pass"), name="a"), tiered("first", rule("Deny"), name="b")], True),
        ([FIRST, tiered("first", rule("Pass")), DENY_ALL], False),
        # After the last tier the profile of the namespace allows.
        ([FIRST, tiered("first", rule("Pass"))], True),
        ([tiered("default", rule("Pass"))], True),
        # The end of a tier denies those that it has a policy for.
        ([FIRST, tiered("first", rule("Allow", source={"selector": "app == 'job'"})), ALLOW_ALL], False),
        ([FIRST, tiered("first", rule("Deny"), selector="app == 'job'"), ALLOW_ALL], True),
        ([PASSING, tiered("passing", rule("Allow", source={"selector": "app == 'job'"})), ALLOW_ALL], True),
        ([PASSING, tiered("passing", rule("Allow", source={"selector": "app == 'job'"})), DENY_ALL], False),
        # Logging decides nothing.
        ([global_policy({"ingress": [rule("Log"), rule("Allow")]})], True),
        ([global_policy({"ingress": [rule("Log")]})], False),
        # Order, then name.
        ([global_policy({"order": 2, "ingress": [rule("Deny")]}, "a"), global_policy({"order": 1, "ingress": [rule("Allow")]}, "b")], True),
        ([global_policy({"ingress": [rule("Deny")]}, "b"), global_policy({"ingress": [rule("Allow")]}, "a")], True),
        ([global_policy({"ingress": [rule("Deny")]}, "a"), global_policy({"order": 9e9, "ingress": [rule("Allow")]}, "b")], True),
        # Ends of rules.
        ([policy({**TO_DB, "ingress": [rule("Allow", **FROM_WEB)]})], True),
        ([policy({**TO_DB, "ingress": [rule("Allow", source={"selector": "app == 'job'", "namespaceSelector": "all()"})]})], False),
        ([policy({"ingress": [rule("Allow", destination={"selector": "app == 'web'"})]})], False),
        ([policy({"ingress": [rule("Deny", destination={"selector": "app == 'web'"}), rule("Allow")]})], True),
        ([policy({"ingress": [rule("Deny", destination={"selector": "app == 'db'"}), rule("Allow")]})], False),
        ([policy({"egress": [rule("Allow", destination={"serviceAccounts": {"names": ["data"]}})]})], True),
        ([policy({"egress": [rule("Allow", destination={"serviceAccounts": {"names": ["default"]}})]})], False),
        ([policy({"egress": [rule("Allow", destination={"nets": ["10.0.0.2/32"]})]})], True),
        ([policy({"egress": [rule("Allow", destination={"notNets": ["10.0.0.2/31"]})]})], False),
        ([global_policy({"ingress": [rule("Deny", source={"notSelector": "app == 'job'"}), rule("Allow")]})], False),
        ([global_policy({"ingress": [rule("Deny", source={"notSelector": "app == 'web'"}), rule("Allow")]})], True),
        ([policy({"egress": [rule("Allow", protocol="TCP", destination={"ports": ["http"]})]})], True),
        ([policy({"egress": [rule("Allow", protocol="TCP", destination={"ports": ["web"]})]})], False),
        ([policy({"egress": [rule("Allow", protocol="UDP")]})], False),
        ([policy({"egress": [rule("Allow", ipVersion=4)]})], True),
        ([policy({"egress": [rule("Allow", ipVersion=6)]})], False),
        # What is not known stays open.
        ([policy({**TO_DB, "ingress": [rule("Allow", http={"methods": ["GET"]})]})], "depends"),
        ([policy({"egress": [rule("Allow", destination={"services": {"name": "db"}})]})], "depends"),
        ([policy({"egress": [rule("Allow", destination={"services": {"name": "db"}})]}), thing("Service", "db", {"selector": {"app": "db"}, "ports": [{"port": 5, "targetPort": "http"}]}, namespace="shop", version="v1")], True),
        ([policy({"egress": [rule("Allow", destination={"services": {"name": "db"}})]}), thing("Service", "db", {"selector": {"app": "db"}, "ports": [{"port": 80, "targetPort": 81}]}, namespace="shop", version="v1")], False),
    ],
)  # fmt: skip
def test_one_connection(trees: list[Tree], meant: bool | str) -> None:
    assert answer(*trees) is meant


K8S = thing(
    "NetworkPolicy",
    "k",
    {"podSelector": {}, "policyTypes": ["Ingress"]},
    namespace="shop",
    version="networking.k8s.io/v1",
)


@pytest.mark.parametrize(("order", "meant"), [(999, True), (1_000, True), (1_001, True)])
def test_an_allow_of_the_same_tier_stands_beside_kubernetes_policies(order: float, meant: bool) -> None:
    assert answer(K8S) is False
    assert answer(K8S, policy({**TO_DB, "order": order, "ingress": [rule("Allow")]})) is meant


def test_kubernetes_policies_come_after_lower_orders_and_earlier_tiers() -> None:
    allowing = {**K8S, "spec": {"podSelector": {}, "ingress": [{}]}}
    assert answer(allowing, policy({**TO_DB, "order": 999, "ingress": [rule("Deny")]})) is False
    assert answer(allowing, policy({**TO_DB, "order": 1_001, "ingress": [rule("Deny")]})) is True
    assert answer(FIRST, allowing, tiered("first", rule("Deny"))) is False
    assert answer(FIRST, K8S, tiered("first", rule("Allow"))) is True


def test_a_tier_that_was_not_read_leaves_open_what_its_policies_decide() -> None:
    estate = estate_of(*PODS, tiered("far", rule("Deny", **FROM_WEB), rule("Pass")), ALLOW_ALL)
    notices: list[Notice] = []
    found = list(policies(estate.of(CalicoPolicy), notices, Beside.of(estate)))
    reach = Reach(found, pods_of(estate), [], labels_of(estate))
    web, db, job = numbers(reach, "shop/web", "shop/db", "batch/job")
    assert reach.between(web, db) == (0, reach.atoms.everything)
    assert reach.between(db, job) == (reach.atoms.everything,) * 2
    assert [item.at for item in notices] == [("spec", "tier")]


KEYS = st.sampled_from(
    ["a", "b", "pcns.a", "pcsa.a", "projectcalico.org/namespace", "projectcalico.org/serviceaccount",
     "projectcalico.org/orchestrator", "pcns.projectcalico.org/name", "pcsa.projectcalico.org/name"]
)  # fmt: skip
VALUES = st.sampled_from(["x", "y", "xy", "k8s"])
LEAVES = st.one_of(
    st.builds(Has, KEYS),
    st.builds(OneOf, KEYS, st.lists(VALUES, max_size=2).map(tuple)),
    st.builds(Matches, KEYS, st.sampled_from(["contains", "starts with", "ends with"]), VALUES),
)
CONDITIONS: st.SearchStrategy[Labels] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
LABELS = st.dictionaries(st.sampled_from(["a", "b"]), VALUES, max_size=2)
PLACED = st.tuples(st.sampled_from(["x", "y"]), st.sampled_from(["x", "xy"]), LABELS)


@settings(deadline=None)  # machines are busy
@given(CONDITIONS, st.lists(PLACED, min_size=1, max_size=4), LABELS, LABELS)
def test_pods_are_selected_as_their_flat_labels_say(
    condition: Labels,
    placed: list[tuple[str, str, dict[str, str]]],
    of_x: dict[str, str],
    of_account: dict[str, str],
) -> None:
    trees = [thing("Namespace", "x", labels=of_x, version="v1")]
    trees += [thing("ServiceAccount", "xy", namespace="y", labels=of_account, version="v1")]
    wanted = set()
    for number, (namespace, account, labels) in enumerate(placed):
        name = f"p{number}"
        trees.append(
            {
                **pod(name, namespace=namespace, account=account),
                "metadata": {"name": name, "namespace": namespace, "labels": labels},
            }
        )
        flat = {
            **labels,
            "projectcalico.org/namespace": namespace,
            "projectcalico.org/serviceaccount": account,
            "projectcalico.org/orchestrator": "k8s",
            "pcns.projectcalico.org/name": namespace,
            "pcsa.projectcalico.org/name": account,
            **({f"pcns.{key}": value for key, value in of_x.items()} if namespace == "x" else {}),
            **(
                {f"pcsa.{key}": value for key, value in of_account.items()}
                if (namespace, account) == ("y", "xy")
                else {}
            ),
        }
        wanted |= {f"{namespace}/{name}[Pod]"} if holds(condition, flat) else set()
    estate = estate_of(*trees)
    one = Policy(entity=estate.entities[0], tier=Tier(0, "t"), subjects=pods_where(condition), rules=())
    universe = Universe(
        pods_of(estate),
        [],
        labels_of(estate),
        Mentions([one], with_addresses=False),
        Reach([], [], [], labels_of(estate)).universe.assumed,
    )
    found = universe.where(one.subjects)
    assert found.sure == found.upper
    chosen = [universe.pods[number] for number in found.sure if number != universe.stranger]
    assert {name for item in chosen for name in item.workloads} == wanted


Row = tuple[str, str, str, int, int]


def is_range(name: str) -> bool:
    return "/" not in name and "-" in name and name[0].isdigit()


def ends(name: str) -> tuple[int, int]:
    low, high = name.split("-")
    return int(ip_address(low)), int(ip_address(high))


def cells(rows: list[Row], addresses: list[int], ports: list[int]) -> set[tuple[str, ...]]:
    """Rows cut at all boundaries, so that two lists can be compared however they are joined."""

    def names(name: str) -> list[str]:
        if not is_range(name):
            return [name]
        low, high = ends(name)
        return [str(ip_address(cut)) for cut in addresses if low <= cut <= high]

    return {
        (one, other, protocol, str(port))
        for source, destination, protocol, low, high in rows
        for one in names(source)
        for other in names(destination)
        for port in ports
        if low <= port <= high
    }


def listed(reach: Reach, *, upper: bool) -> list[Row]:
    found = connections(reach, upper=upper)
    rows = [(c.source, c.destination, c.protocol, c.low, c.high) for c in found]
    return [row for row in rows if not any(":" in name and "/" not in name for name in row[:2])]


CASES = Path(__file__).parents[4] / "shared/corpora/network/network-config-analyzer"


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.glob("*/")) or [""])
def test_the_corpus_agrees(corpora: Path, case: str) -> None:
    folder = corpora / "network" / "network-config-analyzer" / case
    estate = read_estate((str(folder / "manifests"),), Settings())
    lines = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    expected = [(row["src"], row["dst"], row["protocol"], row["from"], row["to"]) for row in lines]
    reach = reach_of(estate)
    sure, upper = listed(reach, upper=False), listed(reach, upper=True)
    rows = [*expected, *sure, *upper]
    addresses = {0} | {
        cut
        for row in rows
        for name in row[:2]
        if is_range(name)
        for cut in (ends(name)[0], ends(name)[1] + 1)
    }
    ports = {1} | {cut for row in rows for cut in (row[3], row[4] + 1)}
    cuts = sorted(cut for cut in addresses if cut < 2**32), sorted(cut for cut in ports if cut < 2**16)
    assert cells(sure, *cuts) == cells(expected, *cuts)
    assert cells(upper, *cuts) == cells(expected, *cuts)

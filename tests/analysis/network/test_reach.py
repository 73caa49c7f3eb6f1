"""All connections at once equal those of the naive way, and the cases of others."""

import gzip
import json
from collections import defaultdict
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.addresses import parse_address
from casemate.analysis.network.cluster import network_of
from casemate.analysis.network.connections import connections
from casemate.analysis.network.endpoints import NamedPortOf, PodEndpoint
from casemate.analysis.network.labels import (
    CONTAINS,
    ENDS,
    STARTS,
    AllOf,
    AnyOf,
    Has,
    Labels,
    Matches,
    Not,
    Nothing,
    OneOf,
)
from casemate.analysis.network.labels import (
    Any as Anything,
)
from casemate.analysis.network.policies import (
    Action,
    Complement,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    NamedPort,
    Networks,
    Nobody,
    Nodes,
    Perhaps,
    Pods,
    Policy,
    PortRange,
    Rule,
    Tier,
    Union,
    World,
)
from casemate.analysis.network.queries import answer
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import Assumptions, KnownLabels
from casemate.model.estate import Entity, Ref, Template, Workload, pack
from casemate.model.place import Document, Origin
from casemate.model.pods import PodSpec
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate
from tests.analysis.network.reference import Reference, Thing
from tests.analysis.network.small_cluster import namespace, network, pod, policy

ORIGIN = Origin(Document("a.yaml"))
ENTITY = Entity(ref=Ref("v1", "Policy", None, "p"), origin=ORIGIN)
TEMPLATE = Template(path=("spec",), metadata_path=("metadata",), packed=pack(PodSpec()))
SOURCE = Workload(ref=Ref("v1", "Pod", "n", "p"), origin=ORIGIN, templates=(TEMPLATE,))
NAMESPACES = {"n": {"env": "dev"}, "m": {"env": "prod"}}
OUTSIDE = ["10.0.0.1", "10.0.1.1", "192.0.2.7", "2001:db8::1"]
PORTS = [("TCP", 80), ("TCP", 443), ("TCP", 8080), ("UDP", 53), ("UDP", 80), ("SCTP", 80), ("other", 0)]

KEYS, VALUES = st.sampled_from(["app", "env"]), st.sampled_from(["web", "db", "dev", "prod"])
LABELS: st.SearchStrategy[Labels] = st.recursive(
    st.one_of(
        st.just(Anything()),
        st.just(Nothing()),
        st.builds(Has, KEYS),
        st.builds(OneOf, KEYS, st.lists(VALUES, min_size=1, max_size=2).map(tuple)),
        st.builds(
            Matches, KEYS, st.sampled_from([STARTS, ENDS, CONTAINS]), st.sampled_from(["d", "b", "web"])
        ),
        st.builds(
            OneOf, st.just("kubernetes.io/metadata.name"), st.sampled_from([("n",), ("m",), ("n", "x")])
        ),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=2).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=2).map(tuple)),
    ),
    max_leaves=3,
)
CIDRS = st.sampled_from(["10.0.0.0/24", "10.0.0.0/8", "0.0.0.0/0", "192.0.2.0/28", "::/0", "2001:db8::/64"])
CERTAIN: st.SearchStrategy[Endpoints] = st.recursive(
    st.one_of(
        st.builds(Everything),
        st.builds(Nobody),
        st.builds(World),
        st.builds(Pods, namespaces=LABELS, pods=LABELS),
        st.builds(Nodes, LABELS),
        st.builds(
            Networks,
            st.lists(CIDRS, min_size=1, max_size=2).map(tuple),
            st.lists(CIDRS, max_size=1).map(tuple),
            pods=st.sampled_from([None, True, False]),
            nodes=st.just(False),
        ),
    ),
    lambda inner: st.one_of(
        st.builds(Complement, inner),
        st.builds(Union, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(Intersection, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    ),
    max_leaves=3,
)
PORT = st.one_of(
    st.sampled_from(
        [
            PortRange("TCP", 80, 80),
            PortRange("TCP", 80, 8080),
            PortRange("UDP", 1, 65_535),
            PortRange("other", 0, 0),
        ]
    ),
    st.builds(NamedPort, st.sampled_from(["TCP", "UDP"]), st.sampled_from(["http", "dns"])),
)
TIERS = [Tier(1, "first", ties=True), Tier(2, "second"), Tier(3, "third", ends_in_pass=True)]


@st.composite
def policies(draw: st.DrawFn, peers: st.SearchStrategy[Endpoints], doubts: bool) -> list[Policy]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        rules = tuple(
            Rule(
                action=draw(st.sampled_from(list(Action))),
                direction=draw(st.sampled_from(list(Direction))),
                peers=draw(peers),
                ports=draw(st.one_of(st.none(), st.lists(PORT, max_size=2).map(tuple))),
                depends=f"rule {number}" if doubts and draw(st.integers(0, 5)) == 0 else "",
            )
            for _ in range(draw(st.integers(0, 3)))
        )
        found.append(
            Policy(
                entity=ENTITY,
                tier=draw(st.sampled_from(TIERS)),
                subjects=draw(peers),
                rules=rules,
                isolates=frozenset(draw(st.sets(st.sampled_from(list(Direction))))),
                order=draw(st.sampled_from([0, 1])),
                name=str(number),
            )
        )
    return found


@st.composite
def pods(draw: st.DrawFn) -> list[PodEndpoint]:
    named = st.sampled_from(
        [NamedPortOf("TCP", "http", 80), NamedPortOf("TCP", "http", 8080), NamedPortOf("UDP", "dns", 53)]
    )
    return [
        PodEndpoint(
            workload=f"{namespace}/w{number}[Pod]",
            name=f"{namespace}/w{number}",
            namespace=namespace,
            labels=draw(st.dictionaries(KEYS, VALUES)),
            account="default",
            ports=tuple(sorted(set(draw(st.lists(named, max_size=2))))),
            on_host=False,
            addresses=(f"10.0.{number}.5",),
            node=None,
            source=SOURCE,
            template=TEMPLATE,
        )
        for number, namespace in enumerate(
            draw(st.lists(st.sampled_from(["n", "m", "x"]), min_size=1, max_size=4))
        )
    ]


def _things(found: list[PodEndpoint]) -> dict[str, Thing]:
    things = {
        pod.name: Thing(
            "pod",
            pod.namespace,
            pod.labels,
            pod.account,
            tuple((p.protocol, p.name, p.number) for p in pod.ports),
            pod.addresses[0],
        )
        for pod in found
    }
    return things | {address: Thing("outside", address=address) for address in OUTSIDE}


def _compare(found: list[PodEndpoint], given_policies: list[Policy], *, exact: bool, hold: bool) -> None:
    reach = Reach(
        given_policies, found, [], KnownLabels(NAMESPACES, {}), Assumptions(networks_hold_pods=hold)
    )
    reference = Reference(given_policies, NAMESPACES, networks_hold_pods=hold)
    things = _things(found)
    numbers = {name: reach.universe.names.get(name, reach.number_of(name)) for name in things}
    regions = list(reach.regions())
    for source, one in things.items():
        for destination, other in things.items():
            if one.kind == other.kind == "outside":
                continue
            a, b = numbers[source], numbers[destination]
            assert a is not None
            assert b is not None
            sure, upper = reach.between(a, b)
            inside = [r for r in regions if a in r.sources and b in r.destinations]
            assert len(inside) <= 1
            assert (inside[0].sure, inside[0].upper) == (sure, upper) if inside else upper == 0
            for protocol, port in PORTS:
                bit = reach.atoms.containing(protocol, port)
                wanted = reference.allowed(one, other, protocol, port)
                got = (bool(sure & bit), bool(upper & bit))
                if exact:
                    assert got == wanted, (source, destination, protocol, port)
                else:  # the bounds may be wider where several things are unknown at once, never narrower
                    assert got[0] <= wanted[0], (source, destination, protocol, port)
                    assert got[1] >= wanted[1], (source, destination, protocol, port)


@settings(deadline=None, max_examples=250)
@given(pods(), policies(CERTAIN, doubts=False), st.booleans())
def test_it_equals_the_naive_way(found: list[PodEndpoint], given_policies: list[Policy], hold: bool) -> None:
    _compare(found, given_policies, exact=True, hold=hold)


@settings(deadline=None, max_examples=80)
@given(
    pods(), policies(st.one_of(CERTAIN, CERTAIN, st.builds(Perhaps, CERTAIN, st.just("why"))), doubts=True)
)
def test_what_is_not_known_is_never_said_to_be(
    found: list[PodEndpoint], given_policies: list[Policy]
) -> None:
    _compare(found, given_policies, exact=False, hold=True)


@settings(deadline=None, max_examples=120)
@given(pods(), policies(CERTAIN, doubts=False), policies(CERTAIN, doubts=False), st.integers(0, 3))
def test_a_change_is_worked_out_as_if_anew(
    found: list[PodEndpoint], before: list[Policy], added: list[Policy], kept: int
) -> None:
    added = [msgspec.structs.replace(policy, name=f"new {policy.name}") for policy in added]
    spares = [
        msgspec.structs.replace(
            policy, isolates=frozenset(), subjects=Intersection((policy.subjects, Nobody()))
        )
        for policy in (*before, *added)
    ]  # which select nobody, and mention all that is mentioned before or after
    labels, assumed = KnownLabels(NAMESPACES, {}), Assumptions(networks_hold_pods=True)
    old = Reach([*before, *spares], found, [], labels, assumed)
    changed = old.changed(before[kept:], added)
    anew = Reach([*before[:kept], *added, *spares], found, [], labels, assumed)
    assert changed is not None
    assert changed.universe.size == anew.universe.size
    size = anew.universe.size
    assert [changed.between(a, b) for a in range(size) for b in range(size)] == [
        anew.between(a, b) for a in range(size) for b in range(size)
    ]
    regions = list(changed.regions())
    for a in range(size):
        for b in range(size):
            inside = [r for r in regions if a in r.sources and b in r.destinations]
            assert [(r.sure, r.upper) for r in inside] == [changed.between(a, b)] or not (
                inside or changed.between(a, b)[1]
            )


def test_rectangles_hold_every_pair_once() -> None:
    here = "podSelector: {}, policyTypes: [Ingress, Egress], "
    rules = "[{PEER: [{podSelector: {matchLabels: {app: web}}}]}, {PEER: [{namespaceSelector: {}}], ports: [{port: 80}]}]"
    both = f"ingress: {rules.replace('PEER', 'from')}, egress: {rules.replace('PEER', 'to')}"
    texts = [
        policy("near", here + both),
        policy("far", "podSelector: {matchLabels: {app: db}}", "q"),
        namespace("near"),
    ]
    texts += [
        pod(f"{ns}/{app}", f"app: {app}") for ns in ("near", "far", "away") for app in ("web", "db", "other")
    ]
    reach = network(*texts).reach
    regions, background = list(reach.regions()), list(reach.background())
    exceptions = list(reach.exceptions())
    for source in range(reach.universe.size):
        for destination in range(reach.universe.size):
            wanted = reach.between(source, destination)
            parts = [
                [(r.sure, r.upper) for r in found if source in r.sources and destination in r.destinations]
                for found in (regions, exceptions, background)
            ]
            assert parts[0] == ([wanted] if wanted[1] else [])
            assert (parts[1] or parts[2]) == [wanted]


def test_what_all_have_in_common_after_a_change() -> None:
    reach = network(policy("near", "podSelector: {}"), pod("near/a"), pod("far/b")).reach
    changed = reach.changed(reach.policies, [])
    assert changed is not None
    (found,) = changed.background()
    assert (found.sources, found.destinations) == (changed.universe.all, changed.universe.all)
    assert found.sure == found.upper == changed.atoms.everything


def test_a_change_that_mentions_something_new_is_worked_out_anew() -> None:
    reach = Reach([], [], [], KnownLabels({}, {}))
    policy = Policy(entity=ENTITY, tier=TIERS[0], subjects=Pods(pods=Has("app")), rules=())
    assert reach.changed([], [policy]) is None


def _rows(file: Path) -> list[dict[str, Any]]:
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return [json.loads(line) for line in data.splitlines() if line.strip()]


def _is_range(name: str) -> bool:
    return name[0].isdigit() and "[" not in name and "/" not in name


def _cells(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """The rows cut at every boundary of both sides."""
    both = [*rows, *others]
    cuts = sorted(
        {
            int(ip_address(end)) + step
            for row in both
            for name in (row["src"], row["dst"])
            if _is_range(name)
            for step, end in enumerate(name.split("-"))
        }
    )
    ports: dict[str, set[int]] = defaultdict(set)
    for row in both:
        ports[row["protocol"]] |= {row["from"], row["to"] + 1}

    def spread(name: str) -> list[Any]:
        if not _is_range(name):
            return [name]
        low, high = (int(ip_address(end)) for end in name.split("-"))
        return [cut for cut in cuts if low <= cut <= high]

    return {
        (source, destination, row["protocol"], port)
        for row in rows
        for source in spread(row["src"])
        for destination in spread(row["dst"])
        for port in ports[row["protocol"]]
        if row["from"] <= port <= row["to"]
    }


ORIGINS = ["netpol-analyzer", "network-config-analyzer", "network-policy-api"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_cases_of_others(corpora: Path, origin: str) -> None:
    wrong, seen = [], 0
    for meta_file in sorted((corpora / "network" / origin).glob("*/meta.json")):
        folder, meta = meta_file.parent, json.loads(meta_file.read_text())
        expected = [file for file in folder.glob("expected.jsonl*") if folder.name != "_diff"]
        if not expected and not (folder / "pokes.jsonl").exists():
            continue
        seen += 1
        network = network_of(read_estate((str(folder / "manifests"),), Settings()))
        disputed = {name for item in meta.get("disputed", []) for name in item["endpoints"]}
        if expected:
            rows: list[dict[str, Any]] = [
                {"src": c.source, "dst": c.destination, "protocol": c.protocol, "from": c.low, "to": c.high}
                for c in connections(network.reach, network.ways_in)
            ]
            mine, theirs = (
                [r for r in found if ":" not in r["src"] + r["dst"] and not {r["src"], r["dst"]} & disputed]
                for found in (rows, _rows(expected[0]))
            )
            wrong += [folder.name] if _cells(mine, theirs) != _cells(theirs, mine) else []
        else:
            for poke in _rows(folder / "pokes.jsonl"):
                said = answer(network.reach, poke["src"], poke["dst"], poke["protocol"], poke["port"])
                wrong += [f"{folder.name}: {poke}"] if said.allowed != poke["allowed"] else []
    assert not wrong
    assert seen > 30


def test_addresses_are_found() -> None:
    assert parse_address("10.0.0.300") is None
    reach = network(pod("near/a", status="podIP: 10.0.0.1")).reach
    assert reach.number_of("10.0.0.300") is None
    assert reach.number_of("10.0.0.1") == reach.universe.names["near/a"]
    assert reach.number_of("10.0.0.2") == reach.universe.first_outside
    assert reach.number_of("::2") == reach.universe.first_outside + 1


@settings(deadline=None, max_examples=150)
@given(pods(), policies(CERTAIN, doubts=False), st.data())
def test_pods_that_come_and_go_are_as_if_all_were_worked_out_anew(
    found: list[PodEndpoint], given_policies: list[Policy], data: st.DataObject
) -> None:
    copies = st.tuples(st.sampled_from(found), st.sampled_from(["old", "new", "other"]))
    drawn = data.draw(st.lists(copies, max_size=4))
    added = [
        msgspec.structs.replace(
            pod,
            name=f"{pod.name}-{number}",
            workload=pod.workload if name == "old" else f"{pod.namespace}/{name}[Pod]",
            addresses=(f"10.0.1{number}.5",),
        )
        for number, (pod, name) in enumerate(drawn)
    ]
    before, more = added[:2], added[2:]
    gone = data.draw(st.lists(st.sampled_from([*found, *before]), unique_by=id, max_size=3))
    labels = KnownLabels(NAMESPACES, {})
    old = Reach(given_policies, [*found, *before], [], labels)
    changed = old.with_pods(more, gone)
    if changed is None:  # a pod with an address of its own is a class of its own
        assert "pods=True" in repr(given_policies)
        return
    left = [pod for pod in [*found, *before] if pod not in gone] + more
    anew = Reach(given_policies, left, [], labels)
    assert list(connections(changed)) == list(connections(anew))
    assert changed.universe.names.keys() == anew.universe.names.keys()
    assert changed.universe.owners.keys() == anew.universe.owners.keys()
    for one in left:
        for other in left:
            asked = (one.name, other.addresses[0], "TCP", 80)
            assert answer(changed, *asked).allowed == answer(anew, *asked).allowed
    assert list(connections(old)) == list(connections(Reach(given_policies, [*found, *before], [], labels)))


def test_a_pod_of_no_class_is_worked_out_anew() -> None:
    policy = Policy(entity=ENTITY, tier=TIERS[0], subjects=Pods(pods=Has("app")), rules=())
    pod = PodEndpoint(
        "n/a[Pod]", "n/a", "n", {}, "default", (), False, (), None, SOURCE, TEMPLATE
    )  # fields, in order
    reach = Reach([policy], [pod], [], KnownLabels({}, {}))
    assert reach.with_pods([msgspec.structs.replace(pod, name="n/b", labels={"app": "b"})]) is None
    assert reach.with_pods([msgspec.structs.replace(pod, name="n/b", labels={"other": "b"})]) is not None
    assert reach.with_pods([], [msgspec.structs.replace(pod, namespace="m")]) is None


def test_a_pod_on_a_host_comes_and_goes() -> None:
    pod = PodEndpoint(
        "n/a[Pod]", "n/a", "n", {}, "default", (), True, ("10.0.0.1",), "n1", SOURCE, TEMPLATE
    )  # fields, in order
    reach = Reach([], [pod], [], KnownLabels({}, {}))
    more = reach.with_pods(
        [msgspec.structs.replace(pod, name="n/b", node=None), msgspec.structs.replace(pod, name="")]
    )
    assert more is not None
    assert more.universe.names.keys() == {"n/a", "n/b"}
    less = more.with_pods([], [pod])
    assert less is not None
    assert less.universe.names.keys() == {"n/b"}
    assert less.universe.nodes_of_pods == {}
    assert less.universe.owners == {}

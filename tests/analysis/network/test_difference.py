"""What a change opens and closes, with its cause; and the differences of others' cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.network.difference import Changed, Snapshot, differences
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate
from tests.analysis.network.small_cluster import estate, namespace, pod, policy
from tests.analysis.network.test_reach import _cells

DB, WEB, FAR = pod("shop/db", "app: db"), pod("shop/web", "app: web"), pod("far/web", "app: web")
NAMED = policy(
    "shop",
    "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]",
)
BASE = (DB, WEB, FAR, NAMED)
OPENED = Changed("far/web[Pod]", "shop/db[Pod]", "TCP", 5432, 5432, "")


def between(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[list[Changed], list[Changed]]:
    """What is opened and closed between two clusters."""
    return differences(Snapshot.of(estate(*old)), Snapshot.of(estate(*new)))


def because(cause: str, item: Changed = OPENED) -> Changed:
    """The change, for a cause."""
    return Changed(item.source, item.destination, item.protocol, item.low, item.high, cause)


def test_nothing_changes() -> None:
    assert between(BASE, BASE) == ([], [])
    assert between((), ()) == ([], [])


def test_labels_of_a_namespace() -> None:
    new = (*BASE, namespace("far", "team: a"))
    assert between(BASE, new) == ([because("namespace labels")], [])
    assert between(new, BASE) == ([], [because("namespace labels")])


def test_labels_of_pods() -> None:
    here, other = (*BASE, namespace("far", "team: a")), pod("far/web", "app: other")
    without = (DB, WEB, other, NAMED, namespace("far", "team: a"))
    assert between(without, here) == ([because("pod labels")], [])
    assert between(here, without) == ([], [because("pod labels")])


def test_policies() -> None:
    by_name = NAMED.replace("team: a", "kubernetes.io/metadata.name: far")
    assert between(BASE, (DB, WEB, FAR, by_name)) == ([because("policies")], [])
    assert between((DB, WEB, FAR, by_name), BASE) == ([], [because("policies")])


def test_a_policy_that_comes_closes_what_it_does_not_allow() -> None:
    opened, closed = between((DB, WEB), (DB, WEB, NAMED))
    assert opened == []
    assert {(item.source, item.cause) for item in closed} == {
        ("shop/web[Pod]", "policies"),
        ("0.0.0.0-255.255.255.255", "policies"),
        ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "policies"),
    }
    assert {(item.low, item.high) for item in closed} == {(1, 65_535)}


def test_what_takes_both() -> None:
    old = (DB, WEB, pod("far/web", "app: other"), NAMED)
    opened, closed = between(old, (*BASE, namespace("far", "team: a")))
    assert (opened, closed) == ([because("several")], [])


def test_a_workload_that_comes() -> None:
    opened, closed = between((DB, WEB, NAMED), (*BASE, namespace("far", "team: a")))
    assert because("workload") in opened
    assert {item.cause for item in opened} == {"workload"}
    assert {"far/web[Pod]"} == {
        name for item in opened for name in (item.source, item.destination) if name.startswith("far")
    }
    assert closed == []


def test_a_controller_that_was_not_read() -> None:
    web = pod("shop/web", "app: web", "containers: [{name: c, image: i, ports: [{containerPort: 80}]}]")
    entry = """---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""
    opened, closed = between((DB, web), (DB, web, entry))
    assert opened == [Changed("{ingress-controller}", "shop/web[Pod]", "TCP", 80, 80, "pod labels")]
    assert closed == []


def test_ranges_of_addresses_are_joined_and_ports_cut_by_both_sides() -> None:
    def closed_but(ports: str, *cidrs: str) -> str:
        peers = ", ".join(f"{{ipBlock: {{cidr: {cidr}}}}}" for cidr in cidrs)
        rules = f"ingress: [{{from: [{peers}], ports: {ports}}}], egress: [{{to: [{peers}], ports: {ports}}}]"
        return policy("shop", f"podSelector: {{}}, {rules}")

    old = closed_but("[{port: 80, endPort: 90}]", "10.0.0.0/9")
    new = closed_but("[{port: 85, endPort: 99}]", "10.0.0.0/9", "10.128.0.0/9")
    opened, closed = between((DB, old), (DB, new))
    low, high = "10.0.0.0-10.127.255.255", "10.128.0.0-10.255.255.255"
    into = {(item.source, item.low, item.high) for item in opened if item.destination == "shop/db[Pod]"}
    assert into == {(low, 91, 99), (high, 85, 99)}
    assert {item.cause for item in opened} == {"policies"}
    assert {(item.source, item.low, item.high) for item in closed if item.destination == "shop/db[Pod]"} == {
        (low, 80, 84)
    }
    assert {(item.destination, item.low, item.high) for item in closed if item.source == "shop/db[Pod]"} == {
        (low, 80, 84)
    }


def test_neighbours_with_one_answer_are_one_range() -> None:
    block = "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: CIDR}}], ports: [{port: 80}]}]"
    old = (DB, policy("shop", block.replace("CIDR", "10.64.0.0/10")))
    new = (DB, policy("shop", block.replace("CIDR", "10.0.0.0/8")))
    opened, closed = between(old, new)
    assert [item.source for item in opened] == ["10.0.0.0-10.63.255.255", "10.128.0.0-10.255.255.255"]
    assert closed == []


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _as_row(source: str, destination: str, found: Any) -> dict[str, Any]:
    return {"src": source, "dst": destination, "protocol": found[0], "from": found[1], "to": found[2]}


def _gained(
    mine: list[Changed], rows: list[dict[str, Any]], sides: tuple[str, str], disputed: set[str]
) -> tuple[set[Any], set[Any]]:
    """The cells that are on the first side only: by us, and by the rows of others."""
    one, other = (
        [
            _as_row(row["src"], row["dst"], (item["protocol"], item["from"], item["to"]))
            for row in rows
            for item in row[side]
        ]
        for side in sides
    )
    ours = [_as_row(item.source, item.destination, (item.protocol, item.low, item.high)) for item in mine]
    ours = [row for row in ours if ":" not in row["src"] + row["dst"]]
    kept = [[row for row in found if not {row["src"], row["dst"]} & disputed] for found in (ours, one, other)]
    every = [row for found in kept for row in found]
    mine_cells, one_cells, other_cells = (_cells(found, every) for found in kept)
    return mine_cells, one_cells - other_cells


def test_the_differences_of_others(corpora: Path) -> None:
    top = corpora / "network" / "netpol-analyzer"
    wrong, seen, disputes = [], 0, 0
    for meta_file in sorted(top.glob("_diff/*/meta.json")):
        meta = json.loads(meta_file.read_text())
        disputed: set[str] = set()
        for side in ("old", "new"):
            listing = json.loads((top / meta[side] / "meta.json").read_text())
            disputed |= {name for item in listing.get("disputed", []) for name in item["endpoints"]}
        disputes += bool(disputed)
        old, new = (
            Snapshot.of(read_estate((str(top / meta[side] / "manifests"),), Settings()))
            for side in ("old", "new")
        )
        rows = _rows(meta_file.with_name("expected.jsonl"))
        opened, closed = differences(old, new)
        for mine, sides in ((opened, ("new", "old")), (closed, ("old", "new"))):
            ours, theirs = _gained(mine, rows, sides, disputed)
            wrong += [(meta_file.parent.name, sides[0])] if ours != theirs else []
        seen += 1
    assert not wrong
    assert seen >= 20
    assert disputes < seen


@pytest.mark.parametrize("texts", [(), (WEB,), BASE])
def test_all_is_a_workload_that_came(texts: tuple[str, ...]) -> None:
    opened, closed = between((), texts)
    assert {item.cause for item in opened} <= {"workload"}
    assert bool(opened) is bool(texts)
    assert closed == []
    assert between(texts, ())[0] == []

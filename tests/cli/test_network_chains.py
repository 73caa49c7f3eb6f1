"""`casemate network chains`, as a user calls it."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest

from casemate.engine.network_chains import NetworkChains
from casemate.readers.places import Sources
from casemate.writers import network_chains_json, network_chains_mermaid, network_chains_text
from casemate.writers.paint import Paint
from tests.analysis.network.tighten.plans import deployment
from tests.engine.test_network_chains import OPENED, answer, shop

ROOT = Path(__file__).parents[2]
SHOP, REPAIRED = ROOT / "examples" / "shop", ROOT / "examples" / "shop-repaired"


@pytest.fixture(scope="module")
def whole(run: Any) -> Any:
    return run("network", "chains", SHOP).out


def test_chains_of_the_shop(whole: str) -> None:
    assert (
        "│  ├─ shop/checkout 8080  CHECKOUT_URL of ConfigMap edge/frontend-config\n"
        "│  │  ├─ data/rabbitmq 5672  [the RabbitMQ broker, the RabbitMQ console] AMQP_URL\n"
        "│  │  ├─ payments/payment-api 8080  PAYMENT_API_URL\n"
        "│  │  │  ├─ payments/ledger 8080  url in application.yaml of ConfigMap payments/payment-api-config\n"
        "│  │  │  │  └─ data/postgres 5432  [PostgreSQL] DATABASE_URL\n"
    ) in whole
    assert "└─ edge/gateway 8080  Ingress edge/shop, through ingress-nginx\n" in whole


def test_ways_to_the_database(whole: str) -> None:
    assert (
        "data/postgres  PostgreSQL\n"
        "  today          outside -> data/rabbitmq => data/postgres\n"
        "  meant          outside -> edge/frontend -> shop/catalog -> data/postgres\n"
        "  with policies  outside -> edge/frontend -> shop/catalog -> data/postgres\n"
    ) in whole


def test_the_repaired_shop_keeps_to_what_is_meant(run: Any) -> None:
    found = run("network", "chains", REPAIRED, "--format", "json").answer
    assert [way["unmeant"] for way in found["stores"]] == [[], [], []]
    assert [way["today"] == way["meant"] == way["after"] for way in found["stores"]] == [True, True, True]
    assert [one["workload"] for one in found["radii"] if one["beyond"]] == ["shop/db-migrate[Job]"]
    worse = run("network", "chains", SHOP, "--format", "json").answer
    assert found["policies"][0]["today"]["pairs"] * 4 < worse["policies"][0]["today"]["pairs"]
    assert worse["policies"][-1]["then"]["pairs"] <= found["policies"][0]["today"]["pairs"]


def test_one_workload(run: Any) -> None:
    out = run("network", "chains", SHOP, "--of", "shop/cart").out
    assert out.startswith("If shop/cart is taken over\n18 of 19 other workloads can be reached, 5 are meant")
    assert "  data/redis [Redis]  meant\n" in out
    assert "nothing needs it, cut by the policies\n" in out
    assert "With the proposed policies 5 can be reached\n" in out
    assert "shop/shop-db" in out
    found = run("network", "chains", SHOP, "--of", "shop/cart", "--format", "json").answer
    assert [one["workload"] for one in found["radii"]] == ["shop/cart[Deployment]"]


def test_flows_are_meant_too(run: Any) -> None:
    flows = ROOT / "examples" / "flows" / "shop.csv"
    found = run("network", "chains", SHOP, "--flows", flows, "--format", "json").answer
    assert any(
        "flow" in one["words"] or "seen" in one["words"] for c in found["calls"] for one in c["because"]
    )


def test_formats_go_to_files(run: Any, tmp_path: Path) -> None:
    done = run(
        "network", "chains", SHOP, "--format", "json", "--output", tmp_path / "a", "--format", "mermaid",
        "--output", tmp_path / "b",
    )  # fmt: skip
    assert (done.status, done.out) == (0, "")
    assert json.loads((tmp_path / "a").read_text())["schema"] == "casemate.network-chains/1"
    chart = (tmp_path / "b").read_text()
    assert chart.startswith("flowchart LR\n")
    assert '[("data/postgres<br/>PostgreSQL")]:::store' in chart


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--of", "shop/carr"], "shop/carr is no workload that was read; did you mean shop/cart?"),
        (["--of", "zzz"], "zzz is no workload that was read\n"),
        (["--of", "shop/cart", "--format", "mermaid"], "--of is about one workload"),
        (["--flows", "/absent.csv"], "absent.csv"),
    ],
)
def test_wrong_usage(run: Any, words: list[str], said: str) -> None:
    done = run("network", "chains", SHOP, *words)
    assert done.status == 2
    assert said in done.err


def test_several_of_one_name(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(deployment("a") + deployment("a", kind="StatefulSet"))
    done = run("network", "chains", tmp_path, "--of", "shop/a")
    assert "shop/a is several: shop/a[Deployment], shop/a[StatefulSet]" in done.err


def test_only_one_standard_input(run: Any) -> None:
    assert run("network", "chains", "-", "--flows", "-").status == 2


def test_what_is_not_read_is_said(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(deployment("a") + "---\nkind: [\n")
    done = run("network", "chains", tmp_path)
    assert done.status == 3
    assert "not read, so the answer may be incomplete" in done.err
    assert run("network", "chains", tmp_path, "--allow-unreadable", "--quiet").err == ""


def test_an_empty_target(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    done = run("network", "chains", tmp_path)
    assert done.status == 0
    assert "0 workloads, 0 ways in from outside, 0 calls" in done.out


def text(found: NetworkChains, *, whole: bool = False, of: str = "") -> str:
    out = StringIO()
    network_chains_text.write(found, "t", out, Paint(on=False), whole=whole, of=of)
    return out.getvalue()


def many() -> NetworkChains:
    """Eighty workloads that the internet calls, each of which calls a database."""
    return answer(
        *(
            deployment(f"a{n}", env={"DB": f"http://b{n}"})
            + OPENED.format(name=f"a{n}", kind="LoadBalancer", more="")
            + deployment(f"b{n}").replace("image: a", "image: postgres")
            for n in range(40)
        )
    )


def test_long_answers_are_cut_unless_all_is_asked_for() -> None:
    found = many()
    short, long = text(found), text(found, whole=True)
    for words in ("and 20 lines more", "and 10 stores more", "and 50 more: --verbose", " more: --verbose"):
        assert words in short
    assert "more: --verbose" not in long
    assert long.count("├─ shop/a") + long.count("└─ shop/a") == 40


def test_radii_are_counted_only_where_lists_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_chains_json, "MOST", 3)
    out = BytesIO()
    network_chains_json.write(shop(), Sources(), out)
    assert {one["reached"] for one in json.loads(out.getvalue())["radii"]} == {None}


def test_a_chart_of_much_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_chains_mermaid, "MOST", 2)
    out = StringIO()
    network_chains_mermaid.write(shop(), out)
    assert '  more["4 calls more"]:::outside\n' in out.getvalue()
    assert out.getvalue().count("-->") == 2


def test_stopped_calls_and_doubts_are_said() -> None:
    deny = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: data}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: a, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: web}}, egress: [{toFQDNs: [{matchName: a.example}]}]}
"""
    found = shop(deny)
    said = text(found)
    assert "5 calls between workloads that are meant, 3 of them stopped by policies\n" in said
    assert "   ├─ shop/cart 8080 (stopped by policies)" in said
    assert "What depends on something that files cannot tell counts as reachable." in said
    opened = next(line for line in said.splitlines() if line.startswith("The policies also allow"))
    assert "shop/orders to data/postgres" in opened


def test_names_of_manifests_cannot_forge_the_answer() -> None:
    found = shop()
    hostile = 'x"]:::x --> y\x1b[31m'
    found.stores["data/postgres[StatefulSet]"] = hostile
    out = StringIO()
    network_chains_mermaid.write(found, out)
    assert ":::x -->" not in out.getvalue()
    assert "\x1b" not in out.getvalue() + text(found, whole=True)

"""`casemate network tighten`, as a user calls it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from casemate.readers import yaml_text

ROOT = Path(__file__).parents[2]
FLOWS = "examples/flows/shop-hubble.jsonl"
FORMS = ("networkpolicy", "cluster", "calico", "cilium")


def documents(text: str) -> list[Any]:
    return [
        tree.value
        for chunk in yaml_text.split(text.encode())
        for tree in yaml_text.read(chunk)
        if isinstance(tree, yaml_text.Tree)
    ]


def calls(answer: Any) -> set[str]:
    """Who calls whom among workloads that were read, as the shop's README draws it."""

    def short(end: Any) -> str:
        return end["name"].partition("/")[2].partition("[")[0] if end["kind"] == "workload" else ""

    found = {(short(need["source"]), short(need["destination"])) for need in answer["needs"]}
    return {f"{one} -> {other}" for one, other in found if one and other}


@pytest.mark.parametrize("form", FORMS)
def test_the_shop_in_every_form(form: str, run: Any) -> None:
    answer = run("network", "tighten", "examples/shop", "--form", form, "--format", "json", cwd=ROOT).answer
    assert answer["proof"]["holds"]
    assert answer["proof"]["lost"] == answer["proof"]["opened"] == answer["proof"]["not_followed"] == []
    assert not answer["proof"]["different"]
    assert answer["slack"]["cells"] == []
    assert bool(answer["slack"]["wider"]) == (form != "cilium")
    assert answer["closes"]["after"]["pairs"] < answer["closes"]["before"]["pairs"] / 5
    texts = run("network", "tighten", "examples/shop", "--form", form, "--format", "yaml", cwd=ROOT).out
    assert documents(texts) == answer["objects"]
    assert "# casemate network tighten" in texts
    assert "example-pw" not in texts + json.dumps(answer)


def test_the_calls_are_those_of_the_readme(run: Any) -> None:
    answer = run("network", "tighten", "examples/shop", "--format", "json", cwd=ROOT).answer
    telemetry = {text for text in calls(answer) if text.endswith("log-agent")}
    callers = ("frontend", "cart", "catalog", "checkout", "orders", "payment-api")
    assert telemetry == {f"{name} -> log-agent" for name in callers}
    assert calls(answer) - telemetry == {
        f"{source} -> {name}"
        for source, names in {
            "frontend": "catalog cart orders search recommendations checkout",
            "gateway": "catalog cart orders search ci-deployer",
            "catalog": "postgres search",
            "cart": "catalog redis",
            "orders": "postgres rabbitmq",
            "recommendations": "catalog orders redis",
            "search": "catalog",
            "checkout": "cart orders payment-api rabbitmq",
            "notifications": "rabbitmq",
            "payment-api": "ledger",
            "settlement": "ledger",
            "ledger": "postgres",
            "db-migrate": "postgres",
        }.items()
        for name in names.split()
    }


def test_the_repaired_shop_needs_nothing_that_it_denies_but_what_is_named(run: Any) -> None:
    answer = run("network", "tighten", "examples/shop-repaired", "--format", "json", cwd=ROOT).answer
    assert answer["proof"]["lost"] == []
    assert answer["objects"]


def test_flows_add_and_only_flows_take_away(run: Any) -> None:
    base = run("network", "tighten", "examples/shop", "--format", "json", cwd=ROOT).answer
    both = run("network", "tighten", "examples/shop", "--flows", FLOWS, "--format", "json", cwd=ROOT).answer
    assert calls(both) - calls(base) == {"orders -> notifications"}
    assert {f"{one['source']} -> {one['destination']}" for one in both["flows"]["demands"]} == {
        "edge/gateway -> payments/payment-api",
        "shop/notifications -> data/redis",
    }
    assert "gateway -> payment-api" not in calls(both)
    words = ["network", "tighten", "examples/shop", "--flows", FLOWS, "--only-flows"]
    only = run(*words, "--format", "json", cwd=ROOT).answer
    assert calls(both) - calls(only) == {"settlement -> ledger", "db-migrate -> postgres"}
    text = run(*words, cwd=ROOT).out
    assert "Refused, or would be, and not allowed for that" in text
    assert "passed over: replies: 46" in text


def test_the_text_says_why_and_what_is_left(run: Any) -> None:
    ran = run("network", "tighten", "examples/shop", cwd=ROOT)
    assert ran.status == 0
    assert (
        "CART_URL of ConfigMap edge/frontend-config: Service shop/cart:8080 (examples/shop/edge/frontend.yaml:9)"
        in ran.out
    )
    assert "delete NetworkPolicy edge/edge-from-ingress" in ran.out
    assert "overwritten: NetworkPolicy data/redis" in ran.out
    assert re.search("needed ⊆ allowed: all [0-9]+ needs still allowed", ran.out)
    told = run(
        "network", "tighten", "examples/shop", "--api-server", "10.20.0.0/28", "-n", "shop", cwd=ROOT
    ).out
    assert "10.20.0.0/28" in told
    assert "8 workloads in shop" in told


def test_reach_says_the_same_of_what_was_written(tmp_path: Path, run: Any) -> None:
    """The policies alone with the workloads, asked by `casemate reach`."""
    shop = tmp_path / "shop"
    shop.mkdir()
    for number, file in enumerate(sorted((ROOT / "examples" / "shop").rglob("*.*"))):
        kept = (
            [tree for tree in documents(file.read_text()) if isinstance(tree, dict)]
            if file.suffix == ".yaml"
            else []
        )
        trees = [json.loads(file.read_text())] if file.suffix == ".json" else kept
        for index, tree in enumerate(trees):
            if tree.get("kind") != "NetworkPolicy":
                (shop / f"{number}-{index}.json").write_text(json.dumps(tree))
    out = shop / "policies.yaml"
    run("network", "tighten", "examples/shop", "--format", "yaml", "--output", out, cwd=ROOT)
    rows = run("reach", shop, "--format", "json").answer["connections"]
    to_postgres = {
        row["src"] for row in rows if row["dst"] == "data/postgres[StatefulSet]" and "/" in row["src"]
    }
    assert {name for name in to_postgres if "toolbox" not in name} == {
        "payments/ledger[Deployment]",
        "shop/catalog[Deployment]",
        "shop/db-migrate[Job]",
        "shop/orders[Deployment]",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only-flows"], "--only-flows needs --flows"),
        (["--api-server", "x"], "x is no range of addresses"),
        (["--monitoring", "A b"], "say a namespace"),
        (["--flows", "none.jsonl"], "no such file of flows"),
        (["-n", "none"], "no workload was read in the namespace none"),
    ],
)
def test_wrong_usage(words: list[str], said: str, run: Any) -> None:
    ran = run("network", "tighten", "examples/shop", *words, cwd=ROOT)
    assert ran.status == 2
    assert said in ran.err


def test_only_one_can_be_standard_input(run: Any) -> None:
    ran = run("network", "tighten", "-", "--flows", "-", stdin=b"")
    assert ran.status == 2
    assert run("network", "tigthen").status == 2


def test_broken_lines_end_with_status_three(tmp_path: Path, run: Any) -> None:
    (tmp_path / "flows").write_text("src,dst,protocol,port\nshop/cart,data/redis,TCP,6379\nx\n")
    words = ["network", "tighten", "examples/shop", "--flows", tmp_path / "flows"]
    ran = run(*words, cwd=ROOT)
    assert ran.status == 3
    assert "flows:3:" in ran.err
    assert "1 line could not be read" in ran.out
    assert run(*words, "--allow-unreadable", "--quiet", cwd=ROOT).err == ""


def test_nothing_to_write_policies_for(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    for form in FORMS:
        ran = run("network", "tighten", tmp_path, "--form", form)
        assert ran.status == 0, ran.err
        assert "0 policies" in ran.out
        assert run("network", "tighten", tmp_path, "--form", form, "--format", "json").answer["objects"] == []


def test_hostile_names_stay_in_their_lines(tmp_path: Path, run: Any) -> None:
    label = "a'} || all() || {'x"
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "a\u001b[31m\nb: {",
            "namespace": "n # x",
            "labels": {"app": label, "y: {": "z"},
        },
        "spec": {
            "containers": [
                {"name": "a", "image": "a", "env": [{"name": "U\n- x", "value": "https://a.example.com"}]}
            ]
        },
    }
    (tmp_path / "a.json").write_text(json.dumps(pod))
    for form in FORMS:
        answer = run("network", "tighten", tmp_path, "--form", form, "--format", "json").answer
        text = run("network", "tighten", tmp_path, "--form", form, "--format", "yaml").out
        assert documents(text) == answer["objects"]
        assert "\u001b" not in run("network", "tighten", tmp_path, "--form", form).out

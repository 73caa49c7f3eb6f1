"""Pages about networks: self-contained, trusting no name, small, and right about every reason."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.network.policies import Direction
from casemate.analysis.network.queries import Reason, answer
from casemate.cli.access_answers import RuleLines
from casemate.engine.network_map import NetworkMap
from casemate.engine.network_units import Kind
from casemate.model.place import path_text
from casemate.model.settings import Settings
from casemate.writers import network_html
from casemate.writers.network_words import entity_text, policy_text
from tests.network_maps import ANY_NAMESPACE, DEPENDS, SHOP, app, drawn, estate_of, many, pods, policy, thing
from tests.writers.test_html import Page, page_of, report_of
from tests.writers.test_network_pictures import hostile

NODE = shutil.which("node")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
ADMIN = "policy.networking.k8s.io/v1alpha1"
TIERS = (
    *SHOP,
    *DEPENDS,
    thing(ADMIN, "AdminNetworkPolicy", "first", spec={
        "priority": 5, "subject": {"namespaces": {}},
        "ingress": [
            {"action": "Pass", "from": [{"namespaces": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}]},
            {"action": "Deny", "from": [{"namespaces": {"matchLabels": {"kubernetes.io/metadata.name": "data"}}}]},
        ],
    }),
    *(thing(ADMIN, "AdminNetworkPolicy", f"tied-{action}", spec={
        "priority": 7, "subject": {"namespaces": {}},
        "egress": [{"action": action, "to": [{"pods": {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "queue"}}}}]}],
    }) for action in ("Allow", "Deny")),
    thing(ADMIN, "BaselineAdminNetworkPolicy", "default", spec={
        "subject": {"namespaces": {}},
        "egress": [{"action": "Deny", "to": [{"networks": ["203.0.113.0/24"]}]}],
    }),
    app("mixed", "shop", 80, track="stable"),
    app("mixed", "shop", 80, kind="StatefulSet"),
    policy("mixed", "shop", {"track": "stable"}, ingress=[{"from": [pods(app="web")], "ports": [{"port": 80}]}]),
)  # fmt: skip


def shown(found: NetworkMap, now: datetime | None = None, notes: tuple[str, ...] = ()) -> Page:
    out = io.StringIO()
    network_html.write(found, out, RuleLines(), now, notes)
    return Page(out.getvalue())


@pytest.fixture
def shop(tmp_path: Path) -> NetworkMap:
    return drawn(tmp_path, *SHOP, question="Who may call <whom>?")[0]


def test_the_page_needs_nothing_but_itself(shop: NetworkMap) -> None:
    page = shown(shop)
    for tag, attributes in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "form", "base"}
        assert "src" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    policies = (a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    rules = str(next(policies))
    for name, text in (("script", page.inside["script"][0]), ("style", page.inside["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in rules
        assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https:" not in text
    assert rules.startswith("default-src 'none';")


def test_a_reader_without_a_script_sees_every_workload(shop: NetworkMap) -> None:
    page = shown(shop, datetime(2026, 6, 1, 8, 30, tzinfo=UTC), tuple(f"note <{n}>" for n in range(5)))
    assert "Who may call <whom>?" in page.text
    assert "6 workloads in 3 namespaces" in page.text
    assert "1 June 2026, 08:30 UTC" in page.text
    assert "3 of 6 may be called by everything in the cluster" in page.text
    assert "data/db[Deployment]5432, 9187: 1 of 5 may callService data/db to 5432" in page.text
    assert "shop/web[Deployment]8080: open to every callerIngress shop/shop to 8080" in page.text
    assert "note <4>" in page.text
    assert "and 2 more" in page.text


def test_no_name_is_read_as_markup(tmp_path: Path) -> None:
    page = shown(hostile(tmp_path))
    assert len(page.inside["script"]) == 2
    assert len(page.inside["style"]) == 1
    assert "\u202e" not in page.whole
    assert "x\\u202egnp.exe" in {row[2] for row in page.data["units"]}
    assert set(page.data["namespaces"]) >= {"x\\u202egnp.exe", "line\\u000abreak\\u0009tab", "n" * 253}


@pytest.mark.parametrize("limited", [True, False])
def test_a_thousand_workloads_are_a_small_page(*, limited: bool, tmp_path: Path) -> None:
    found = drawn(tmp_path, *many(1_000, 50, limited=limited))[0]
    page = shown(found)
    assert len(page.whole) < 1_200_000
    assert sum(row[0] == 0 for row in page.data["units"]) == 1_000
    assert "and 700 further workloads." in page.text
    assert page.whole == shown(found).whole


def test_nothing_read_is_said(tmp_path: Path) -> None:
    assert "No workload was read" in shown(drawn(tmp_path)[0]).text


def test_sets_are_written_in_the_shorter_way(tmp_path: Path) -> None:
    objects = [app(f"a{n:03}", "x", 80, odd=str(n % 2)) for n in range(90)]
    found, _ = drawn(
        tmp_path, *objects, policy("odd", "x", {"odd": "0"}, ingress=[{"from": [pods(odd="1")]}])
    )
    sets = shown(found).data["sets"]
    assert "0-89" in sets or any(text.startswith("0-") for text in sets)
    coded = next(text for text in sets if text.startswith("="))
    assert base64.b64decode(coded[1:])[:2] == b"\xaa\xaa"


def said(reason: Reason) -> dict[str, Any]:
    rule, policies = reason.rule, reason.policies
    return {
        "allowed": reason.allowed,
        "depends": bool(reason.depends),
        "rule": None if rule is None else f"{policy_text(policies[0])} {path_text(rule.at)}",
        "isolating": [] if rule is not None else list(dict.fromkeys(map(policy_text, policies))),
    }


@pytest.mark.skipif(NODE is None, reason="no program here runs scripts outside of a browser")
def test_the_page_finds_the_rules_that_decide(tmp_path: Path) -> None:
    found, network = drawn(tmp_path, *TIERS)
    data = tmp_path / "data.json"
    data.write_text(json.dumps(shown(found).data), encoding="utf-8")
    here = Path(__file__)
    script = Path(network_html.__file__).with_name("assets") / "network.js"
    done = subprocess.run(
        [str(NODE), str(here.with_name("network_reasons.mjs")), str(script), str(data)],
        check=True,
        capture_output=True,
    )
    names = {
        (unit.name if unit.kind is Kind.WORKLOAD else unit.short): str(unit.ranges[0]).partition("-")[0]
        if unit.ranges
        else unit.name
        for unit in found.units
    }
    asked = 0
    verdicts: dict[tuple[str, str, str, int], str] = {}
    rows = json.loads(done.stdout)
    for row in rows:
        if "ranges" in row:
            continue
        verdicts[row["from"], row["to"], row["protocol"], row["port"]] = row["allowed"]
        source, destination = names[row["from"]], names[row["to"]]
        if "{" in source + destination:
            continue
        told = answer(network.reach, source, destination, row["protocol"], row["port"])
        allowed = {"True": "yes", "False": "no"}.get(str(told.allowed), told.allowed)
        assert row["allowed"] == allowed, row
        by = {reason.direction: said(reason) for reason in told.because}
        if "mixed" not in source + destination or told.allowed is True:
            assert row["egress"] == by[Direction.EGRESS], row
            assert row["ingress"] == by[Direction.INGRESS], row
        asked += 1
    assert asked > 500
    protocols = shown(found).data["protocols"]
    covered: dict[tuple[str, str], int] = {}
    for row in rows:
        for protocol, low, high in row.get("ranges", ()):
            covered[row["from"], row["to"]] = covered.get((row["from"], row["to"]), 0) + high - low + 1
            for (source, destination, name, port), allowed in verdicts.items():
                if (
                    (source, destination) == (row["from"], row["to"])
                    and name == protocols[protocol]
                    and low <= port <= high
                ):
                    assert allowed == row["allowed"]
    assert set(covered.values()) == {3 * 65_535}


@pytest.mark.skipif(NODE is None, reason="no program here runs scripts outside of a browser")
@pytest.mark.parametrize("name", ["network.js", "network-views.js"])
def test_the_scripts_are_well_formed(name: str) -> None:
    subprocess.run(
        [str(NODE), "--check", str(Path(network_html.__file__).with_name("assets") / name)], check=True
    )


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("#map", ('class="node open ', "6 of 6 workloads, 5 lines")),
        ("#map?of=data%2Fdb%5BDeployment%5D", ("What comes in", "NetworkPolicy data/db", "May call it (2)")),
        ("#map?from=shop%2Fcart%5BDeployment%5D&to=data%2Fdb%5BDeployment%5D", ("may call at 5432", "spec.ingress[0] allows it", "may not call at 9187")),
        ("#matrix", ("Rows call columns", "callers ↓")),
        ("#list?q=queue", ("1 of 6 workloads", 'role="row"')),
        ("#map?of=nobody&from=x&to=y&ns=none", ("Nothing matches these filters.",)),
    ],
)  # fmt: skip
def test_a_browser_draws_what_the_address_asks_for(
    address: str, seen: tuple[str, ...], shop: NetworkMap, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(shown(shop).whole, encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom")
    found = subprocess.run(
        [str(BROWSER), *options, path.as_uri() + address], check=True, capture_output=True, text=True
    )
    for words in seen:
        assert words in found.stdout


def test_the_report_says_who_may_call_whom(tmp_path: Path) -> None:
    estate_of(
        tmp_path,
        *SHOP,
        app("one", "<b>", 80),
        policy("all", "data", {"app": "x"}, ingress=[{"from": [ANY_NAMESPACE]}]),
    )
    page = page_of(report_of(tmp_path))
    assert '<a href="#network">Network</a>' in page.whole
    assert "4 of 7 may be called by everything in the cluster" in page.text
    assert "5432, 9187: 1 of 6 may callshop/cart" in page.text
    assert "on the host's network" in page.text
    assert "<b>" in page.text
    assert "Ingress shop/shop to 8080" in page.text
    assert "taken for a pod without labels" in page.text


def test_the_report_follows_the_plugin_that_is_named(tmp_path: Path) -> None:
    estate_of(tmp_path, *SHOP)
    text = page_of(report_of(tmp_path, settings=Settings(cni="flannel"))).text
    assert "as flannel enforces them" in text
    assert "6 of 6 may be called by everything" in text


def test_the_report_of_one_workload_has_no_network_page(tmp_path: Path) -> None:
    estate_of(tmp_path, app("one", "a", 80))
    page = page_of(report_of(tmp_path))
    assert 'href="#network"' not in page.whole


def test_the_report_names_how_much_it_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    estate_of(tmp_path, *many(310, 30, limited=True), *(app(f"z{n}", "ns-0", 80) for n in range(10)))
    text = page_of(report_of(tmp_path)).text
    assert "more workload" in text
    monkeypatch.setattr("casemate.writers.html_network.MOST", 100)
    assert "320 workloads are too many for this page" in page_of(report_of(tmp_path)).text


def test_entities_are_named_with_their_kind(tmp_path: Path) -> None:
    estate = estate_of(tmp_path, app("one", "a", 80))
    assert entity_text(estate.entities[0]) == "Deployment a/one"

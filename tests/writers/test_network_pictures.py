"""The map of a network as graphs: readable at any size, and no name is read as anything but a name."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from casemate.analysis.network.connections import Only
from casemate.analysis.network.policies import PortRange
from casemate.analysis.network.queries import classes_of
from casemate.engine.network_map import NetworkMap
from casemate.writers import network_dot, network_mermaid
from casemate.writers.network_graph import graph
from casemate.writers.network_words import ports_text
from tests.network_maps import ANY_NAMESPACE, DEPENDS, HOSTILE, SHOP, app, drawn, many, policy

GOLDEN = Path(__file__).parents[1] / "golden"
Write = Callable[[NetworkMap, TextIO], None]
FORMS = {"dot": network_dot.write, "mermaid": network_mermaid.write}


def text_of(write: Write, found: NetworkMap) -> str:
    out = io.StringIO()
    write(found, out)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_a_small_network_is_drawn_as_ever(form: str, tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *SHOP, question="Who may call whom in the shop?")
    text = text_of(FORMS[form], found)
    golden = GOLDEN / f"network.{form}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
def test_the_same_network_is_the_same_picture(write: Write, tmp_path: Path) -> None:
    texts = {text_of(write, drawn(tmp_path, *objects)[0]) for objects in (SHOP, tuple(reversed(SHOP)))}
    assert len(texts) == 1


def test_what_calls_as_a_whole_is_one_node(tmp_path: Path) -> None:
    objects = [app(f"a{n}", "many", 80) for n in range(5)] + [app("b", "few", 80), app("c", "few", 80)]
    limits = {
        "ingress": [
            {"from": [ANY_NAMESPACE], "ports": [{"port": 81}]},
            {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "many"}}}]},
        ]
    }
    found, _ = drawn(tmp_path, *objects, policy("b", "few", {"app": "b"}, **limits))
    seen = graph(found)
    assert [node.lines for node in seen.nodes if "every" in node.title] == [
        ("every workload of many", "5 workloads")
    ]
    assert len(seen.edges) == 1


def test_what_lets_all_workloads_in_but_no_address_is_one_line(tmp_path: Path) -> None:
    objects = [app(f"a{n}", f"n{n % 2}", 80) for n in range(5)]
    rules = {"ingress": [{"from": [ANY_NAMESPACE]}], "policyTypes": ["Ingress"]}
    out = policy("out", "n1", {"app": "a1"}, policyTypes=["Egress"], egress=[{"to": [ANY_NAMESPACE]}])
    found, _ = drawn(tmp_path, *objects, policy("in", "n0", {"app": "a0"}, **rules), out)
    assert graph(found).edges == ()
    assert ["every workload may call" in line for line in graph(found).nodes[0].lines][1]


def test_an_edge_that_depends_says_so(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *DEPENDS)
    assert [word for _, _, word in graph(found).edges] == ["80, depends"]


def test_a_part_says_what_was_not_asked(tmp_path: Path) -> None:
    _, network = drawn(tmp_path, *SHOP)
    only = Only(destinations=tuple(classes_of(network.reach, "data/db")))
    found, _ = drawn(tmp_path, *SHOP, only=only, question="Who may call data/db?")
    text = text_of(network_mermaid.write, found)
    assert "1 of 5 may call" in text
    assert "every workload of" not in text
    assert "no workload may call" in text  # cart lets nobody in, whoever asks


@pytest.mark.parametrize("limited", [True, False])
@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
def test_a_thousand_workloads_are_drawn_as_namespaces(write: Write, *, limited: bool, tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *many(1_000, 50, limited=limited))
    text = text_of(write, found)
    assert len(text) < 48_000
    assert "Namespaces are drawn" in text
    assert ("lines are not drawn" in text) is limited
    assert text.count("ns-7<") + text.count("ns-7\\n") == 1


def test_of_many_namespaces_the_smallest_are_left_out(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *many(300, 150, limited=True), app("lone", "zz"))
    seen = graph(found, 20)
    assert len(seen.nodes) == 20
    assert any("131 of 151 namespaces are not drawn" in note for note in seen.notes)
    assert len(seen.edges) <= 40


def test_outside_is_drawn_beside_namespaces(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *SHOP)
    seen = graph(found, 5)
    titles = [node.title for node in seen.nodes]
    assert "namespace shop" in titles
    assert "192.0.2.0/24" in titles
    assert "{ingress-controller}" in titles


@pytest.mark.parametrize("write", FORMS.values(), ids=FORMS)
def test_nothing_is_a_picture_too(write: Write, tmp_path: Path) -> None:
    assert "No workload was read." in text_of(write, drawn(tmp_path)[0])


def hostile(folder: Path) -> NetworkMap:
    objects = [app(name, name, 80) for name in HOSTILE]
    rules = [
        policy(
            name,
            name,
            {"app": name},
            ingress=[{"from": [ANY_NAMESPACE | {"podSelector": {"matchLabels": {"app": HOSTILE[0]}}}]}],
        )
        for name in HOSTILE
    ]
    return drawn(folder, *objects, *rules, question=HOSTILE[1])[0]


def test_no_name_leaves_its_quotes_in_dot(tmp_path: Path) -> None:
    text = text_of(network_dot.write, hostile(tmp_path))
    assert "\u202e" not in text
    strings = re.compile(r'"(?:[^"\\]|\\.)*"')
    for line in text.splitlines():
        bare = strings.sub("", line)
        assert '"' not in bare
        assert "evil" not in bare
        assert "script" not in bare


def test_no_name_is_syntax_in_mermaid(tmp_path: Path) -> None:
    text = text_of(network_mermaid.write, hostile(tmp_path))
    for line in text.splitlines():
        assert not re.search(r"[<>]", line.replace("<br/>", "").replace("-->", "")) or line.startswith(
            "  classDef"
        )
        assert "%%" not in line
        assert line.count('"') in {0, 2}
    assert "`" not in text


def test_ports_are_said_in_short() -> None:
    ports = [
        PortRange("TCP", 80, 80),
        PortRange("UDP", 53, 53),
        PortRange("TCP", 8000, 8100),
        PortRange("SCTP", 1, 65_535),
    ]
    assert ports_text(ports) == "80, 53/UDP, 8000-8100, every port of SCTP"
    assert ports_text(ports, 1) == "80 and 3 more"

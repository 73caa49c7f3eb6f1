"""Access as graphs: each thing once, readable at any size, and no name is read as anything but a name."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.engine.access import Access, access_of_subject, access_to
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, AggregationRule, PolicyRule, Subject
from casemate.model.selectors import LabelSelector
from casemate.writers import access_dot, access_mermaid
from casemate.writers.access_graph import MOST, Graph, graph
from casemate.writers.access_words import rule_words, some
from tests.access import ADA, CART, CREW, HEALTH, READ, WRITE, binding, role

GOLDEN = Path(__file__).parents[1] / "golden"
HOSTILE = (
    "</script><script>alert(1)</script>",
    'a"];evil[label="x"]',
    "x\u202egnp.exe",
    "line\nbreak\ttab",
    '`md` **b** %%{init: {"theme":"dark"}}%% end',
    "#quot; &amp; & <b>",
    "n" * 253,
    "style x:#60;y",
    '\\N \\" \\',
    "日本語",
    '"]:::x --> y',
    'click n0 href "javascript:alert(1)"',
)
SECRETS = Request(verb="get", resource="secrets", namespace="shop")
Write = Callable[[Access, TextIO], None]


def text_of(write: Write, access: Access) -> str:
    out = io.StringIO()
    write(access, out)
    return out.getvalue()


def small() -> Access:
    into = LabelSelector(match_labels={"into": "all"})
    roles = (
        role("ClusterRole", "reader", READ, HEALTH, labels={"into": "all"}),
        role("ClusterRole", "all", aggregation_rule=AggregationRule(cluster_role_selectors=(into,))),
        role("Role", "writer", WRITE, namespace="shop"),
    )
    bindings = (
        binding("write", [CART], "Role", "writer", "shop"),
        binding("read", [CART, CREW], "ClusterRole", "all"),
        binding("lost", [CART], "Role", "lost", "shop"),
    )
    who = Identity.of("system:serviceaccount:shop:cart")
    return access_of_subject(Authorizer(roles, bindings), who, "What may ServiceAccount/shop/cart do?")


def many(subjects: int, roles: int, bindings: int, rules: int = 1) -> Access:
    """Subjects spread over bindings, and these over roles."""
    made = [
        role("ClusterRole", f"role-{n}", *(PolicyRule(verbs=("get", f"verb{k}"), api_groups=("",), resources=("secrets",)) for k in range(rules)))
        for n in range(roles)
    ]  # fmt: skip
    people = [
        Subject(kind=SERVICE_ACCOUNT if n % 3 else USER, name=f"s{n}", namespace="apps" if n % 3 else None)
        for n in range(subjects)
    ]
    bound = [
        binding(f"b{n}", people[n::bindings], "ClusterRole", f"role-{n % roles}", None if n % 5 else "shop")
        for n in range(bindings)
    ]
    return access_to(Authorizer(made, bound), SECRETS, "Who can get secrets in shop?")


def hostile() -> Access:
    rule = PolicyRule(
        verbs=("*",), api_groups=("", HOSTILE[0]), resources=("secrets", HOSTILE[1]), resource_names=()
    )
    made = role("ClusterRole", HOSTILE[1], rule)
    bound = binding(
        HOSTILE[0],
        [Subject(kind=GROUP, name=name) for name in HOSTILE],
        "ClusterRole",
        HOSTILE[1],
        HOSTILE[4],
    )
    request = Request(verb="get", resource="secrets", namespace=HOSTILE[4])
    return access_to(Authorizer([made], [bound]), request, HOSTILE[0])


def parsed_dot(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The labels of nodes and the edges of a DOT graph, whose every line must be one of those we write."""
    quoted = r'"((?:[^"\\]|\\.)*)"'
    nodes, edges, depth = {}, [], 0
    for line in text.splitlines():
        if found := re.fullmatch(
            rf" *(n\d+) \[label={quoted} tooltip={quoted} [a-z]+=[^\"]*(?:\"[a-z,#0-9]+\"|[a-z]+).*\];", line
        ):
            nodes[found[1]] = found[2]
        elif found := re.fullmatch(r" *(n\d+) -> (n\d+)( \[label=\"takes in\"\])?;", line):
            edges.append((found[1], found[2]))
        else:
            assert re.fullmatch(
                rf"digraph access {{| *subgraph cluster_\d+ {{| *}}| *(graph|node|edge) \[.*\];| *label={quoted}; style.*",
                line,
            ), line
            depth += line.endswith("{") - line.endswith("}")
    assert depth == 0
    return nodes, edges


def parsed_mermaid(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The labels of nodes and the edges of a chart, whose every line must be one of those we write."""
    plain = r'"((?:[A-Za-z0-9 .,/_()-]|#\d+;|<br/>)*)"'
    nodes, edges, depth = {}, [], 0
    for line in text.splitlines():
        if found := re.fullmatch(rf" *(n\d+|about)(?:\(\[|\[\[|\[){plain}(?:\]\)|\]\]|\]):::[a-z]+", line):
            nodes[found[1]] = found[2]
        elif found := re.fullmatch(r" *(n\d+) -->(?:\|takes in\|)? (n\d+)", line):
            edges.append((found[1], found[2]))
        else:
            assert re.fullmatch(rf"flowchart LR| *subgraph s\d+\[{plain}\]| *end| *classDef .*", line), line
            depth += line.lstrip().startswith("subgraph") - (line.strip() == "end")
    assert depth == 0
    return nodes, edges


@pytest.mark.parametrize(
    ("write", "name"), [(access_dot.write, "access.dot"), (access_mermaid.write, "access.mermaid")]
)
def test_a_small_graph_is_as_it_was(write: Write, name: str) -> None:
    assert text_of(write, small()) == (GOLDEN / name).read_text(encoding="utf-8")


def test_each_thing_is_drawn_once() -> None:
    drawn = graph(small())
    assert [node.lines for node in drawn.nodes] == [
        ("ServiceAccount", "shop/cart"),
        ("ClusterRoleBinding", "read"),
        ("ClusterRole", "all"),
        ("ClusterRole", "reader"),
        ("get, list on secrets",),
        ("get on /healthz",),
        ("RoleBinding", "shop/write"),
        ("Role", "shop/writer"),
        ("every verb on deployments of apps",),
    ]
    assert (2, 3, "takes in") in drawn.edges
    assert drawn.namespaces == {"": [1, 2, 3, 4, 5], "shop": [0, 6, 7, 8]}
    assert drawn.notes == ("RoleBinding shop/lost gives Role lost, which was not read.",)


def test_a_question_without_an_answer_says_so() -> None:
    drawn = graph(access_to(Authorizer([], []), SECRETS, "Who?"))
    assert drawn.nodes == ()
    assert drawn.notes[0] == "Nobody and nothing was found."
    assert parsed_dot(text_of(access_dot.write, access_to(Authorizer([], []), SECRETS, "Who?"))) == ({}, [])


def heads(drawn: Graph, kind: str) -> list[str]:
    return [node.lines[0] for node in drawn.nodes if node.kind == kind]


@pytest.mark.parametrize(
    ("access", "note", "subjects"),
    [
        (many(200, 2, 250), "The subjects of a role are drawn as one, and so are its bindings.", "100 subjects"),
        (many(900, 3, 6), "Subjects that hold the same bindings are drawn as one.", "150 Users"),
        (many(900, 3, 300), "The subjects of a role are drawn as one, and so are its bindings.", "300 Users"),
        (many(900, 30, 300, 1), "The subjects of a role are drawn as one, and so are its bindings.", "30 ServiceAccounts"),
        (many(900, 100, 300, 1), "60 of 100 roles are not drawn, those with the fewest subjects.", "9 subjects"),
    ],
)  # fmt: skip
def test_what_is_too_much_to_read_is_grouped_and_says_so(access: Access, note: str, subjects: str) -> None:
    drawn = graph(access)
    assert len(drawn.nodes) <= MOST
    assert note in drawn.notes
    assert heads(drawn, "subject")[0] == subjects


def test_rules_are_grouped_after_bindings() -> None:
    who = Identity.of("ada")
    rules = [PolicyRule(verbs=("get",), api_groups=("",), resources=(f"kind{n}",)) for n in range(40)]
    roles = [
        *(role("ClusterRole", f"r{n}", *rules) for n in range(8)),
        role("Role", "one", WRITE, namespace="shop"),
        role("ClusterRole", "solo", READ),
    ]
    bound = [
        binding("solo", [ADA], "ClusterRole", "solo"),
        *(binding(f"b{n}", [ADA], "ClusterRole", f"r{n % 8}", f"ns{n}") for n in range(16)),
        binding("one", [ADA], "Role", "one", "shop"),
        *(binding(name, [ADA], "Role", "one", "shop") for name in ("two", "three")),
        binding("wide", [ADA], "ClusterRole", "r0"),
    ]
    drawn = graph(access_of_subject(Authorizer(roles, bound), who, ""))
    assert "The subjects of a role are drawn as one, and so are its bindings and its rules." in drawn.notes
    assert heads(drawn, "subject") == ["User"] * 10
    assert ("ClusterRoleBinding", "solo") in [node.lines for node in drawn.nodes]
    assert ("3 bindings", "in 2 namespaces and everywhere") in [node.lines for node in drawn.nodes]
    assert ("3 bindings", "in shop") in [node.lines for node in drawn.nodes]
    assert ("40 rules", "the first: get on kind0") in [node.lines for node in drawn.nodes]
    assert ("every verb on deployments of apps",) in [node.lines for node in drawn.nodes]


def test_no_name_is_read_as_dot() -> None:
    nodes, edges = parsed_dot(text_of(access_dot.write, hostile()))
    assert len(nodes) == len(HOSTILE) + 3
    assert len(edges) == len(HOSTILE) + 2
    labels = "\n".join(nodes.values())
    assert "\u202e" not in labels
    assert "x\\\\u202egnp.exe" in labels
    assert "line\\\\u000abreak\\\\u0009tab" in labels
    assert "#quot; &amp;amp; &amp; <b>" in labels
    assert "n" * 100 not in labels


def test_no_name_is_read_as_mermaid() -> None:
    nodes, edges = parsed_mermaid(text_of(access_mermaid.write, hostile()))
    assert len(nodes) == len(HOSTILE) + 4
    assert len(edges) == len(HOSTILE) + 2
    assert "#60;#47;" not in nodes["about"]  # a slash is plain
    assert "#60;/script#62;" in nodes["about"]


def test_a_chart_stays_within_what_mermaid_draws() -> None:
    names = [f"{'界' * 60}{n}" for n in range(75)]
    made = role("ClusterRole", "reader", READ)
    bound = [binding(name, [Subject(kind=USER, name=name)], "ClusterRole", "reader") for name in names]
    access = access_to(Authorizer([made], bound), SECRETS, "Who?")
    assert len(graph(access).nodes) == 152
    text = text_of(access_mermaid.write, access)
    assert len(text) < 50_000
    assert "75 Users" in text
    parsed_mermaid(text)


def test_a_picture_says_some_of_what_was_not_read() -> None:
    bound = [binding(f"{'b' * 250}{n}", [ADA], "ClusterRole", "lost") for n in range(20)]
    drawn = graph(access_of_subject(Authorizer([], bound), Identity.of("ada"), "q" * 500))
    assert len(drawn.title) == 241
    assert len(drawn.notes) == 10
    assert drawn.notes[-1] == "and 12 more such sentences"


@pytest.mark.parametrize("write", [access_dot.write, access_mermaid.write], ids=["dot", "mermaid"])
def test_equal_answers_are_drawn_equally(write: Write) -> None:
    assert text_of(write, many(500, 20, 100)) == text_of(write, many(500, 20, 100))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (READ, "get, list on secrets"),
        (PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",)), "everything"),
        (PolicyRule(verbs=("get",), api_groups=("*",), resources=("*",)), "get on every resource of any group"),
        (PolicyRule(verbs=("get",), api_groups=("", "apps"), resources=("pods",), resource_names=("a", "")), 'get on pods of core, apps named a, ""'),
        (PolicyRule(verbs=("get",), resources=("pods",), non_resource_urls=("/x",)), "get on /x and get on pods of nothing"),
        (PolicyRule(verbs=("get",)), "nothing"),
    ],
)  # fmt: skip
def test_rules_in_words(rule: PolicyRule, words: str) -> None:
    assert rule_words(rule) == words


def test_long_lists_are_cut() -> None:
    assert some(("a", "b", "c"), 2) == "a, b and 1 more"

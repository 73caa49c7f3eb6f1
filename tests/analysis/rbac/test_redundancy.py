"""What is called needless can go all at once, and nothing is left that could go too."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.rbac import redundancy
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.redundancy import Redundancy
from casemate.analysis.rbac.subject_keys import key_of
from casemate.model.estate import Entity
from casemate.model.rbac import Binding, PolicyRule, Subject
from casemate.model.version import NEWEST
from tests.analysis.rbac.estates import account, binding, estate, role, rule
from tests.analysis.rbac.reference import Reference, read
from tests.analysis.rbac.test_authorizer import REQUEST, estates

JANE, JOE = Subject(kind="User", name="jane"), Subject(kind="User", name="joe")
GET_PODS = rule("get", "pods")


def _found(*objects: Entity, complete: bool = False) -> dict[str, list[tuple[int, list[str]]]]:
    holdings = Holdings.of(estate(*objects, complete=complete))
    known = holdings.derived(Redundancy)
    assert holdings.derived(Redundancy) is known
    found = {
        f"{one.ref}": [
            (needless.holding.index, [str(by.binding.ref) for by in needless.by])
            for needless in known.of_binding(one, NEWEST)
        ]
        for one in objects
        if isinstance(one, Binding)
    }
    return {name: answers for name, answers in found.items() if answers}


def _without(objects: list[Entity]) -> list[Entity]:
    """The objects without the subjects that are called needless."""
    holdings = Holdings.of(estate(*objects, complete=True))
    known = holdings.derived(Redundancy)
    left: list[Entity] = []
    for one in objects:
        if isinstance(one, Binding):
            gone = {needless.holding.key for needless in known.of_binding(one, NEWEST)}
            subjects = tuple(subject for subject in one.subjects if key_of(one, subject) not in gone)
            left.append(msgspec.structs.replace(one, subjects=subjects))
        else:
            left.append(one)
    return left


@settings(deadline=None, max_examples=300)
@given(estates(), st.lists(REQUEST, min_size=1, max_size=15))
def test_without_them_nobody_may_do_less(
    objects: list[dict[str, Any]], requests: list[dict[str, Any]]
) -> None:
    before = read(objects)
    after = _without(before)
    for request in requests:
        assert Reference(before).allowed(request) == Reference(after).allowed(request), request
    assert all(
        needless is more for needless, more in zip(_subjects(after), _subjects(_without(after)), strict=True)
    )


def _subjects(objects: list[Entity]) -> list[Subject]:
    return [subject for one in objects if isinstance(one, Binding) for subject in one.subjects]


@pytest.mark.parametrize("number", [101, 102])
def test_the_random_estates_stay_as_they_were(corpora: Path, number: int) -> None:
    folder = corpora / "rbac" / "random"
    before = read(json.loads((folder / f"{number}.objects.json").read_text())["items"])
    after = _without(before)
    assert len(_subjects(after)) < len(_subjects(before))
    requests = [json.loads(line) for line in (folder / f"{number}.requests.jsonl").read_text().splitlines()]
    reference = Reference(after)
    assert [r for r in requests[::8] if reference.allowed(r) != r["allowed"]] == []


def test_of_equal_grants_the_first_stays() -> None:
    objects = (
        role("r", GET_PODS),
        binding("r", JANE, namespace="n", name="inside"),
        binding("r", JANE, name="first"),
        binding("r", JANE, name="second"),
    )
    assert _found(*objects) == {"n/inside": [(0, ["first"])], "second": [(0, ["first"])]}


def test_the_wider_grant_stays_whenever_it_was_read() -> None:
    objects = (
        role("narrow", GET_PODS),
        role("wide", rule("get list", "pods", "services")),
        binding("wide", JANE, namespace="n", name="last"),
        binding("narrow", JANE, JOE, namespace="n", name="first"),
    )
    assert _found(*objects) == {"n/first": [(0, ["n/last"])]}


def test_kubernetes_own_bindings_stay() -> None:
    own = binding(
        "system:public-info-viewer",
        Subject(kind="Group", name="system:authenticated"),
        name="system:public-info-viewer",
    )
    mine = msgspec.structs.replace(own, ref=msgspec.structs.replace(own.ref, name="mine"))
    assert _found(mine, own) == {"mine": [(0, ["system:public-info-viewer"])]}


def test_what_a_role_takes_in_is_not_known_before_all_roles_are() -> None:
    objects = (
        role("takes", takes={"a": "1"}),
        role("part", GET_PODS, labels={"a": "1"}),
        role("wide", rule("get list", "pods")),
        binding("takes", JANE, name="takes"),
        binding("wide", JANE, name="wide"),
    )
    assert _found(*objects) == {}
    assert _found(*objects, complete=True) == {"takes": [(0, ["wide"])]}
    part = binding("part", JANE, name="part")
    assert _found(*objects, part) == {"part": [(0, ["takes"])]}


def test_roles_of_one_name_that_differ_say_nothing() -> None:
    everything = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
    objects = (
        role("r", GET_PODS),
        role("r", rule("list", "pods")),
        role("s", GET_PODS),
        binding("r", JANE, name="r"),
        binding("s", JANE, name="s"),
    )
    assert _found(*objects) == {}
    urls = PolicyRule(verbs=("*",), non_resource_urls=("*",))
    assert _found(*objects, role("all", everything, urls), binding("all", JANE, name="all")) == {
        "r": [(0, ["all"])],
        "s": [(0, ["all"])],
    }
    same = (role("r", GET_PODS), role("r", GET_PODS), *objects[2:])
    assert _found(*same) == {"s": [(0, ["r"])]}


def test_only_the_grants_that_are_needed_are_named() -> None:
    objects = (
        role("both", GET_PODS, rule("get", "services")),
        role("pods", rule("get list", "pods")),
        role("services", rule("get list", "services")),
        role("nodes", rule("get", "nodes")),
        *(binding(name, JANE, name=name) for name in ("both", "nodes", "pods", "services")),
    )
    assert _found(*objects) == {"both": [(0, ["pods", "services"])]}


def test_restricted_rules_grant_nothing() -> None:
    restricted = msgspec.structs.replace(GET_PODS, attribute_restrictions={})
    objects = (role("r", restricted), role("s", GET_PODS), binding("r", JANE, name="r"), binding("s", JANE))
    assert _found(*objects) == {}


def test_a_role_of_many_atoms_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    objects = (
        role("r", rule("get list", "pods")),
        role("s", rule("get list watch", "pods")),
        binding("r", JANE, name="r"),
        binding("s", JANE, name="s"),
    )
    assert _found(*objects) == {"r": [(0, ["s"])]}
    monkeypatch.setattr(redundancy, "_MOST_ATOMS", 1)
    assert _found(*objects) == {}


def test_of_many_grants_only_equal_roles_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redundancy, "_MOST_GRANTS", 2)
    objects = (
        role("r", GET_PODS),
        role("s", rule("get list", "pods")),
        binding("r", account("a"), name="one"),
        binding("r", account("a"), name="two"),
        binding("s", account("a"), name="three"),
        binding("r", account("a"), namespace="n", name="four"),
    )
    assert _found(*objects) == {"two": [(0, ["one"])], "n/four": [(0, ["one"])]}

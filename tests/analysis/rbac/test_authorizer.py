"""The authorizer agrees with the cases, with the naive reference, and says why."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.rbac import authorizer as authorizer_module
from casemate.analysis.rbac import rule_index
from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity, account_of
from casemate.analysis.rbac.rules import Request, allows
from casemate.analysis.rbac.subject_keys import is_master, key_of
from casemate.model.estate import Entity
from casemate.model.rbac import RBAC, Binding, PolicyRule, Role, Subject
from tests.analysis.rbac.estates import account, binding, estate, role, rule
from tests.analysis.rbac.reference import Reference, read, request_of

GET_PODS = rule("get", "pods")
JANE = Subject(kind="User", name="jane")


def _authorizer(found: list[Entity]) -> Authorizer:
    roles = [entity for entity in found if isinstance(entity, Role)]
    return Authorizer(roles, [entity for entity in found if isinstance(entity, Binding)])


def _allowed(authorizer: Authorizer, request: dict[str, Any]) -> bool:
    who = Identity.of(request["user"], tuple(request["groups"]))
    asked = request_of(request)
    if is_master(who):
        return True
    grant = authorizer.decide(who, asked)
    if grant is not None:  # the reason holds
        assert allows(authorizer.rules_in_effect(grant.role)[grant.index].rule, asked)
        assert grant.source.role.rules[grant.source.index] == grant.source.rule
        assert any(key_of(grant.binding, subject) is not None for subject in grant.binding.subjects)
    return grant is not None


def test_the_cases(corpora: Path) -> None:
    wrong = []
    for line in (corpora / "rbac" / "cases" / "authorizer.jsonl").read_text().splitlines():
        case = json.loads(line)
        found = read(case["objects"])
        for request in case["requests"]:
            answers = (_allowed(_authorizer(found), request), Reference(found).allowed(request))
            wrong += [(case["name"], request)] if set(answers) != {request["allowed"]} else []
    assert not wrong


@pytest.mark.parametrize("number", [101, 102, 103, 104])
def test_the_random_estates(corpora: Path, number: int) -> None:
    folder = corpora / "rbac" / "random"
    found = read(json.loads((folder / f"{number}.objects.json").read_text())["items"])
    authorizer, reference = _authorizer(found), Reference(found)
    requests = [json.loads(line) for line in (folder / f"{number}.requests.jsonl").read_text().splitlines()]
    assert [r for r in requests if _allowed(authorizer, r) != r["allowed"]] == []
    assert [r for r in requests[::8] if reference.allowed(r) != r["allowed"]] == []


NAMES = ["", "a", "b", "*"]
NAMESPACES = ["", "n", "m"]
USERS = ["jane", "system:anonymous", "system:serviceaccount:n:a", "system:serviceaccount:m:a", "", "a"]
GROUPS = ["dev", "system:serviceaccounts:n", "system:authenticated", "system:masters", "a"]
VERBS = ["get", "create", "*", "GET"]
RESOURCES = ["pods", "pods/exec", "*", "*/exec", "pods/*", "exec", ""]
URLS = ["/", "/a", "/a/*", "*", "/a/b", "/a**"]


def _some(values: list[str], most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=most)


RULE = st.fixed_dictionaries(
    {"verbs": _some(VERBS), "apiGroups": _some(["", "apps", "*"]), "resources": _some(RESOURCES)},
    optional={"resourceNames": _some(NAMES), "nonResourceURLs": _some(URLS)},
)
LABELS = st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2"]), max_size=2)
SELECTOR = st.one_of(
    st.fixed_dictionaries({"matchLabels": LABELS}),
    st.fixed_dictionaries(
        {
            "matchExpressions": st.lists(
                st.fixed_dictionaries(
                    {"key": st.sampled_from(["x", "y"]), "operator": st.sampled_from(["In", "Exists", "DoesNotExist", "Odd"])},
                    optional={"values": _some(["1", "2"])},
                ),
                max_size=2,
            )
        }
    ),
)  # fmt: skip
SUBJECT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["User", "Group", "ServiceAccount", "Robot"]),
        "name": st.sampled_from([*USERS, *GROUPS]),
    },
    optional={"namespace": st.sampled_from(NAMESPACES)},
)


@st.composite
def estates(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Roles and bindings of few names, so that they meet."""
    objects: list[dict[str, Any]] = []
    for kind, names in (("Role", ["r", "s"]), ("ClusterRole", ["r", "c", "d", "e"])):
        for name in names:
            for namespace in NAMESPACES[1:] if kind == "Role" else [None]:
                if not draw(st.booleans()):
                    continue
                tree: dict[str, Any] = {"kind": kind, "metadata": {"name": name, "labels": draw(LABELS)}}
                if namespace is not None:
                    tree["metadata"]["namespace"] = namespace
                tree["rules"] = draw(st.one_of(st.none(), st.lists(RULE, max_size=3)))
                if kind == "ClusterRole" and draw(st.booleans()):
                    tree["aggregationRule"] = {"clusterRoleSelectors": draw(st.lists(SELECTOR, max_size=2))}
                objects.append(tree)
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["RoleBinding", "ClusterRoleBinding"]))
        metadata: dict[str, Any] = {"name": f"b{number}"}
        if kind == "RoleBinding":
            metadata["namespace"] = draw(st.sampled_from(NAMESPACES[1:]))
        reference = {
            "kind": draw(st.sampled_from(["Role", "ClusterRole", "Odd"])),
            "name": draw(st.sampled_from("rscde")),
        }
        subjects = draw(st.one_of(st.none(), st.lists(SUBJECT, max_size=3)))
        objects.append({"kind": kind, "metadata": metadata, "roleRef": reference, "subjects": subjects})
    return [{"apiVersion": f"{RBAC}/v1", **tree} for tree in objects]


REQUEST = st.fixed_dictionaries(
    {
        "user": st.sampled_from(USERS),
        "groups": _some(GROUPS),
        "verb": st.sampled_from(VERBS),
        "apiGroup": st.sampled_from(["", "apps", "*"]),
        "resource": st.sampled_from(["", "pods", "exec", "*"]),
        "subresource": st.sampled_from(["", "exec", "*"]),
        "name": st.sampled_from(NAMES),
        "namespace": st.sampled_from(NAMESPACES),
        "path": st.sampled_from(URLS),
    }
)


@settings(deadline=None, max_examples=300)
@given(estates(), st.lists(REQUEST, min_size=1, max_size=12))
def test_it_equals_the_naive_reference(objects: list[dict[str, Any]], requests: list[dict[str, Any]]) -> None:
    found = read(objects)
    authorizer, reference = _authorizer(found), Reference(found)
    for request in requests:
        assert _allowed(authorizer, request) == reference.allowed(request), request


@settings(deadline=None, max_examples=150)
@given(estates(), REQUEST)
def test_who_can_and_rules_of_say_the_same(objects: list[dict[str, Any]], request: dict[str, Any]) -> None:
    authorizer = _authorizer(read(objects))
    who, asked = Identity.of(request["user"], tuple(request["groups"])), request_of(request)
    allowed = authorizer.decide(who, asked) is not None
    everybody = [Identity.of_subject(subject) for subject, _ in authorizer.who_can(asked)]
    listed = any(
        one and (one.user == who.user if one.user else one.groups[0] in who.groups) for one in everybody
    )
    assert allowed == listed
    held = authorizer.rules_of(who, (request["namespace"] or None) if asked.is_resource else None)
    assert allowed == any(allows(rule, asked) for _, rule in held)


def test_reasons_name_every_way() -> None:
    found = [
        role("c", GET_PODS),
        binding("c", JANE, name="x"),
        binding("c", JANE, account("a"), namespace="n"),
    ]
    authorizer = Authorizer.of(estate(*found))
    reasons = list(authorizer.reasons(Identity.of("jane"), Request("get", resource="pods", namespace="n")))
    assert [(str(g.binding.ref), g.role.name, g.index) for g in reasons] == [("x", "c", 0), ("n/b", "c", 0)]
    held = list(authorizer.roles_held(Identity.of("system:serviceaccount:n:a")))
    assert [(namespace, str(b.ref), r.name) for namespace, b, r in held] == [("n", "n/b", "c")]


def test_the_last_of_one_identity_counts() -> None:
    found = [role("c", GET_PODS), role("c", rule("list", "pods")), binding("c", JANE)]
    authorizer = Authorizer.of(estate(*found))
    assert authorizer.decide(Identity.of("jane"), Request("get", resource="pods")) is None
    assert authorizer.decide(Identity.of("jane"), Request("list", resource="pods")) is not None


def test_objects_without_a_namespace_are_at_home() -> None:
    found = [
        role("r", GET_PODS, namespace=""),
        binding("r", account("a", None), JANE, namespace="", kind="Role"),
    ]
    request = Request("get", resource="pods", namespace="default")
    for authorizer, namespace in (
        (Authorizer.of(estate(*found)), "default"),
        (Authorizer(found[:1], found[1:], home="h"), "h"),  # type: ignore[arg-type] # a role and a binding
    ):
        asked = Request("get", resource="pods", namespace=namespace)
        caller = Identity.of(f"system:serviceaccount:{namespace}:a")
        assert authorizer.decide(caller, asked) is not None
        assert [subject.namespace for subject, _ in authorizer.who_can(asked)] == [namespace, None]
    assert Authorizer(found[:1], found[1:], home="h").decide(Identity.of("jane"), request) is None  # type: ignore[arg-type] # the same


def test_a_role_that_is_not_there_is_named() -> None:
    found = [
        binding("gone", JANE, name="x"),
        binding("gone", JANE, namespace="n", kind="Role", name="y"),
        binding("gone", JANE, namespace="m", kind="Role", name="z"),
    ]
    missing = Authorizer.of(estate(*found)).missing_roles(Identity.of("jane"), "n")
    assert [item.name for item in missing] == ["x", "y"]


def test_rules_in_effect() -> None:
    inner, outer = role("i", GET_PODS, labels={"x": "1"}), role("o", takes={"x": "1"})
    authorizer = Authorizer.of(estate(inner, outer))
    assert [(s.rule, s.role, s.index) for s in authorizer.rules_in_effect(outer)] == [(GET_PODS, inner, 0)]
    assert [s.rule for s in authorizer.rules_in_effect(role("other", GET_PODS))] == [GET_PODS]


def test_rules_with_openshifts_restrictions_grant_nothing() -> None:
    restricted = PolicyRule(
        verbs=("get",), api_groups=("",), resources=("pods",), attribute_restrictions={"a": 1}
    )
    authorizer = Authorizer.of(estate(role("c", restricted), binding("c", JANE)))
    assert authorizer.decide(Identity.of("jane"), Request("get", resource="pods")) is None


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_index, "_REMEMBERED", 1)
    authorizer = Authorizer.of(estate(role("c", GET_PODS), binding("c", JANE)))
    for name in ("pods", "secrets", "pods", "nodes", "pods"):
        decided = authorizer.decide(Identity.of("jane"), Request("get", resource=name))
        assert (decided is not None) == (name == "pods")
    assert len(authorizer._index._known) < 3


def test_callers() -> None:
    assert Identity.of("system:anonymous").groups == ("system:unauthenticated",)
    assert Identity.of("a", ("b", "system:authenticated")).groups == ("b", "system:authenticated")
    assert Identity.of("system:serviceaccount:n:a").groups[1:] == (
        "system:serviceaccounts",
        "system:serviceaccounts:n",
    )
    assert Identity.of_subject(Subject(kind="Group", name="g")) == Identity("", ("g",))
    assert Identity.of_subject(Subject(kind="Group")) is None
    assert Identity.of_subject(account("a")) == Identity.of("system:serviceaccount:n:a")
    for name in (
        "jane",
        "system:serviceaccount:n",
        "system:serviceaccount:n:a:b",
        "system:serviceaccount:N:a",
        "system:serviceaccount:n:",
    ):
        assert account_of(name) is None


def test_a_subject_with_many_roles_and_callers_that_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorizer_module, "_MANY", 2)
    monkeypatch.setattr(authorizer_module, "_CALLERS", 1)
    found: list[Entity] = [role(f"r{n}", rule("get", f"kind{n}", names=("a",))) for n in range(5)]
    found += [binding(f"r{n}", JANE, name=f"b{n}") for n in range(4)]
    authorizer = Authorizer.of(estate(*found))
    for number in range(5):
        asked = Request("get", resource=f"kind{number}", name="a")
        grant = authorizer.decide(Identity.of("jane"), asked)
        assert (grant.role.name if grant else None) == (f"r{number}" if number < 4 else None)
        assert (
            authorizer.decide(Identity.of("jane"), Request("get", resource=f"kind{number}", name="b")) is None
        )
        assert authorizer.decide(Identity.of(f"other{number}"), asked) is None
    assert len(authorizer._keys_known) <= 2

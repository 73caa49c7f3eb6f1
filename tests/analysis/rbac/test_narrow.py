"""The narrowest rules for requests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.narrow import Wide, is_generated, narrowed
from casemate.analysis.rbac.rules import Request, allows
from casemate.model.rbac import PolicyRule
from tests.analysis.rbac.estates import rule

EVERYTHING = {"": [rule("*", "*", group="*"), PolicyRule(verbs=("*",), non_resource_urls=("*",))]}


def get(name: str = "", namespace: str = "n", verb: str = "get", resource: str = "pods") -> Request:
    return Request(verb, resource=resource, name=name, namespace=namespace)


def test_rights_stay_in_their_namespaces() -> None:
    found = narrowed([get("a"), get("b", "m"), Request("get", path="/metrics")], EVERYTHING)
    assert found.rules == {
        "": (PolicyRule(verbs=("get",), non_resource_urls=("/metrics",)),),
        "m": (rule("get", "pods", names=("b",)),),
        "n": (rule("get", "pods", names=("a",)),),
    }


def test_what_the_cluster_gives_is_not_given_twice() -> None:
    found = narrowed([get(namespace="", verb="list"), get(verb="list"), get("a")], EVERYTHING)
    assert found.rules == {"": (rule("list", "pods"),), "n": (rule("get", "pods", names=("a",)),)}
    assert narrowed([get(namespace="", verb="list"), get(verb="list")], EVERYTHING).rules.keys() == {""}


def test_one_request_without_a_name_is_about_all() -> None:
    assert narrowed([get("a"), get()], EVERYTHING).rules == {"n": (rule("get", "pods"),)}
    assert narrowed([get(verb="create")], EVERYTHING).rules == {"n": (rule("create", "pods"),)}


def test_many_names_become_all_where_all_are_held() -> None:
    many = [get(f"a{number}x") for number in range(4)]
    found = narrowed(many, EVERYTHING, many=3)
    assert found.rules == {"n": (rule("get", "pods"),)}
    assert found.wider == (Wide("n", "pods", ("get",), 4),)
    named = {"n": [rule("get", "pods", names=tuple(request.name for request in many))]}
    found = narrowed(many, named, many=3)
    assert found.rules == named | {"n": tuple(named["n"])}
    assert found.wider == ()
    assert len(narrowed(many, EVERYTHING, many=4).rules["n"][0].resource_names) == 4


def test_names_that_controllers_make_up_are_not_kept() -> None:
    scale = Request("get", "apps", "deployments", "scale", "web-5b8f9d7c6", namespace="n")
    found = narrowed(
        [get("web-5b8f9d7c6-t4wvk"), get("web-5b8f9d7c6-t4wvk", verb="delete"), scale], EVERYTHING
    )
    assert found.rules["n"] == (rule("delete get", "pods"), rule("get", "deployments/scale", group="apps"))
    assert found.wider == (
        Wide("n", "pods", ("delete", "get"), 1),
        Wide("n", "deployments/scale.apps", ("get",), 1),
    )


@pytest.mark.parametrize(
    ("name", "generated"),
    [
        ("web-5b8f9d7c6-t4wvk", True),
        ("log-agent-9kz7v", True),
        ("backup-28471200", True),
        ("web.17d0f1a2b3c4d5e6", True),
        ("f81d4fae-7dec-41d0-a765-00a0c91e6bf6", True),
        ("postgres-0", False),
        ("payment-api", False),
        ("orders-config", False),
        ("worker-12", False),
        ("kube-dns", False),
    ],
)
def test_made_up_names_are_told_by_their_look(name: str, generated: bool) -> None:
    assert is_generated(name) is generated


def test_reads_are_completed_on_request_where_they_are_held() -> None:
    requests = [get(verb="list"), get("a", resource="secrets"), get(resource="services", verb="create")]
    assert narrowed(requests, EVERYTHING).added == {}
    found = narrowed(requests, EVERYTHING, complete_reads=True)
    assert found.added == {"n": (rule("get watch", "pods"),)}
    assert rule("get list watch", "pods") in found.rules["n"]
    assert rule("get", "secrets", names=("a",)) in found.rules["n"]
    held = {"n": [rule("list watch", "pods")]}
    assert narrowed([get(verb="list"), get(verb="watch")], held, complete_reads=True).added == {}


RULES = st.builds(
    PolicyRule,
    verbs=st.sampled_from([("get",), ("get", "list"), ("*",), ("create",)]),
    api_groups=st.sampled_from([("",), ("*",)]),
    resources=st.sampled_from([("pods",), ("pods", "pods/log"), ("*",), ("*/log",)]),
    resource_names=st.sampled_from([(), ("a",), ("a", "b-t4wvk")]),
)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["get", "list", "create", "delete"]),
    resource=st.sampled_from(["pods", "secrets"]),
    subresource=st.sampled_from(["", "log"]),
    name=st.sampled_from(["", "a", "b-t4wvk", "c"]),
    namespace=st.sampled_from(["", "n", "m"]),
)
HELD = st.dictionaries(st.sampled_from(["", "n"]), st.lists(RULES, max_size=3))


@given(HELD, st.lists(REQUESTS, max_size=12), st.integers(0, 3), st.booleans())
def test_the_rules_allow_what_was_asked_and_nothing_that_is_not_held(
    held: dict[str, list[PolicyRule]], requests: list[Request], many: int, complete: bool
) -> None:
    def owned(namespace: str) -> list[PolicyRule]:
        return [*held.get("", ()), *(held.get(namespace, ()) if namespace else ())]

    used = [r for r in requests if any(allows(rule, r) for rule in owned(r.namespace))]
    found = narrowed(used, held, many=many, complete_reads=complete)
    for namespace, rules in found.rules.items():
        assert not list(uncovered(owned(namespace), rules))
        assert namespace in {r.namespace for r in used}
    for request in used:
        given_ = (*found.rules.get("", ()), *found.rules.get(request.namespace, ()))
        assert any(allows(one, request) for one in given_)

"""ABAC policies as roles and bindings: what each line becomes, and that both answer the same."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.rbac.abac_conversion import Conversion, convert
from casemate.analysis.rbac.abac_lines import Refusal
from casemate.analysis.rbac.abac_proof import prove
from casemate.analysis.rbac.api_resources import api_resources
from casemate.model.abac import ALL, Policy
from casemate.model.rbac import PolicyRule, Subject
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.abac_policy import parse

SERVED = api_resources(NEWEST)
READ = ("get", "list", "watch")


def made(*specs: dict[str, Any]) -> Conversion:
    """The conversion of v1beta1 lines, which must prove right."""
    head = {"apiVersion": "abac.authorization.kubernetes.io/v1beta1", "kind": "Policy"}
    return of("\n".join(json.dumps({**head, "spec": spec}) for spec in specs))


def of(text: str) -> Conversion:
    policies, broken = parse(text.encode())
    assert not broken
    found = convert(policies, SERVED, "policy")
    assert prove(found, SERVED).differences == ()
    return found


def rules(found: Conversion) -> list[tuple[str | None, PolicyRule]]:
    return [(item.role.ref.namespace, rule) for item in found.made for rule in item.role.rules]


def reasons(found: Conversion) -> list[str]:
    return [item.refusal.reason for item in found.inexpressible]


def rule(verbs: tuple[str, ...], group: str, *resources: str) -> PolicyRule:
    return PolicyRule(verbs=verbs, api_groups=(group,), resources=resources)


def test_upstreams_files(corpora: Path) -> None:
    for line in (corpora / "rbac/cases/abac.jsonl").read_text().splitlines():
        of(json.loads(line)["policy"])


def test_everything() -> None:
    found = of("{}")
    assert rules(found) == [
        (None, PolicyRule(verbs=(ALL,), non_resource_urls=(ALL,))),
        (None, rule((ALL,), ALL, ALL)),
    ]
    assert found.made[0].binding.subjects == (Subject(kind="Group", name="system:authenticated"),)
    assert [note.text for note in found.notes] == [
        "everybody who has logged in may do everything, every service account included"
    ]


def test_subresources_are_enumerated() -> None:
    found = made({"user": "bob", "namespace": "shop", "resource": "services", "readonly": True})
    assert rules(found) == [("shop", rule(READ, "", "services", "services/proxy", "services/status"))]
    found = made({"user": "bob", "namespace": "shop", "resource": "deployments", "apiGroup": "apps"})
    assert rules(found) == [
        (
            "shop",
            rule(
                (ALL,), "apps", *(f"deployments{name}" for name in ("", "/finalizers", "/scale", "/status"))
            ),
        )
    ]


def test_a_release_has_its_subresources() -> None:
    policies = [Policy(user="bob", namespace="*", resource="pods", readonly=True, line=1)]
    old = convert(policies, api_resources(KubernetesVersion(1, 16)), "policy")
    assert "pods/resize" not in old.made[0].role.rules[0].resources


@pytest.mark.parametrize(
    ("spec", "subjects"),
    [
        ({"user": "bob"}, [("User", "bob", None)]),
        ({"group": "ops"}, [("Group", "ops", None)]),
        ({"user": "*", "group": "ops"}, [("Group", "system:authenticated", None)]),
        ({"user": "bob", "group": "*"}, [("Group", "system:authenticated", None)]),
        ({"user": "bob", "group": "system:authenticated"}, [("User", "bob", None)]),
        ({"user": "system:serviceaccount:shop:ci"}, [("ServiceAccount", "ci", "shop")]),
        ({"user": "system:serviceaccount:shop:ci", "group": "system:serviceaccounts:shop"}, [("ServiceAccount", "ci", "shop")]),
        ({"user": "system:serviceaccount:Shop:ci"}, [("User", "system:serviceaccount:Shop:ci", None)]),
        ({"user": "system:anonymous", "group": "system:unauthenticated"}, [("User", "system:anonymous", None)]),
        ({"group": "system:unauthenticated"}, [("Group", "system:unauthenticated", None)]),
    ],
)  # fmt: skip
def test_subjects(spec: dict[str, Any], subjects: list[tuple[str, str, str | None]]) -> None:
    found = made({**spec, "namespace": "*", "resource": "*", "apiGroup": "*"})
    given_to = [subject for item in found.made for subject in item.binding.subjects]
    assert [(s.kind, s.name, s.namespace) for s in given_to] == subjects
    assert not found.inexpressible


def test_both_user_and_group() -> None:
    found = made({"user": "dana", "group": "on-call", "namespace": "*", "resource": "pods"})
    assert not found.made
    assert reasons(found) == ["user dana only while in group on-call: subjects of a binding are alternatives"]
    assert not found.inexpressible[0].partly


def test_a_star_of_the_internal_version_is_anybody() -> None:
    policies = [Policy(user="*", namespace="*", resource="*", api_group="*", version="__internal", line=1)]
    found = convert(policies, SERVED, "policy")
    assert [item.binding.subjects[0].name for item in found.made] == [
        "system:authenticated",
        "system:unauthenticated",
    ]
    assert prove(found, SERVED).differences == ()
    found = convert([msgspec.structs.replace(policies[0], group="ops")], SERVED, "policy")
    assert [item.binding.subjects[0].name for item in found.made] == ["ops"]


@pytest.mark.parametrize(
    ("spec", "note"),
    [
        ({}, "names neither user nor group, so it matches nobody"),
        ({"user": "bob"}, "names neither resource nor nonResourcePath, so it grants nothing"),
        ({"user": "bob", "namespace": "shop"}, "namespace shop has no resource beside it"),
        ({"user": "bob", "resource": "pods/log", "namespace": "*"}, "no request is for a resource pods/log: ABAC compares without the subresource"),
        ({"user": "bob", "resource": "deployments", "apiGroup": "apps/v1", "namespace": "*"}, "no request is for an API group apps/v1: apps without a version is one"),
    ],
)  # fmt: skip
def test_lines_that_grant_nothing(spec: dict[str, Any], note: str) -> None:
    found = made(spec)
    assert not found.made
    assert not found.inexpressible
    assert [item.text for item in found.notes] == [note]


def notes(**spec: Any) -> list[str]:
    return [note.text for note in made(spec).notes]


def test_notes() -> None:
    everywhere = {"namespace": "*", "apiGroup": "*"}
    assert notes(user="*", group="ops", nonResourcePath="/healthz") == [
        "* is everybody who has logged in, not system:unauthenticated, and ops does not count"
    ]
    assert notes(user="bob", resource="secrets", **everywhere, verbs=["get"]) == [
        "the API server reads over spec.verbs, so nothing is narrowed by it"
    ]
    assert notes(group="system:masters", resource="*", **everywhere) == [
        "system:masters may do everything without ABAC and without RBAC"
    ]
    assert notes(user="bob", resource="nodes", namespace="shop") == [
        "nodes are in no namespace, so requests in shop hardly exist"
    ]
    assert notes(user="bob", resource="pods", readonly=True, **everywhere) == [
        "reading includes get on pods/exec, pods/attach, by which one can run commands"
    ]
    assert notes(user="bob", resource="deployments", namespace="*") == [
        "deployments are not in the core group but in apps"
    ]
    assert notes(user="bob", resource="nodes", namespace="*", apiGroup="apps") == [
        "nodes are not in apps but in the core group"
    ]
    assert notes(user="bob", resource="namespaces", namespace="shop") == []


def test_a_custom_resource_has_its_usual_subresources() -> None:
    found = made(
        {"user": "bob", "namespace": "*", "resource": "certs", "apiGroup": "x.example", "readonly": True}
    )
    assert rules(found) == [(None, rule(READ, "x.example", "certs", "certs/scale", "certs/status"))]
    assert found.notes[0].text.startswith("certs are no resource of Kubernetes itself")
    found = made({"user": "bob", "namespace": "*", "resource": "secrets", "apiGroup": "*", "readonly": True})
    assert rules(found) == [(None, rule(READ, "*", "secrets", "secrets/scale", "secrets/status"))]


def test_urls_need_a_role_of_the_cluster() -> None:
    found = made({"user": "bob", "namespace": "shop", "resource": "*", "apiGroup": "*", "nonResourcePath": "/logs/*", "readonly": True})  # fmt: skip
    assert rules(found) == [
        (None, PolicyRule(verbs=READ, non_resource_urls=("/logs/*",))),
        ("shop", rule(READ, "*", "*")),
    ]
    assert [
        (item.role.ref.kind, item.binding.ref.kind, item.binding.ref.namespace) for item in found.made
    ] == [
        ("ClusterRole", "ClusterRoleBinding", None),
        ("Role", "RoleBinding", "shop"),
    ]


def test_no_namespace_of_such_a_name() -> None:
    found = made({"user": "bob", "namespace": "Shop", "resource": "*", "nonResourcePath": "/x"})
    assert reasons(found) == ["no namespace can be named Shop, so nothing can be in it"]
    assert found.inexpressible[0].partly
    assert len(found.made) == 1


def test_without_a_namespace() -> None:
    found = made({"user": "bob", "resource": "nodes", "readonly": True})
    assert [scope for scope, _ in rules(found)] == [None]
    assert not found.inexpressible
    found = made({"user": "bob", "resource": "pods", "readonly": True})
    assert not found.made
    assert reasons(found)[0].startswith("to list and watch pods of all namespaces at once")
    found = made({"user": "bob", "resource": "namespaces"})
    assert rules(found) == [
        (None, rule(("create", "list", "watch"), "", "namespaces")),
        (None, rule(("update",), "", "namespaces/finalizers")),
    ]
    found = made({"user": "bob", "resource": "namespaces", "readonly": True})
    assert rules(found) == [(None, rule(("list", "watch"), "", "namespaces"))]
    found = made({"user": "bob", "resource": "clusterroles", "apiGroup": "rbac.authorization.k8s.io"})
    assert "bind" not in rules(found)[0][1].verbs
    assert reasons(found)[0].startswith("to bind clusterroles in the whole cluster")
    found = made({"user": "bob", "resource": "certs", "apiGroup": "x.example"})
    assert reasons(found) == ["whether certs are in namespaces is not known: name what serves them"]
    found = made({"user": "bob", "resource": "nodes", "apiGroup": "*"})
    assert reasons(found) == ["nodes of custom resources in no namespace: name them"]
    found = made({"user": "bob", "resource": "*", "apiGroup": "*"})
    assert len(reasons(found)) == 3
    assert all(item.partly for item in found.inexpressible)
    assert all("pods" not in rule.resources for _, rule in rules(found))


def test_extra_keys_of_a_user_are_subresources() -> None:
    found = made(
        {"user": "bob", "resource": "userextras", "apiGroup": "authentication.k8s.io", "namespace": "*"}
    )
    assert reasons(found)[0].startswith("the keys of userextras are subresources")
    assert not made({"user": "bob", "resource": "userextras", "apiGroup": "authentication.k8s.io", "namespace": "*", "readonly": True}).inexpressible  # fmt: skip


def test_pod_security_policies_are_used_in_a_namespace() -> None:
    served = api_resources(KubernetesVersion(1, 20))
    policies = [Policy(user="bob", resource="podsecuritypolicies", api_group="policy", line=1)]
    found = convert(policies, served, "policy")
    assert "use" not in found.made[0].role.rules[0].verbs
    assert [item.reason.split(" and ")[0] for item in (entry.refusal for entry in found.inexpressible)] == [
        "to use podsecuritypolicies for pods without a namespace"
    ]
    assert prove(found, served).differences == ()


def test_what_is_said_twice_is_granted_once() -> None:
    pods = {"user": "bob", "namespace": "shop", "resource": "pods"}
    found = made(
        {**pods, "readonly": True},
        pods,
        pods,
        {**pods, "namespace": "cart"},
        {"user": "bob", "namespace": "cart", "resource": "*", "apiGroup": "*"},
        {"user": "ann", "namespace": "*", "resource": "pods"},
        {"user": "ann", "namespace": "shop", "resource": "pods", "readonly": True},
        {"user": "ann", "nonResourcePath": "/api/v1"},
        {"user": "ann", "nonResourcePath": "/api/*"},
    )
    assert [(item.role.ref.namespace, item.lines) for item in found.made] == [
        ("shop", ((2, 3),)),
        ("cart", ((5,),)),
        (None, ((6,), (9,))),
    ]
    assert [note.policy.line for note in found.notes if note.text.startswith("other lines")] == [1, 4, 7, 8]


def test_names_are_readable_and_their_own() -> None:
    users = ["bob", "Bob", "bob@shop.example", "***", "b" * 90, "bob-shop-example"]
    found = made(*({"user": user, "nonResourcePath": "/x"} for user in users))
    names = [item.role.ref.name or "" for item in found.made]
    assert names[0] == "abac-user-bob"
    assert names[1].startswith("abac-user-bob-")
    assert names[3].startswith("abac-user-")
    assert names[5] == "abac-user-bob-shop-example"
    assert len(set(names)) == len(users)
    assert max(map(len, names)) < 80
    taken = names[1].removeprefix("abac-user-")
    again = made({"user": "Bob", "nonResourcePath": "/x"}, {"user": taken, "nonResourcePath": "/x"})
    assert len({item.role.ref.name for item in again.made}) == 2


def test_a_difference_that_no_line_explains_is_told() -> None:
    policies = [
        Policy(user="bob", resource="pods", namespace="*", line=1),
        Policy(user="bob", group="ops", resource="secrets", namespace="*", line=2),
    ]
    found = convert(policies, SERVED, "policy")
    wider = convert([msgspec.structs.replace(policies[0], resource="*")], SERVED, "policy")
    told = prove(msgspec.structs.replace(found, made=wider.made), SERVED)
    assert told.differences
    assert {item.policy for item in told.differences} == {None}
    told = prove(msgspec.structs.replace(found, made=()), SERVED)
    assert {item.policy.line for item in told.differences if item.policy} == {1}
    assert {item.policy.line for item in told.named if item.policy} == {2}
    lost = msgspec.structs.replace(found.inexpressible[0], refusal=Refusal("x", verbs=("list",)))
    told = prove(msgspec.structs.replace(found, inexpressible=(lost,)), SERVED)
    assert {item.request.verb for item in told.named} == {"list"}
    assert "get" in {item.request.verb for item in told.differences}


SPECS = st.fixed_dictionaries(
    {},
    optional={
        "user": st.sampled_from(["a", "b", "*", "", "system:anonymous", "system:serviceaccount:n:x"]),
        "group": st.sampled_from(["g", "*", "system:authenticated", "system:unauthenticated", "system:serviceaccounts"]),
        "readonly": st.booleans(),
        "namespace": st.sampled_from(["n", "m", "*", "", "Bad"]),
        "apiGroup": st.sampled_from(["", "*", "apps", "rbac.authorization.k8s.io", "x.example", "apps/v1"]),
        "resource": st.sampled_from(["pods", "*", "nodes", "namespaces", "clusterroles", "widgets", "users", "", "events"]),
        "nonResourcePath": st.sampled_from(["*", "/healthz", "/api/*", "/a**", "x*", ""]),
    },
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(SPECS, max_size=5))
def test_both_answer_the_same_beside_what_is_named(specs: list[dict[str, Any]]) -> None:
    found = made(*specs)
    for item in found.made:
        for granted in item.role.rules:
            assert granted.verbs
            assert bool(granted.non_resource_urls) != bool(granted.api_groups and granted.resources)
            assert item.role.is_cluster or not granted.non_resource_urls

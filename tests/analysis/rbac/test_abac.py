"""The ABAC authorizer: Kubernetes' own tables, and what they leave out."""

import json
from pathlib import Path

import pytest

from casemate.analysis.rbac.abac import AbacAuthorizer, authorize
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.model.abac import Policy
from casemate.readers.abac_policy import parse


def test_upstreams_tables(corpora: Path) -> None:
    asked = 0
    for line in (corpora / "rbac/cases/abac.jsonl").read_text().splitlines():
        case = json.loads(line)
        policies, broken = parse(case["policy"].encode())
        assert not broken
        authorizer = AbacAuthorizer(policies)
        for wanted in case["requests"]:
            who = Identity.of(wanted["user"], tuple(wanted["groups"]))
            names = ("verb", "resource", "subresource", "name", "namespace", "path")
            request = Request(group=wanted["apiGroup"], **{name: wanted[name] for name in names})
            found = authorizer.decide(who.user, who.groups, request)
            assert (found is not None) == wanted["allowed"], (case["name"], wanted)
            assert found == authorize(policies, who.user, who.groups, request)
            asked += 1
    assert asked > 60


ANY = Policy(user="bob", namespace="*", resource="*", api_group="*", non_resource_path="*")


def test_the_first_line_that_allows_is_the_reason() -> None:
    lines = [
        Policy(group="ops", namespace="*", resource="pods", api_group="*", line=1),
        Policy(user="bob", namespace="*", resource="*", api_group="*", readonly=True, line=2),
        Policy(group="dev", namespace="*", resource="pods", api_group="", line=3),
        Policy(group="dev", namespace="*", resource="pods", api_group="*", line=4),
        Policy(user="bob", namespace="*", resource="pods", api_group="*", line=5),
        Policy(user="bob", non_resource_path="/metrics", line=6),
        Policy(group="dev", non_resource_path="/metrics", line=7),
        Policy(group="dev", non_resource_path="/metrics", line=8),
    ]
    authorizer = AbacAuthorizer(lines)

    def first(*groups: str, **words: str) -> int:
        found = authorizer.decide("bob", groups, Request(**{"verb": "get", **words}))
        return found.line if found else 0

    assert first("dev", "ops", resource="pods") == 1
    assert first("dev", resource="pods") == 2
    assert first("dev", resource="pods", verb="delete") == 3
    assert first("dev", resource="pods", verb="delete", group="x") == 4
    assert first("dev", resource="pods", verb="delete", subresource="exec", namespace="a") == 3
    assert first(resource="pods", verb="delete") == 5
    assert first("dev", path="/metrics") == 6
    assert first("dev", path="/metrics/x") == 0


@pytest.mark.parametrize(
    ("policy", "user", "groups", "holds"),
    [
        (ANY, "bob", (), True),
        (ANY, "Bob", (), False),
        (Policy(namespace="*", resource="*", api_group="*"), "bob", ("a",), False),
        (Policy(user="bob", group="a", namespace="*", resource="*", api_group="*"), "bob", ("b", "a"), True),
        (Policy(user="bob", group="a", namespace="*", resource="*", api_group="*"), "bob", ("b",), False),
        (Policy(user="bob", group="*", namespace="*", resource="*", api_group="*"), "bob", (), True),
        (Policy(user="*", namespace="*", resource="*", api_group="*"), "system:anonymous", (), True),
        (Policy(group="*", namespace="*", resource="*", api_group="*"), "x", (), True),
        (Policy(user="*", group="a", namespace="*", resource="*", api_group="*"), "x", ("a",), True),
        (Policy(user="*", group="a", namespace="*", resource="*", api_group="*"), "x", ("b",), False),
    ],
)
def test_callers(policy: Policy, user: str, groups: tuple[str, ...], holds: bool) -> None:
    request = Request(verb="get", resource="pods", namespace="a")
    assert (authorize([policy], user, groups, request) is not None) == holds


@pytest.mark.parametrize(
    ("path", "asked", "holds"),
    [
        ("*", "/x", True),
        ("/api", "/api", True),
        ("/api", "/api/", False),
        ("/api/*", "/api", False),
        ("/api/**", "/api/x", True),
        ("/a*b", "/axb", False),
        ("/a*b", "/a*b", True),
        ("", "/", False),
        ("", "", True),
    ],
)
def test_urls(path: str, asked: str, holds: bool) -> None:
    policy = Policy(user="bob", non_resource_path=path)
    assert (authorize([policy], "bob", (), Request(verb="get", path=asked)) is not None) == holds


def test_places() -> None:
    policy = Policy(user="bob", namespace="", resource="pods/exec", api_group="")
    assert authorize([policy], "bob", (), Request(verb="get", resource="pods", subresource="exec")) is None
    policy = Policy(user="bob", namespace="", resource="nodes", api_group="")
    assert authorize([policy], "bob", (), Request(verb="get", resource="nodes", subresource="proxy"))
    assert authorize([policy], "bob", (), Request(verb="get", resource="nodes", namespace="a")) is None
    assert authorize([policy], "bob", (), Request(verb="get", resource="nodes", group="x")) is None

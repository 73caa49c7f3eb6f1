"""Powers that come about by several grants, everything that is spelled out, and pods beside power."""

import pytest

from casemate.analysis.rbac.absent_namespaces import AbsentNamespaces
from casemate.analysis.rbac.borrowed import Beside
from casemate.analysis.rbac.creators import Creators
from casemate.analysis.rbac.everything import spelled_out
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.summary import summary
from casemate.analysis.rbac.unions import Unions
from casemate.model.estate import Entity
from casemate.model.rbac import RBAC, Binding, PolicyRule, Subject
from casemate.model.version import NEWEST
from tests.analysis.rbac.estates import account, binding, estate, role, rule

JANE = Subject(kind="User", name="jane")
BIND = rule("bind", "clusterroles", group=RBAC)
WRITE = rule("create", "clusterrolebindings", group=RBAC)
EVERYTHING = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
MASTERS = Subject(kind="Group", name="system:masters")


def group(name: str) -> Subject:
    return Subject(kind="Group", name=name)


def _unions(*subjects: tuple[Subject, Subject]) -> list[tuple[str, str]]:
    """The holder of each power, and the binding that answers for it, where each holds half."""
    objects: list[Entity] = [role("bind", BIND), role("write", WRITE)]
    for number, (first, second) in enumerate(subjects):
        objects += [binding("bind", first, name=f"a{number}"), binding("write", second, name=f"b{number}")]
    known = Holdings.of(estate(*objects)).derived(Unions)
    return [
        (union.last.key, union.last.binding.name)
        for one in objects
        if isinstance(one, Binding)
        for union in known.of_binding(one, NEWEST)
    ]


@pytest.mark.parametrize(
    ("first", "second", "holder"),
    [
        (JANE, JANE, ("user jane", "b0")),
        (JANE, group("system:authenticated"), ("user jane", "a0")),
        (account("a"), group("system:authenticated"), ("user system:serviceaccount:n:a", "a0")),
        (account("a"), group("system:serviceaccounts"), ("user system:serviceaccount:n:a", "a0")),
        (account("a"), group("system:serviceaccounts:n"), ("user system:serviceaccount:n:a", "a0")),
        (
            group("system:serviceaccounts:n"),
            group("system:serviceaccounts"),
            ("group system:serviceaccounts:n", "a0"),
        ),
        (
            group("system:serviceaccounts"),
            group("system:authenticated"),
            ("group system:serviceaccounts", "a0"),
        ),
        (group("system:authenticated"), group("system:authenticated"), ("group system:authenticated", "b0")),
        (account("a"), group("system:serviceaccounts:m"), None),
        (JANE, group("system:serviceaccounts"), None),
        (JANE, group("dev"), None),
        (group("system:authenticated"), group("dev"), None),
        (MASTERS, MASTERS, None),
    ],
)
def test_who_holds_both_halves(first: Subject, second: Subject, holder: tuple[str, str] | None) -> None:
    assert _unions((first, second)) == ([holder] if holder else [])


def test_what_a_group_holds_is_said_of_the_group_alone() -> None:
    everybody = group("system:authenticated")
    assert _unions((everybody, everybody), (JANE, account("x"))) == [("group system:authenticated", "b0")]


def test_a_group_adds_nothing_to_who_holds_neither_half() -> None:
    objects = [
        role("bind", BIND),
        role("read", rule("get", "pods")),
        binding("bind", group("system:authenticated"), name="a"),
        binding("read", JANE, name="b"),
    ]
    known = Holdings.of(estate(*objects)).derived(Unions)
    assert not known.of_binding(objects[3], NEWEST)  # type: ignore[arg-type] # a binding


def test_everything_is_spelled_out_verb_by_verb() -> None:
    some = rule("get list watch create update patch", "*", group="*")
    assert spelled_out([rule("get", "pods"), EVERYTHING]) == (1,)
    assert spelled_out([some, rule("get", "pods"), rule("delete", "*", group="*")]) == (0, 2)
    assert spelled_out([some]) == ()
    assert spelled_out([]) == ()
    assert spelled_out([some, rule("delete", "*", group="*", names=("a",))]) == ()


def test_everything_in_one_namespace_is_of_that_namespace() -> None:
    halves = (
        role("a", rule("get list watch", "*", group="*")),
        role("b", rule("create update patch delete", "*", group="*")),
    )
    inside = [binding(name, JANE, namespace="n", name=name) for name in "ab"]
    known = Holdings.of(estate(*halves, *inside)).derived(Unions)
    assert [len(known.of_binding(one, NEWEST)) for one in inside] == [0, 1]


def test_whoever_holds_everything_gains_nothing_by_pods() -> None:
    makes = role("makes", rule("create", "pods"))
    objects = [
        makes,
        role("all", EVERYTHING),
        binding("all", account("strong"), account("other"), name="all"),
        binding("makes", JANE, MASTERS, account("strong"), account("other"), namespace="n", name="makes"),
        binding("all", JANE, namespace="n", name="inside"),
    ]
    known = Holdings.of(estate(*objects)).derived(Beside)
    found = known.of_binding(objects[3], NEWEST)  # type: ignore[arg-type] # a binding
    assert [(one.holding.key, [p.title for p in one.powers]) for one in found] == [
        ("user jane", ["ServiceAccount n/other", "ServiceAccount n/strong"])
    ]
    assert not known.of_binding(objects[2], NEWEST)  # type: ignore[arg-type] # a binding


def test_nobody_is_told_of_power_where_there_is_none() -> None:
    objects = [role("makes", rule("create", "pods")), binding("makes", account("a"))]
    assert Holdings.of(estate(*objects)).derived(Beside).of_binding(objects[1], NEWEST) == ()  # type: ignore[arg-type] # a binding


def test_who_may_make_it_again() -> None:
    makes = role("makes", rule("create", "serviceaccounts"))
    objects = [
        makes,
        role("all", EVERYTHING),
        binding("makes", JANE, group("a"), group("b"), group("c"), namespace="n", name="x"),
        binding("makes", group("one"), namespace="m", name="y"),
        binding("all", JANE, name="all"),
    ]
    known = Holdings.of(estate(*objects)).derived(Creators)
    assert known.sentence("serviceaccounts", "n", NEWEST) == (
        "Group a, Group b and one other may create service accounts in n",
    )
    assert known.sentence("serviceaccounts", "m", NEWEST) == ("Group one may create service accounts in m",)
    assert known.sentence("namespaces", "", NEWEST) == ()
    many = [binding("makes", *map(group, "abcd"), name="x"), makes]
    known = Holdings.of(estate(*many)).derived(Creators)
    said = ("Group a, Group b and 2 others may create service accounts in n",)
    assert known.sentence("serviceaccounts", "n", NEWEST) == said
    assert known.sentence("serviceaccounts", "n", NEWEST) == said


def test_without_any_namespace_not_all_were_read() -> None:
    absent = AbsentNamespaces.of(estate(complete=True))
    assert "shop" not in absent
    assert absent.may_be_absent("shop")
    assert not absent.may_be_absent("default")
    assert not absent.may_be_absent(None)


def test_rules_in_few_words() -> None:
    rules = [rule("get", name, group="a.b") for name in ("x", "y", "z/status", "w")]
    assert summary(rules) == "get on w.a.b, x.a.b, y.a.b and 1 more"
    urls = PolicyRule(verbs=("get",), non_resource_urls=("/metrics",))
    assert summary([urls]) == "get on /metrics"
    assert summary([rule("get", "pods", names=("p",))]) == "get on pods named p"
    four = [rule(verb, name) for verb, name in zip("abcd", "wxyz", strict=True)]
    assert summary(four).endswith("; and 1 more")

"""Rights are compared with rights, subject by subject."""

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.difference import Change, opened
from casemate.model.estate import Entity
from casemate.model.rbac import PolicyRule, Subject
from tests.analysis.rbac.estates import account, binding, estate, role, rule

JANE = Subject(kind="User", name="jane")
DEVS = Subject(kind="Group", name="devs")


def _known(*entities: Entity) -> Authorizer:
    return Authorizer.of(estate(*entities))


def _opened(old: Authorizer, new: Authorizer) -> list[tuple[str, str, PolicyRule]]:
    return [(str(change.subject.name), change.namespace, change.rule) for change in opened(old, new)]


def test_a_split_role_changes_nothing() -> None:
    old = _known(role("a", rule("get list", "pods")), binding("a", JANE))
    new = _known(
        role("b", rule("get", "pods")),
        role("c", rule("list", "pods")),
        binding("b", JANE, name="x"),
        binding("c", JANE, name="y"),
    )
    assert _opened(old, new) == _opened(new, old) == []


def test_what_is_added_and_through_what() -> None:
    old = _known(role("a", rule("get", "pods")), binding("a", DEVS, namespace="n"))
    new = _known(role("a", rule("get list", "pods")), binding("a", DEVS, account("s"), namespace="n"))
    changes = list(opened(old, new))
    assert [(c.subject, c.namespace, c.rule) for c in changes] == [
        (DEVS, "n", rule("list", "pods")),
        (account("s"), "n", rule("get list", "pods")),
    ]
    assert [[grant.binding.name for grant in change.because] for change in changes] == [["b"], ["b"]]
    assert _opened(new, old) == []


def test_what_holds_everywhere_counts_in_each_namespace() -> None:
    inside = _known(role("a", rule("get", "pods")), binding("a", JANE, namespace="n"))
    everywhere = _known(
        role("a", rule("get", "pods")), binding("a", JANE), binding("a", JANE, namespace="n", name="x")
    )
    assert _opened(inside, everywhere) == [("jane", "", rule("get", "pods"))]
    assert _opened(everywhere, inside) == []
    nothing = _known()
    assert _opened(nothing, everywhere) == [("jane", "", rule("get", "pods"))]


def test_openshifts_restrictions_and_other_parts_of_a_role_are_left_out() -> None:
    restricted = PolicyRule(
        verbs=("get",), api_groups=("",), resources=("nodes",), attribute_restrictions={"a": 1}
    )
    new = _known(
        role("a", restricted, rule("get", "pods"), rule("get", "nodes")),
        role("c", rule("get", "jobs")),
        binding("a", JANE),
        binding("c", JANE, name="x"),
    )
    old = _known(role("c", rule("get", "jobs")), binding("c", JANE))
    (change,) = opened(old, new)
    assert isinstance(change, Change)
    assert change.rule == rule("get", "nodes", "pods")
    assert [grant.role.name for grant in change.because] == ["a"]


def test_equal_sides_differ_in_nothing() -> None:
    same = _known(role("a", rule("get", "pods")), binding("a", JANE))
    assert _opened(same, _known(role("a", rule("get", "pods")), binding("a", JANE))) == []

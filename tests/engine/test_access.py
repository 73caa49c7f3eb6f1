"""Lines of access, with their whole chain."""

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.engine.access import Access, access_of_subject, access_to
from casemate.model.estate import Coverage
from casemate.model.rbac import SERVICE_ACCOUNT, AggregationRule, Subject
from casemate.model.selectors import LabelSelector
from tests.access import ADA, CART, CREW, HEALTH, READ, VOID, WRITE, binding, role

HELD = Coverage(complete=frozenset({"*"}))
ROLES = (
    role("ClusterRole", "reader", READ, HEALTH, VOID, labels={"into": "union"}),
    role("ClusterRole", "union", aggregation_rule=AggregationRule(cluster_role_selectors=(LabelSelector(match_labels={"into": "union"}),))),
    role("Role", "writer", WRITE, namespace="shop"),
)  # fmt: skip
BINDINGS = (
    binding("write", [ADA, CART], "Role", "writer", "shop"),
    binding("read-here", [CREW, CART, CART], "ClusterRole", "reader", "shop"),
    binding("read", [ADA, Subject(kind=SERVICE_ACCOUNT, name="lost")], "ClusterRole", "union"),
    binding("gone", [CREW], "ClusterRole", "gone"),
    binding("gone-here", [ADA], "Role", "gone", "shop"),
    binding("gone-there", [ADA], "Role", "gone", "bank"),
)
AUTHORIZER = Authorizer(ROLES, BINDINGS)


def lines(access: Access) -> list[tuple[str | None, str, str | None, str | None, int, str | None, int]]:
    return [
        (
            path.subject.name,
            path.namespace,
            path.binding.ref.name,
            path.role.ref.name,
            path.index,
            path.source_role.ref.name,
            path.source_index,
        )
        for path in access.paths
    ]


def test_what_a_subject_may_do_comes_with_its_chain_and_what_holds_everywhere_first() -> None:
    access = access_of_subject(AUTHORIZER, Identity.of("ada", ("crew",)), "what may ada do?", HELD)
    assert lines(access) == [
        ("ada", "", "read", "union", 0, "reader", 0),
        ("ada", "", "read", "union", 1, "reader", 1),
        ("ada", "shop", "write", "writer", 0, "writer", 0),
        ("crew", "shop", "read-here", "reader", 0, "reader", 0),
    ]
    assert access.unknown == (
        "ClusterRoleBinding gone gives ClusterRole gone, which was not read.",
        "RoleBinding shop/gone-here gives Role gone, which was not read.",
        "RoleBinding bank/gone-there gives Role gone, which was not read.",
    )
    assert (access.question, access.notes) == ("what may ada do?", ())


def test_a_subject_named_twice_counts_once() -> None:
    who = Identity.of("system:serviceaccount:shop:cart")
    assert lines(access_of_subject(AUTHORIZER, who, "")) == [
        ("cart", "shop", "write", "writer", 0, "writer", 0),
        ("cart", "shop", "read-here", "reader", 0, "reader", 0),
    ]


def test_members_of_masters_need_no_role() -> None:
    access = access_of_subject(AUTHORIZER, Identity.of("root", ("system:masters",)), "")
    assert access.paths == ()
    assert access.notes == ("A member of system:masters may do everything, whatever the roles say.",)


def test_who_can_names_every_subject_and_the_bindings_that_count_there() -> None:
    request = Request(verb="list", resource="secrets", namespace="shop")
    access = access_to(AUTHORIZER, request, "who can list secrets in shop?", HELD)
    assert lines(access) == [
        ("ada", "", "read", "union", 0, "reader", 0),
        ("crew", "shop", "read-here", "reader", 0, "reader", 0),
        ("cart", "shop", "read-here", "reader", 0, "reader", 0),
    ]
    assert access.unknown == (
        "ClusterRoleBinding gone gives ClusterRole gone, which was not read.",
        "RoleBinding shop/gone-here gives Role gone, which was not read.",
    )


def test_kinds_that_were_not_read_completely_are_named() -> None:
    half = Coverage(complete=frozenset({"Role", "ClusterRole", "RoleBinding"}))
    request = Request(verb="list", resource="secrets")
    assert access_to(AUTHORIZER, request, "", half).unknown[-1] == (
        "Not every ClusterRoleBinding of the cluster is known to have been read: there may be more access."
    )
    assert access_of_subject(AUTHORIZER, Identity.of("bob"), "", Coverage()).unknown == (
        "Not every Role, ClusterRole, RoleBinding and ClusterRoleBinding of the cluster is known to have been "
        "read: there may be more access.",
    )


def test_who_can_somewhere_asks_about_every_namespace() -> None:
    request = Request(verb="get", group="apps", resource="deployments")
    assert lines(access_to(AUTHORIZER, request, "")) == []
    assert lines(access_to(AUTHORIZER, request, "", anywhere=True)) == [
        ("ada", "shop", "write", "writer", 0, "writer", 0),
        ("cart", "shop", "write", "writer", 0, "writer", 0),
    ]

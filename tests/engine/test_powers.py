"""Who holds what power, and through what."""

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.engine.powers import EVERYTHING, Holder, Powers, access_of_estate
from casemate.model.estate import Coverage
from casemate.model.rbac import GROUP, RBAC, SERVICE_ACCOUNT, USER, PolicyRule, Subject
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from tests.access import ADA, CART, CREW, HEALTH, READ, binding, role

ALL = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
PODS = PolicyRule(verbs=("create",), api_groups=("",), resources=("pods",))
LOOK = PolicyRule(verbs=("get", "list"), api_groups=("",), resources=("nodes",))
APPROVE = PolicyRule(verbs=("approve",), api_groups=("certificates.k8s.io",), resources=("signers",))
APPROVAL = PolicyRule(
    verbs=("update",), api_groups=("certificates.k8s.io",), resources=("certificatesigningrequests/approval",)
)
NAMED = PolicyRule(verbs=("impersonate",), api_groups=("",), resources=("users",), resource_names=("bob",))
ROLES = (
    role("ClusterRole", "all", ALL),
    role("ClusterRole", "reader", HEALTH, LOOK, READ),
    role("ClusterRole", "maker", PODS),
    role("ClusterRole", "look", LOOK),
    role("ClusterRole", "sign", APPROVE),
    role("ClusterRole", "mark", APPROVAL),
    role("ClusterRole", "named", NAMED),
    role(
        "ClusterRole",
        "one",
        PolicyRule(verbs=("get",), api_groups=("",), resources=("secrets",), resource_names=("tls",)),
    ),
)
NEWEST = KubernetesVersion(1, 37)
HELD = Coverage(complete=frozenset({"*"}))


def powers(*bindings: tuple[str, list[Subject], str, str | None], most: int = 200) -> Powers:
    made = [
        binding(name, subjects, "ClusterRole", to, namespace) for name, subjects, to, namespace in bindings
    ]
    return access_of_estate(Authorizer(ROLES, made), NEWEST, HELD, most)


def told(holder: Holder) -> list[tuple[str, tuple[str, ...], list[tuple[str | None, str | None, int]]]]:
    return [
        (power.id, power.namespaces, [(p.binding.ref.name, p.role.ref.name, p.index) for p in power.chain])
        for power in holder.powers
    ]


def test_a_power_comes_with_binding_role_and_rule() -> None:
    (holder,) = powers(("read", [ADA], "reader", None)).holders
    assert holder.subject == ADA
    assert told(holder) == [
        ("list-secrets", ("",), [("read", "reader", 2)]),
        ("get-secrets", ("",), [("read", "reader", 2)]),
    ]
    assert (holder.powers[0].severity, holder.powers[0].is_wide) == (Severity.HIGH, True)


def test_whoever_can_do_everything_has_no_other_power() -> None:
    found = powers(
        ("all", [ADA], "all", None), ("read", [ADA], "reader", "shop"), ("here", [CREW], "all", "shop")
    )
    assert [told(holder) for holder in found.holders] == [
        [(EVERYTHING, ("",), [("all", "all", 0)])],
        [(EVERYTHING, ("shop",), [("here", "all", 0)])],
    ]
    assert [holder.powers[0].severity for holder in found.holders] == [Severity.CRITICAL, Severity.HIGH]
    assert not found.holders[1].powers[0].is_wide


def test_the_same_in_many_namespaces_is_said_once_with_the_lines_of_the_first() -> None:
    (holder,) = powers(*((f"make-{n}", [ADA], "maker", f"n{n}") for n in range(5))).holders
    ((name, namespaces, chain),) = told(holder)
    assert (name, namespaces) == ("create-pods", ("n0", "n1", "n2", "n3", "n4"))
    assert [line[0] for line in chain] == ["make-0", "make-1", "make-2"]


def test_what_holds_everywhere_is_not_said_of_a_namespace_too() -> None:
    (holder,) = powers(
        ("wide", [ADA], "reader", None), ("here", [ADA], "reader", "shop"), ("pods", [ADA], "maker", "shop")
    ).holders
    assert [(power.id, power.namespaces) for power in holder.powers] == [
        ("list-secrets", ("",)),
        ("get-secrets", ("",)),
        ("create-pods", ("shop",)),
    ]


def test_rights_that_count_only_together_may_come_by_several_bindings() -> None:
    (holder,) = powers(("sign", [ADA], "sign", None), ("mark", [ADA], "mark", None)).holders
    chain = {power.id: power.chain for power in holder.powers}["approve-certificates"]
    assert [path.binding.ref.name for path in chain] == ["sign", "mark"]


def test_a_power_over_single_names_says_so() -> None:
    (holder,) = powers(("named", [ADA], "named", None)).holders
    assert [(power.id, power.named, len(power.chain)) for power in holder.powers] == [
        ("impersonate", True, 1)
    ]


def test_a_right_that_is_no_fault_is_no_power() -> None:
    found = powers(("one", [ADA], "one", "shop"))
    assert (found.holders, found.without) == ((), 1)


def test_those_who_are_alike_are_one_entry() -> None:
    found = powers(
        ("a", [CART, CREW], "maker", "shop"),
        ("b", [ADA], "maker", "bank"),
        ("c", [Subject(kind=USER, name="other")], "reader", "bank"),
    )
    assert [
        (h.subject.name, [(s.name, place, b.ref.name) for s, place, b in h.alike]) for h in found.holders
    ] == [
        ("other", []),
        ("crew", [("cart", "shop", "a"), ("ada", "bank", "b")]),
    ]
    assert (found.powerful, found.more) == (4, 0)


def test_the_most_powerful_are_listed_and_the_others_counted() -> None:
    found = powers(
        ("all", [CREW], "all", None),
        ("read", [ADA], "reader", None),
        ("make", [CART], "maker", "shop"),
        ("look", [Subject(kind=USER, name="bob"), Subject(kind=SERVICE_ACCOUNT, name="lost")], "look", None),
        most=1,
    )
    assert [holder.subject for holder in found.holders] == [CREW]
    assert (found.powerful, found.more, found.without) == (3, 2, 1)


def test_bindings_of_kubernetes_itself_are_left_out_and_what_was_not_read_is_said() -> None:
    masters = Subject(kind=GROUP, name="system:masters", api_group=RBAC)
    found = powers(("cluster-admin", [masters], "cluster-admin", None), ("lost", [ADA], "lost", None))
    assert (found.holders, found.left_out) == ((), 1)
    assert found.unknown == ("ClusterRoleBinding lost gives ClusterRole lost, which was not read.",)

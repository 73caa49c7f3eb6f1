"""Proposals for narrower roles, and what is proven about them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.covers import atoms, covers_atom
from casemate.analysis.rbac.holders import BindingsByHolder, Holder
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.tighten import Proposal, _replay, tighten
from casemate.analysis.rbac.usage import Observer, Use, Way, request_of
from casemate.model.audit import Activity, Call, Caller, Outcome, Seen
from casemate.model.rbac import Binding, PolicyRule, Role, Subject
from tests.analysis.rbac.estates import account, binding, role, rule
from tests.analysis.rbac.logs import activity, call, merged

BOT = "system:serviceaccount:n:bot"
BOT_HOLDER = Holder("User", BOT)
ADMIN = role("admin", rule("*", "*", group="*"), PolicyRule(verbs=("*",), non_resource_urls=("*",)))
JANE = Subject(kind="User", name="jane")
DEVS = Subject(kind="Group", name="devs")


def proposals(
    seen: Activity, roles: tuple[Role, ...], bindings: tuple[Binding, ...], *holders: Holder, **options: bool
) -> tuple[Proposal, ...]:
    authorizer = Authorizer(roles, bindings)
    observer = Observer(seen, authorizer, BindingsByHolder(authorizer, lambda _: True), lambda _: False)
    return tighten(observer, roles, holders, **options)


def names(found: Proposal) -> list[tuple[str, str | None, str | None]]:
    return [(e.ref.kind, e.ref.namespace, e.ref.name) for e in (*found.roles, *found.bindings)]


def test_a_wide_binding_is_replaced_by_what_was_used() -> None:
    seen = activity((BOT, "get pods a"), (BOT, call("list nodes", namespace="")), (BOT, "get /metrics"))
    (found,) = proposals(seen, (ADMIN,), (binding("admin", account("bot"), JANE),), BOT_HOLDER)
    assert names(found) == [
        ("ClusterRole", None, "n-bot-tightened"),
        ("Role", "n", "n-bot-tightened"),
        ("ClusterRoleBinding", None, "n-bot-tightened"),
        ("RoleBinding", "n", "n-bot-tightened"),
    ]
    assert found.roles[0].rules == (
        rule("list", "nodes"),
        PolicyRule(verbs=("get",), non_resource_urls=("/metrics",)),
    )
    assert found.roles[1].rules == (rule("get", "pods", names=("a",)),)
    assert found.bindings[1].subjects == (account("bot"),)
    assert found.bindings[1].role_ref.kind == "Role"
    (old,) = found.replaced
    assert old.rest is not None
    assert old.rest.subjects == (JANE,)
    assert (found.state, found.covered, found.unproven, found.replayed, found.refused) == ("", 3, (), 3, ())


def test_namespaces_with_the_same_rules_share_a_role() -> None:
    seen = activity(
        (BOT, call("get pods", namespace="a")),
        (BOT, call("get pods", namespace="b")),
        (BOT, call("list pods", namespace="c")),
    )
    (found,) = proposals(seen, (ADMIN,), (binding("admin", account("bot")),), BOT_HOLDER)
    assert names(found) == [
        ("ClusterRole", None, "n-bot-tightened-in-namespaces"),
        ("Role", "c", "n-bot-tightened"),
        ("RoleBinding", "a", "n-bot-tightened-in-namespaces"),
        ("RoleBinding", "b", "n-bot-tightened-in-namespaces"),
        ("RoleBinding", "c", "n-bot-tightened"),
    ]
    assert found.bindings[0].role_ref.kind == "ClusterRole"
    assert found.refused == ()


def test_names_that_are_taken_are_left_alone() -> None:
    seen = activity((BOT, "get pods"))
    there = (ADMIN, role("n-bot-tightened", namespace="n"))
    bound = (binding("admin", account("bot")), binding("x", namespace="n", name="n-bot-tightened-2"))
    (found,) = proposals(seen, there, bound, BOT_HOLDER)
    assert found.roles[0].ref.name == "n-bot-tightened-3"
    odd = Holder("User", "OIDC:Jane Doe@example.com")
    (found,) = proposals(activity((odd.name, "get pods")), (ADMIN,), (binding("admin", odd.subject),), odd)
    assert found.roles[0].ref.name == "user-oidc-jane-doe-example.com-tightened"


def test_there_may_be_nothing_to_propose() -> None:
    reader = role("reader", rule("get", "pods"))
    bound = (binding("reader", JANE, namespace="n"),)
    jane = Holder("User", "jane")
    (tight,) = proposals(activity(("jane", "get pods")), (reader,), bound, jane)
    assert tight.state == "it holds nothing that it does not use"
    (unseen,) = proposals(activity(("tom", "get pods")), (reader,), bound, jane)
    assert unseen.state == "nothing is known of what it needs"
    (nothing,) = proposals(activity(("tom", "get pods"), reason=""), (reader,), bound, Holder("User", "tom"))
    assert nothing.state == "no binding of its own gives it anything"
    (idle,) = proposals(activity(("jane", "get pods"), groups=("system:masters",)), (reader,), bound, jane)
    assert (idle.state, idle.roles, len(idle.replaced)) == ("", (), 1)


def test_what_a_role_gave_that_was_not_read_is_not_proven() -> None:
    reason = 'RBAC: allowed by RoleBinding "x/n" of Role "y" to ServiceAccount "bot/n"'
    seen = merged(
        activity((BOT, "get pods a"), reason=reason),
        activity(
            (BOT, "list pods"),
            (BOT, "list nodes"),
            reason='RBAC: allowed by RoleBinding "z/n" of Role "y" to Group "g"',
        ),
    )
    (found,) = proposals(seen, (), (binding("y", account("bot"), namespace="n", kind="Role"),), BOT_HOLDER)
    assert [atom for _, atom in found.unproven] == [rule("get", "pods", names=("a",))]
    assert (found.covered, found.replayed, found.refused, found.replaced) == (0, 1, (), ())
    assert len(found.usage.holding.missing) == 1


def test_a_group_and_its_members_can_be_tightened_together() -> None:
    seen = activity(("jane", "get pods"), ("jane", "list pods"), ("tom", "list pods"), groups=("devs",))
    reader = role("reader", rule("get", "pods"))
    bound = (
        binding("admin", DEVS, name="a"),
        binding("reader", JANE, name="b"),
        binding("reader", DEVS, JANE, name="c"),
    )
    for holders in (("Group",), ("User",), ("User", "Group")):
        known = {"Group": Holder("Group", "devs"), "User": Holder("User", "jane")}
        for one in proposals(seen, (ADMIN, reader), bound, *(known[kind] for kind in holders)):
            assert one.refused == ()


def test_requests_that_were_refused_once_are_told_where_they_would_be_allowed() -> None:
    seen = merged(
        activity((BOT, "get pods a-t4wvk")),
        activity((BOT, "get pods b"), (BOT, "list pods"), outcome=Outcome.DENIED),
    )
    (found,) = proposals(seen, (ADMIN,), (binding("admin", account("bot")),), BOT_HOLDER)
    assert [request.name for request in found.opened] == ["b"]


def test_a_lost_right_would_be_noticed() -> None:
    """The replay is not made of what made the proposal: an estate that lacks the new roles fails it."""
    seen = activity((BOT, "get pods"))
    authorizer = Authorizer((ADMIN,), (binding("admin", account("bot")),))
    observer = Observer(seen, authorizer, BindingsByHolder(authorizer, lambda _: True), lambda _: False)
    (found,) = tighten(observer, (), [BOT_HOLDER])
    proven: tuple[Use, ...] = found.refused
    assert not proven
    _replay(found, Authorizer((), ()))
    assert [use.request.resource for use in found.refused] == ["pods"]


CALLS = st.builds(
    Call,
    st.sampled_from(["get", "list", "create"]),
    st.just(""),
    st.sampled_from(["pods", "secrets"]),
    st.sampled_from(["", "log"]),
    st.sampled_from(["", "n", "m"]),
    st.sampled_from(["", "a", "b-t4wvk"]),
)
RULES = st.builds(
    PolicyRule,
    verbs=st.sampled_from([("get",), ("get", "list"), ("*",)]),
    api_groups=st.just(("",)),
    resources=st.sampled_from([("pods",), ("pods", "pods/log"), ("*",)]),
    resource_names=st.sampled_from([(), ("a",)]),
)
SUBJECTS = st.lists(
    st.sampled_from([JANE, DEVS, account("bot"), Subject(kind="Group", name="system:authenticated")]),
    max_size=3,
)
BINDINGS = st.lists(
    st.tuples(st.sampled_from(["r0", "r1", "absent"]), SUBJECTS, st.sampled_from([None, "n", "m"])),
    max_size=5,
)
CALLERS = st.sampled_from([Caller("jane", ("devs",)), Caller("jane"), Caller("tom", ("devs",)), Caller(BOT)])


@settings(deadline=None)
@given(
    st.lists(st.lists(RULES, max_size=3), min_size=2, max_size=2),
    BINDINGS,
    st.lists(st.tuples(CALLERS, CALLS), max_size=12),
    st.booleans(),
)
def test_everybody_keeps_what_was_used_and_gains_nothing(
    rules: list[list[PolicyRule]],
    bound: list[tuple[str, list[Subject], str | None]],
    seen: list[tuple[Caller, Call]],
    complete: bool,
) -> None:
    roles = tuple(role(f"r{number}", *given_) for number, given_ in enumerate(rules))
    bindings = tuple(
        binding(name, *subjects, namespace=namespace, name=f"b{number}")
        for number, (name, subjects, namespace) in enumerate(bound)
    )
    old = Authorizer(roles, bindings)
    allowed = Activity()
    for caller, one in seen:
        if old.decide(Identity.of(caller.user, caller.groups), request_of(one)) is not None:
            allowed.add(caller, one, Outcome.ALLOWED, Seen(1))
    holders = list(BindingsByHolder(old, lambda _: True).holders())
    found = proposals(allowed, roles, bindings, *holders, complete_reads=complete)
    gone = {id(one.binding): one for proposal in found for one in proposal.replaced}
    assert all(one.binding in bindings for one in gone.values())
    for proposal in found:
        assert proposal.refused == ()
        assert proposal.unproven == ()
        assert not proposal.usage.by(Way.UNREAD)
        for new in proposal.bindings:
            given_ = next(
                r
                for r in proposal.roles
                if r.ref.name == new.role_name
                and r.ref.namespace in {None, new.ref.namespace}
                and r.ref.kind == new.role_kind
            )
            place = new.ref.namespace or ""
            held = [one.rule for one in proposal.usage.holding.rules if one.namespace in {"", place}]
            for atom in (atom for one in given_.rules for atom in atoms(one)):
                assert any(covers_atom(one, atom) for one in held)


def test_requests_keep_all_of_a_call() -> None:
    assert request_of(Call("a", "b", "c", "d", "e", "f", "g")) == Request("a", "b", "c", "d", "f", "g", "e")

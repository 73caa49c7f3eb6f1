"""What subjects used of what their bindings grant."""

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.holders import BindingsByHolder, Holder
from casemate.analysis.rbac.usage import Observer, Usage, Way
from casemate.model.audit import Activity, Call, Outcome
from casemate.model.rbac import Binding, PolicyRule, Role, Subject
from tests.analysis.rbac.estates import account, binding, role, rule
from tests.analysis.rbac.logs import FIRST, LAST, activity, call, merged

BOT = "system:serviceaccount:n:bot"
GROUPS = ("system:serviceaccounts", "system:serviceaccounts:n", "system:authenticated")
READER = role("reader", rule("get list", "pods", "secrets"))


def observer(seen: Activity, roles: tuple[Role, ...], *bindings: Binding, default: str = "") -> Observer:
    authorizer = Authorizer(roles, bindings)
    return Observer(
        seen,
        authorizer,
        BindingsByHolder(authorizer, lambda one: one.ref.name != default),
        lambda one: one.ref.name == default,
    )


def usage(
    seen: Activity, holder: Holder, roles: tuple[Role, ...], *bindings: Binding, default: str = ""
) -> Usage:
    return observer(seen, roles, *bindings, default=default).usage_of(holder)


def group(name: str) -> Subject:
    return Subject(kind="Group", name=name)


def ways(found: Usage) -> dict[str, tuple[Way, str]]:
    return {
        f"{u.request.verb} {u.request.resource or u.request.path}": (u.way, u.through) for u in found.uses
    }


def test_holders_are_users_and_groups() -> None:
    bot = Holder.of(account("bot"))
    assert bot == Holder("User", BOT)
    assert (bot.title, bot.key) == ("ServiceAccount n/bot", f"user {BOT}")
    assert bot.subject == account("bot")
    devs = Holder.of(group("devs"))
    assert (devs.title, devs.account, devs.subject.kind) == ("Group devs", None, "Group")
    assert Holder.of(Subject(kind="User", name="jane")).title == "User jane"
    assert Holder.of(Subject(kind="User")) == Holder("User", "")


def test_holdings_are_by_what_a_caller_is_known_by() -> None:
    bindings = (
        binding(
            "reader",
            account("bot"),
            Subject(kind="User", name=BOT),
            Subject(kind="Robot", name="r"),
            name="a",
        ),
        binding("reader", group("devs"), namespace="m", name="b"),
        binding("absent", account("bot"), name="c"),
        binding("reader", account("bot"), namespace="m", name="d"),
        binding("reader", account("bot"), name="default"),
    )
    watched = observer(Activity(), (READER,), *bindings, default="default")
    assert set(watched.holdings.holders()) == {Holder("User", BOT), Holder("Group", "devs")}
    held = watched.holdings.of(Holder("User", BOT))
    assert [b.ref.name for b in held.bindings] == ["a", "d"]
    assert [b.ref.name for b in held.missing] == ["c"]
    assert [(one.binding.ref.name, one.namespace, one.index) for one in held.rules] == [
        ("a", "", 0),
        ("d", "m", 0),
    ]
    assert [one.namespace for one in watched.holdings.of(Holder("Group", "devs")).rules] == ["m"]
    assert watched.holdings.of(Holder("User", "nobody")).bindings == ()


def test_a_request_is_told_by_how_it_was_allowed() -> None:
    seen = merged(
        activity((BOT, "get pods a"), groups=GROUPS),
        activity((BOT, "get /api"), groups=GROUPS),
        activity((BOT, "list nodes"), groups=(*GROUPS, "ops")),
        activity(
            (BOT, "get leases"),
            groups=GROUPS,
            reason='RBAC: allowed by RoleBinding "x/n" of Role "y" to ServiceAccount "bot/n"',
        ),
        activity(
            (BOT, "get events"),
            groups=GROUPS,
            reason='RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to Group "ops"',
        ),
        activity((BOT, "get jobs"), groups=GROUPS, reason=""),
        activity((BOT, "get services"), groups=GROUPS, reason="the webhook says so"),
        activity((BOT, "get endpoints"), groups=GROUPS),
        activity((BOT, "delete pods"), groups=(*GROUPS, "system:masters")),
    )
    roles = (
        READER,
        role("urls", PolicyRule(verbs=("get",), non_resource_urls=("/api",))),
        role("nodes", rule("list", "nodes")),
    )
    bindings = (
        binding("reader", account("bot"), name="own"),
        binding("urls", group("system:authenticated"), name="default"),
        binding("nodes", group("ops"), name="ops", namespace="n"),
    )
    found = usage(seen, Holder("User", BOT), roles, *bindings, default="default")
    assert ways(found) == {
        "get pods": (Way.OWN, ""),
        "get /api": (Way.DEFAULT, "ClusterRoleBinding default"),
        "list nodes": (Way.OTHER, "RoleBinding n/ops"),
        "get leases": (Way.UNREAD, 'RoleBinding "x/n" of Role "y" to ServiceAccount "bot/n"'),
        "get events": (Way.OTHER_UNREAD, 'ClusterRoleBinding "x" of ClusterRole "y" to Group "ops"'),
        "get jobs": (Way.OUTSIDE, "an authorizer that gives no reason, as ABAC and AlwaysAllow"),
        "get services": (Way.OUTSIDE, "an authorizer that says: the webhook says so"),
        "get endpoints": (Way.UNREAD, "the log does not say by what"),
        "delete pods": (Way.MASTERS, ""),
    }
    assert (found.window.count, found.window.first, found.window.last) == (9, FIRST, LAST)
    assert found.members == (BOT,)
    node = usage(
        activity(("system:node:w", "get pods"), groups=("system:nodes",), reason=""),
        Holder("User", "system:node:w"),
        (),
    )
    assert ways(node) == {"get pods": (Way.OUTSIDE, "the Node authorizer")}


def test_a_group_needs_what_nothing_closer_allows() -> None:
    devs, everybody = (
        binding("reader", group("devs"), name="devs"),
        binding("reader", group("system:authenticated"), name="all"),
    )
    own = binding("reader", Subject(kind="User", name="tom"), name="tom")
    seen = merged(
        activity(
            ("jane", "get pods"),
            ("jane", "get jobs"),
            ("tom", "get secrets"),
            groups=("devs", "system:authenticated"),
        ),
        activity(("eve", "list pods"), groups=("system:authenticated",)),
        activity((BOT, "list secrets"), groups=GROUPS),
        activity(
            ("jane", "get nodes"),
            groups=("devs",),
            reason='RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to Group "devs"',
        ),
        activity(("jane", "get pods"), groups=("devs",), outcome=Outcome.DENIED),
    )
    all_ = (devs, everybody, own)
    found = usage(seen, Holder("Group", "devs"), (READER,), *all_)
    assert {key: way for key, (way, _) in ways(found).items()} == {
        "get pods": Way.OWN,
        "get nodes": Way.UNREAD,
    }
    assert found.denied == ()
    assert ways(usage(seen, Holder("Group", "system:authenticated"), (READER,), *all_)).keys() == {
        "list pods",
        "list secrets",
    }
    accounts = binding("reader", group("system:serviceaccounts"), name="accounts")
    inside = binding("reader", group("system:serviceaccounts:n"), name="inside")
    for holder, bindings, expected in (
        ("system:authenticated", (accounts, everybody), {"get pods", "get secrets", "list pods"}),
        ("system:serviceaccounts", (accounts, inside), set()),
        ("system:serviceaccounts:n", (accounts, inside), {"list secrets"}),
    ):
        assert set(ways(usage(seen, Holder("Group", holder), (READER,), *bindings))) == expected


def test_what_was_refused_or_undecided_is_kept_apart() -> None:
    seen = merged(
        activity(("jane", "get pods"), outcome=Outcome.DENIED),
        activity(("jane", "get pods"), groups=("devs",), outcome=Outcome.DENIED),
        activity(("jane", "get secrets"), outcome=Outcome.UNDECIDED),
    )
    found = usage(seen, Holder("User", "jane"), ())
    assert [(request.resource, times.count) for request, times in found.denied] == [("pods", 2)]
    assert [request.resource for request, _ in found.undecided] == ["secrets"]
    assert found.window.count == 3
    assert observer(seen, ()).users() == ("jane",)


def test_what_of_the_rules_was_not_used() -> None:
    rules = (
        rule("get list", "pods", "secrets"),
        rule("delete", "jobs", group="batch"),
        rule("*", "*", group="*"),
        rule("get", "configmaps", names=("a", "b")),
        rule("get", "nodes"),
        PolicyRule(verbs=("get",), non_resource_urls=("/metrics*",)),
    )
    seen = activity(
        ("jane", "get pods a"), ("jane", "get pods b"), ("jane", "get configmaps a"), ("jane", "get nodes"), ("jane", "get /metrics"),
    )  # fmt: skip
    found = usage(
        seen, Holder("User", "jane"), (role("r", *rules),), binding("r", Subject(kind="User", name="jane"))
    )
    told = {one.held.index: one for one in found.unused}
    assert set(told) == {0, 1, 2, 3, 5}
    assert told[0].rules == (rule("list", "pods"), rule("get list", "secrets"))
    assert not told[0].whole
    assert told[1].whole
    assert told[1].rules == (rules[1],)
    assert (told[2].rules, told[2].wild, told[2].requests) == ((), (rules[2],), 3)
    assert told[3].rules == (rule("get", "configmaps", names=("b",)),)
    assert told[5].wild == (rules[5],)


def test_only_requests_in_the_namespace_count_for_its_bindings() -> None:
    seen = activity(
        ("jane", "get pods"), ("jane", call("get secrets", namespace="m")), ("jane", Call("get", path="/x"))
    )
    roles = (READER, role("urls", PolicyRule(verbs=("*",), non_resource_urls=("*",))))
    jane = Subject(kind="User", name="jane")
    found = usage(
        seen,
        Holder("User", "jane"),
        roles,
        binding("reader", jane, namespace="m", name="a"),
        binding("urls", jane, namespace="m", name="b"),
    )
    assert {key for key, (way, _) in ways(found).items() if way is Way.OWN} == {"get secrets"}

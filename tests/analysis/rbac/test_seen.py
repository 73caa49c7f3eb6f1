"""Whether the logs show that a binding was used."""

from casemate.analysis.rbac.seen import shown
from casemate.model.audit import Activity
from casemate.model.rbac import Binding, Subject
from tests.analysis.rbac.estates import account, binding
from tests.analysis.rbac.logs import activity, call, merged

BOT = "system:serviceaccount:n:bot"
WINDOW = "the audit log from 2026-11-02 to 2026-11-12"


def said(seen: Activity, one: Binding, who: Subject | None = None) -> tuple[str, ...]:
    return shown(seen, one, who or account("bot"))


def test_without_logs_nothing_is_said() -> None:
    assert said(Activity(), binding("cluster-admin")) == ()
    assert said(activity(("jane", "get pods")), binding("cluster-admin"), Subject(kind="User")) == ()


def test_uses_of_the_binding_are_counted() -> None:
    reason = (
        'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "cluster-admin" to ServiceAccount "bot/n"'
    )
    seen = merged(
        activity((BOT, "get pods a"), (BOT, "get pods b"), reason=reason),
        activity((BOT, "get pods a"), reason=reason),
        activity((BOT, "get secrets"), reason='RBAC: allowed by ClusterRoleBinding "bb" of ...'),
    )
    (text,) = said(seen, binding("cluster-admin"))
    assert text.startswith(
        f"{WINDOW} shows 3 uses, last on 2026-11-12: a role for 2 distinct requests would do"
    )
    (text,) = said(activity((BOT, "get pods")), binding("cluster-admin"))
    assert "1 distinct request would do" in text
    assert said(seen, binding("x", name="c")) == (f"{WINDOW} shows it, and no use of this binding",)
    assert said(seen, binding("x"), account("other")) == (f"{WINDOW} does not show it at all",)


def test_a_binding_of_a_namespace_counts_there_only() -> None:
    seen = merged(
        activity(("jane", "get pods"), ("jane", call("get pods", namespace="default")), groups=("devs",)),
        activity(
            ("jane", call("get jobs", namespace="default")),
            reason='RBAC: allowed by RoleBinding "b/default" of x',
            groups=("devs",),
        ),
    )
    devs = Subject(kind="Group", name="devs")
    assert "shows 1 use," in said(seen, binding("x", namespace="n"), devs)[0]
    assert "2 uses" in said(seen, binding("x", namespace=""), devs)[0]
    timeless = activity(("jane", "get pods"), groups=("devs",), first="", last="")
    assert said(timeless, binding("x"), devs)[0].startswith("the audit log shows 1 use: a role for")

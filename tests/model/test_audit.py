"""What was seen in audit logs, merged and asked."""

from casemate.model.audit import Activity, AuditLog, Call, Caller, Outcome, Seen
from casemate.model.estate import Estate, Ref
from casemate.model.place import Document, Origin

JANE, LATER = Caller("jane", ("devs",)), Caller("jane", ("devs", "ops"))
GET = Call("get", resource="pods", subresource="log", namespace="n", name="a")


def log(activity: Activity) -> AuditLog:
    return AuditLog(
        ref=Ref("audit.k8s.io/v1", "EventList", None, None),
        origin=Origin(Document("a.log")),
        activity=activity,
    )


def test_a_request_is_counted_with_its_first_and_last_time_and_its_reasons() -> None:
    seen = Seen()
    for time, reason in (("2", "a"), ("1", None), ("3", "a"), ("", "b"), ("2", "c"), ("2", "d")):
        seen.add(time, reason)
    assert seen == Seen(6, "1", "3", ("a", None, "b", "c"))


def test_logs_are_merged_and_keep_their_own() -> None:
    one, two = Activity(), Activity()
    one.add(JANE, GET, Outcome.ALLOWED, Seen(2, "2", "3", ("x",)))
    two.add(JANE, GET, Outcome.ALLOWED, Seen(1, "1", "1", (None,)))
    two.add(LATER, Call("get", path="/api"), Outcome.DENIED, Seen(1, "9", "9", ("",)))
    both = Activity.of(Estate(entities=(log(one), log(two))))
    assert both.callers()[JANE] == {GET: Seen(3, "1", "3", ("x", None))}
    assert one.callers()[JANE] == {GET: Seen(2, "2", "3", ("x",))}
    assert (both.requests, both.first, both.last, both.was_read) == (4, "1", "9", True)
    assert not Activity().was_read


def test_users_and_groups_are_asked_for() -> None:
    activity = Activity()
    activity.add(JANE, GET, Outcome.ALLOWED, Seen(1, "2", "2", ()))
    activity.add(LATER, GET, Outcome.ALLOWED, Seen(1, "4", "4", ("x",)))
    activity.add(LATER, GET, Outcome.DENIED, Seen(1, "5", "5", ()))
    activity.add(Caller("tom"), GET, Outcome.UNDECIDED, Seen(1))
    assert activity.of_user("jane") == {GET: Seen(2, "2", "4", ("x",))}
    assert activity.of_group("ops", Outcome.DENIED) == {GET: Seen(1, "5", "5", ())}
    assert activity.users() == ("jane", "tom")
    assert (activity.last_seen("jane"), activity.last_seen("eve")) == ("5", None)
    assert (activity.group_last_seen("ops"), activity.group_last_seen("none")) == ("5", None)
    assert GET.full_resource == "pods/log"
    assert Call("get", resource="pods").full_resource == "pods"

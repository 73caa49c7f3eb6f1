"""Proposals for a whole estate: the release's own roles are known, and its own subjects are left alone."""

from casemate.analysis.rbac.holders import Holder
from casemate.analysis.rbac.usage import Way
from casemate.engine.tightening import Tightening, tightened
from casemate.model.audit import Activity
from casemate.model.estate import Entity
from casemate.model.rbac import Subject
from casemate.model.version import NEWEST
from tests.analysis.rbac.estates import account, binding, estate, role, rule
from tests.analysis.rbac.logs import activity, call, log, merged

BOT = "system:serviceaccount:n:bot"
DEVS = Subject(kind="Group", name="devs")


def answer(seen: Activity, *objects: Entity, wanted: tuple[Holder, ...] = ()) -> Tightening:
    found = log(seen)
    return tightened(estate(*objects, found), found, NEWEST, wanted)


def titles(found: Tightening) -> list[str]:
    return [one.proposal.usage.holder.title for one in found.subjects]


def test_roles_of_the_release_need_not_be_in_the_target() -> None:
    seen = activity(("jane", "get pods/log a"), ("jane", "get /api"), groups=("devs", "system:authenticated"))
    found = answer(seen, binding("view", DEVS, namespace="n"))
    (one,) = found.subjects
    assert one.proposal.roles[0].rules == (rule("get", "pods/log", names=("a",)),)
    assert (one.proposal.refused, one.proposal.unproven) == ((), ())
    (jane,) = found.others
    assert {use.way for use in jane.uses} == {Way.OTHER, Way.DEFAULT}
    assert (len(found.roles), len(found.bindings)) == (1, 1)


def test_subjects_of_the_release_are_left_alone() -> None:
    seen = merged(
        activity(("system:kube-scheduler", "list pods")),
        activity(("system:kube-scheduler", call("get jobs", namespace="odd"))),
        activity((BOT, "get pods")),
    )
    found = answer(seen, binding("r", Subject(kind="Group", name="system:masters"), name="x"))
    assert titles(found) == ["ServiceAccount n/bot"]
    assert [usage.holder.name for usage in found.others] == ["system:kube-scheduler"]


def test_a_subject_can_be_asked_for() -> None:
    seen = activity((BOT, "get pods"), ("jane", "get pods"))
    objects = (
        role("r", rule("*", "*", group="*")),
        binding("r", account("bot"), DEVS, Subject(kind="User", name="jane")),
    )
    assert titles(answer(seen, *objects)) == ["Group devs", "User jane", "ServiceAccount n/bot"]
    found = answer(seen, *objects, wanted=(Holder("User", "jane"),) * 2)
    assert titles(found) == ["User jane"]
    assert found.others == ()


def test_a_changed_role_of_the_release_counts_as_it_is_in_the_target() -> None:
    seen = activity(("jane", "get pods"), groups=("devs",))
    found = answer(seen, role("view", rule("get", "nodes")), binding("view", DEVS, namespace="n"))
    devs, jane = (one.proposal for one in found.subjects)
    assert (devs.state, devs.roles, len(devs.replaced)) == ("", (), 1)
    assert jane.usage.by(Way.UNREAD)

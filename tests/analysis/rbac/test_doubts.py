"""What a log cannot prove."""

from datetime import timedelta

import msgspec
import pytest

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.doubts import Doubts, Trust, span
from casemate.analysis.rbac.holders import BindingsByHolder, Holder
from casemate.analysis.rbac.tighten import tighten
from casemate.analysis.rbac.usage import Observer
from casemate.model.audit import Activity, Outcome
from casemate.model.cluster_configs import AuditPolicy, AuditRule
from casemate.model.estate import Entity, Ref, Template, pack
from casemate.model.place import Document, Origin
from casemate.model.pods import PodSpec
from casemate.model.rbac import PolicyRule
from casemate.model.schedules import CronJob, CronJobSpec
from tests.analysis.rbac.estates import binding, estate, role, rule
from tests.analysis.rbac.logs import activity, log, merged

ORIGIN = Origin(Document("p.yaml"))
LOGS_ALL = AuditPolicy(
    ref=Ref("audit.k8s.io/v1", "Policy", None, None), origin=ORIGIN, rules=(AuditRule(level="Metadata"),)
)
BOT = "system:serviceaccount:n:bot"
MONTH = "2026-12-20T06:00:00.000000Z"


def trust(
    seen: Activity,
    *others: Entity,
    holder: str = BOT,
    kind: str = "User",
    rules: tuple[PolicyRule, ...] = (),
    broken: int = 0,
) -> Trust:
    who = Holder(kind, holder)
    roles = (role("r", *(rules or (rule("*", "*", group="*"),))),)
    authorizer = Authorizer(roles, (binding("r", who.subject), binding("gone", who.subject, name="c")))
    observer = Observer(
        seen,
        authorizer,
        BindingsByHolder(authorizer, lambda b: b.ref.name == "b" or not others),
        lambda _: False,
    )
    (found,) = tighten(observer, roles, [who])
    return Doubts(estate(log(seen, broken=broken), *others)).about(found)


def cron_job(schedule: str | None, account: str | None = "bot", *, suspend: bool = False) -> CronJob:
    spec = PodSpec(service_account_name=account)
    return CronJob(
        ref=Ref("batch/v1", "CronJob", "n", "report"),
        origin=ORIGIN,
        templates=(Template(path=(), metadata_path=(), packed=pack(spec)),),
        spec=CronJobSpec(schedule=schedule, suspend=suspend),
    )


def policy(*rules: AuditRule) -> AuditPolicy:
    return msgspec.structs.replace(LOGS_ALL, rules=rules)


def test_a_long_window_with_nothing_against_it_is_trusted() -> None:
    assert trust(activity((BOT, "get pods"), last=MONTH), LOGS_ALL) == Trust("high", ())


def test_a_short_window_is_said() -> None:
    middle = trust(activity((BOT, "get pods")), LOGS_ALL)
    assert (middle.confidence, len(middle.doubts)) == ("medium", 1)
    assert "10 days" in middle.doubts[0]
    short = trust(activity((BOT, "get pods"), last="2026-11-03T06:00:00.000000Z"), LOGS_ALL)
    assert (short.confidence, "weekly or monthly" in short.doubts[0]) == ("low", True)
    timeless = trust(activity((BOT, "get pods"), first="", last=""), LOGS_ALL)
    assert "a moment" in timeless.doubts[0]


@pytest.mark.parametrize(
    ("job", "named"),
    [
        (cron_job("0 3 1 1 *"), True),
        (cron_job("0 3 * * *"), False),
        (cron_job("0 3 1 1 *", "other"), False),
        (cron_job("0 3 1 1 *", None), False),
        (cron_job("0 3 1 1 *", suspend=True), False),
        (cron_job(None), False),
    ],
)
def test_jobs_that_run_too_seldom_are_named(job: CronJob, named: bool) -> None:
    found = trust(activity((BOT, "get pods"), last=MONTH), LOGS_ALL, job)
    assert (found.confidence == "low") is named
    assert any("CronJob n/report" in text for text in found.doubts) is named
    group = trust(
        activity((BOT, "get pods"), groups=("g",), last=MONTH), LOGS_ALL, job, holder="g", kind="Group"
    )
    assert any("CronJob n/report" in text for text in group.doubts) is named


def test_lost_lines_and_undecided_requests_lower_the_trust() -> None:
    seen = merged(
        activity((BOT, "get pods"), last=MONTH), activity((BOT, "get jobs"), outcome=Outcome.UNDECIDED)
    )
    found = trust(seen, LOGS_ALL, broken=3)
    assert found.confidence == "low"
    assert [text.split(" the log")[0] for text in found.doubts] == ["3 lines of", "of 1 distinct requests"]


def test_what_the_audit_policy_leaves_out_is_said() -> None:
    seen = activity((BOT, "get pods"), last=MONTH)
    left = trust(seen, policy(AuditRule(level="None", verbs=("watch",)), AuditRule(level="Metadata")))
    assert left == Trust("low", ("the audit policy p.yaml logs nothing of watch",))
    other = trust(seen, policy(AuditRule(level="None", verbs=("get",)), AuditRule(level="Metadata")))
    assert other == Trust(
        "high", ("the audit policy p.yaml was not in force: the log holds what it leaves out",)
    )
    assert "the audit policy was not read" in trust(seen).doubts[0]
    unseen = trust(activity(("x", "get pods"), last=MONTH), LOGS_ALL)
    assert unseen == Trust("high", ())


def test_a_group_has_members_that_were_not_seen() -> None:
    members = [(f"u{number}", "get pods") for number in range(6)]
    found = trust(activity(*members, groups=("g",), last=MONTH), LOGS_ALL, holder="g", kind="Group")
    assert found.confidence == "medium"
    assert "u0, u1, u2, u3 and 2 more were seen" in found.doubts[0]
    one = trust(activity(members[0], groups=("g",), last=MONTH), LOGS_ALL, holder="g", kind="Group")
    assert "u0 was seen" in one.doubts[0]
    nobody = trust(activity(members[0], last=MONTH), LOGS_ALL, holder="g", kind="Group")
    assert "nobody was seen" in nobody.doubts[0]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ("create rolebindings.rbac.authorization.k8s.io", "it writes roles or bindings"),
        ("get rolebindings.rbac.authorization.k8s.io", None),
        (
            "update certificatesigningrequests.certificates.k8s.io/approval a",
            "it also needs approve on the signers",
        ),
        (
            "update certificatesigningrequests.certificates.k8s.io/status a",
            "it also needs sign on the signers",
        ),
    ],
)
def test_what_is_checked_beside_the_request_is_said(request_: str, said: str | None) -> None:
    found = trust(activity((BOT, request_), last=MONTH), LOGS_ALL)
    assert [said in text for text in found.doubts] == ([True] if said else [])  # type: ignore[operator] # said is a text there


def test_rights_that_no_log_shows_are_said() -> None:
    rules = (rule("bind use", "clusterroles", group="rbac.authorization.k8s.io"), rule("get", "pods"))
    (text,) = trust(activity((BOT, "get pods"), last=MONTH), LOGS_ALL, rules=rules).doubts
    assert text.startswith("it holds bind, use:")


def test_roles_that_were_not_read_are_said() -> None:
    texts = trust(activity((BOT, "get pods"), last=MONTH)).doubts
    assert "ClusterRoleBinding c is left as it is: ClusterRole gone was not read" in texts


def test_times_have_words() -> None:
    assert [span(timedelta(seconds=s)) for s in (0, 1, 120, 7_200, 86_400)] == [
        "a moment",
        "1 second",
        "2 minutes",
        "2 hours",
        "1 day",
    ]

"""Audit logs as files: lines, lists, compressed, broken, long, and from several servers."""

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.audit import AuditLog, Call, Caller, Outcome, Seen
from casemate.model.errors import UsageError
from casemate.readers import audit_log
from casemate.readers.audit_log import read_audit_logs, unread

JANE = Caller("jane", ("devs",))
GET = Call("get", "", "pods", "", "n", "a")
TIME = "2026-11-02T06:00:00.000000Z"


def event(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "auditID": "1",
        "stage": "ResponseComplete",
        "requestURI": "/api/v1/namespaces/n/pods/a",
        "verb": "get",
        "user": {"username": "jane", "groups": ["devs"]},
        "objectRef": {"resource": "pods", "namespace": "n", "name": "a", "apiVersion": "v1"},
        "responseStatus": {"metadata": {}, "code": 200},
        "requestReceivedTimestamp": TIME,
        "annotations": {"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "why"},
        **fields,
    }


def lines(*items: Any) -> bytes:
    return b"".join(
        (item if isinstance(item, bytes) else json.dumps(item).encode()) + b"\n" for item in items
    )


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def call(data: bytes, **options: Any) -> AuditLog:
        (tmp_path / "a.log").write_bytes(data)
        return read_audit_logs([str(tmp_path / "a.log")], **options)

    return call


def test_equal_requests_are_one_with_a_count(read: Any) -> None:
    log = read(lines(event(), event(requestReceivedTimestamp="2026-11-03T06:00:00.000000Z")))
    assert log.activity.callers() == {JANE: {GET: Seen(2, TIME, "2026-11-03T06:00:00.000000Z", ("why",))}}
    assert (log.events, log.broken_lines, log.passed_over) == (2, 0, {})
    assert log.ref.kind == "EventList"


def test_each_request_counts_once(read: Any) -> None:
    watch = {"verb": "watch", "auditID": "w"}
    log = read(
        lines(
            event(stage="RequestReceived"),
            event(),
            event(**watch, stage="RequestReceived"),
            event(**watch, stage="ResponseStarted"),
            event(**watch, stage="ResponseComplete"),
            event(**watch, stage="ResponseComplete"),
            event(auditID="", stage="ResponseStarted"),
            event(stage="Panic", responseStatus={"code": 500}),
        )
    )
    assert log.activity.of_user("jane")[GET].count == 3
    assert log.activity.of_user("jane")[Call("watch", "", "pods", "", "n", "a")].count == 2
    assert sorted(log.passed_over.values()) == [1, 2]


def test_long_requests_are_remembered_up_to_a_bound(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "_OPEN", 1)
    started = [event(auditID=name, stage="ResponseStarted") for name in "ab"]
    log = read(lines(*started, event(auditID="a"), event(auditID="b")))
    assert log.activity.requests == 3


def test_who_acts_as_somebody_needs_that_right_and_the_somebody_the_other(read: Any) -> None:
    acted = {"username": "bob", "groups": ["system:authenticated"]}
    log = read(
        lines(
            event(impersonatedUser=acted),
            event(
                impersonatedUser=acted,
                authenticationMetadata={"impersonationConstraint": "impersonate:user-info"},
            ),
        )
    )
    callers = log.activity.callers()
    assert set(callers[Caller("bob", ("system:authenticated",))]) == {GET}
    assert set(callers[JANE]) == {
        Call("impersonate", resource="users", name="bob"),
        Call("impersonate:user-info", "authentication.k8s.io", "users", name="bob"),
        Call("impersonate-on:user-info:get", "", "pods", "", "n", "a"),
    }


def test_what_was_refused_is_kept_apart(read: Any) -> None:
    forbidden = {"code": 403, "message": 'users "bob" is forbidden: User "jane" cannot impersonate resource'}
    log = read(
        lines(
            event(annotations={"authorization.k8s.io/decision": "forbid"}, responseStatus={"code": 403}),
            event(annotations=None, responseStatus=forbidden),
            event(annotations=None, responseStatus={"code": 401}),
            event(annotations=None, responseStatus={"code": 503}),
        )
    )
    activity = log.activity
    assert not activity.callers()
    assert set(activity.of_user("jane", Outcome.DENIED)) == {
        GET,
        Call("impersonate", resource="users", name="bob"),
    }
    assert set(activity.of_user("jane", Outcome.UNDECIDED)) == {GET}
    assert list(log.passed_over.values()) == [1]


def test_an_apply_that_creates_needs_both_verbs(read: Any) -> None:
    log = read(lines(event(verb="patch", responseStatus={"code": 201})))
    assert {call.verb for call in log.activity.of_user("jane")} == {"patch", "create"}


@pytest.mark.parametrize(
    "text",
    [
        lines(
            {
                "kind": "EventList",
                "apiVersion": "audit.k8s.io/v1",
                "items": [event(), event(kind="", apiVersion="")],
            }
        ),
        lines([event(), event()]),
        json.dumps({"kind": "EventList", "items": [event(), event()]}, indent=2).encode(),
        json.dumps([event(), event()], indent=2).encode(),
        b"\n\n".join(json.dumps(event(), indent=2).encode() for _ in range(2)),
        b"\n" + lines(event(), b"  ", event()),
        gzip.compress(lines(event(), event())),
        lines(event(), event()).rstrip(),
    ],
)
def test_every_form_says_the_same(text: bytes, read: Any) -> None:
    log = read(text)
    assert log.activity.of_user("jane")[GET].count == 2
    assert log.broken_lines == 0


def test_events_of_older_servers(read: Any) -> None:
    old = event(apiVersion="audit.k8s.io/v1beta1", timestamp="2017-09-11T19:55:05Z")
    del old["requestReceivedTimestamp"], old["annotations"]
    oldest = event(
        apiVersion="audit.k8s.io/v1alpha1",
        requestReceivedTimestamp="",
        objectRef={"resource": "jobs", "apiVersion": "batch/v1"},
        requestURI="/apis/batch/v1/jobs",
    )
    log = read(lines(old, oldest))
    assert log.activity.of_user("jane") == {
        GET: Seen(1, "2017-09-11T19:55:05.000000Z", "2017-09-11T19:55:05.000000Z", (None,)),
        Call("get", "batch", "jobs"): Seen(1, "", "", ("why",)),
    }


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-11-02T08:00:00+02:00", TIME),
        ("2026-11-02T06:00:00", TIME),
        ("yesterday", ""),
        ("0001-01-01T00:00:00+02:00", ""),
    ],
)
def test_times_are_in_utc(time: str, expected: str, read: Any) -> None:
    assert read(lines(event(requestReceivedTimestamp=time))).activity.first == expected


def test_broken_lines_are_named_and_the_others_count(read: Any) -> None:
    log = read(
        lines(
            event(),
            b'{"kind": "Event", ',
            b'2018-03-21T00:00:00Z AUDIT: id="1" ip="::1"',
            {"kind": "Event", "apiVersion": "v1", "stage": "x"},
            {"apiVersion": "apps/v1"},
            event(stage="Odd" * 20),
            {"message": "an envelope"},
            event(verb=""),
            event(user={"username": 7}),
            b"\xff\xfe",
            b"[1]",
            event(),
        )
    )
    assert log.activity.of_user("jane")[GET].count == 2
    assert [item.line for item in log.broken] == list(range(2, 12))
    said = [item.error for item in log.broken]
    assert "--audit-log-format=json" in said[1]
    assert said[2:7] == [
        "no audit event but Event of v1",
        "no audit event but something of apps/v1",
        f"unknown stage {('Odd' * 20)[:40]}…",
        "no audit event: it has no stage",
        "the event has no verb",
    ]


def test_many_broken_lines_are_counted(read: Any) -> None:
    log = read(b"x\n" * 25)
    assert (log.broken_lines, len(log.broken)) == (25, audit_log.SHOWN)
    assert [item.error for item in unread(log)][-1].startswith("5 more lines")
    assert len(list(unread(read(b"x\n")))) == 1


def test_a_line_is_bounded(read: Any) -> None:
    long = lines(event(userAgent="x" * 5_000))
    log = read(long + lines(event()) + long.rstrip(), longest=2_000)
    assert log.activity.of_user("jane")[GET].count == 1
    assert [(item.line, item.error) for item in log.broken] == [
        (1, "longer than 2,000 bytes"),
        (3, "longer than 2,000 bytes"),
    ]


def test_documents_of_several_lines_may_be_broken(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    good = json.dumps(event(), indent=2).encode()
    log = read(good + b"\n" + json.dumps({"stage": 1}, indent=1).encode() + b"\n" + good + b"\n{\n")
    assert log.activity.of_user("jane")[GET].count == 2
    assert log.broken[0].line == good.count(b"\n") + 2
    assert log.broken_lines == 2
    deep = read(b"[\n" * 100_000)
    assert deep.broken_lines == 1
    monkeypatch.setattr(audit_log, "LARGEST", 10)
    assert "in one document" in read(good).broken[0].error


def test_a_file_that_ends_too_early_or_is_none(tmp_path: Path, read: Any) -> None:
    whole = gzip.compress(lines(*(event(auditID=str(number)) for number in range(2_000))))
    assert "could not be read" in read(whole[: len(whole) // 2]).broken[0].error
    assert "could not be read" in read(whole[:100] + b"\0" * 50 + whole[150:]).broken[0].error
    assert "is a directory" in read_audit_logs([str(tmp_path)]).broken[0].error
    with pytest.raises(UsageError, match="no such audit log"):
        read_audit_logs([str(tmp_path / "absent")])
    assert read_audit_logs([]).activity.requests == 0


def test_several_files_and_standard_input_are_one_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(lines(event()))
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(gzip.compress(lines(event())))))
    )
    names = [str(tmp_path / name) for name in "aba"]
    log = read_audit_logs([*names, "-"])
    assert log.activity.of_user("jane")[GET].count == 3
    assert log.files == (*names[:2], "-")


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([json.dumps(event()).encode(), b"{", b"[{", b"{}", b"null"]),
        ),
        max_size=6,
    )
)
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    file = tmp_path_factory.mktemp("log") / "a"
    file.write_bytes(b"\n".join(chunks))
    log = read_audit_logs([str(file)])
    assert log.activity.requests + sum(log.passed_over.values()) == log.events

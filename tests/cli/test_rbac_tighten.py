"""`casemate rbac tighten` and `casemate scan --audit-log`, as a user calls them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LOG = ROOT / "examples" / "audit" / "shop-audit.jsonl"
SHOP = ROOT / "examples" / "shop"
TIME = "2026-11-02T06:00:00.000000Z"


def event(user: str = "jane", verb: str = "get", **fields: Any) -> str:
    found = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "stage": "ResponseComplete",
        "requestURI": "/api/v1/namespaces/n/pods/a",
        "verb": verb,
        "user": {"username": user, "groups": ["devs", "system:authenticated"]},
        "objectRef": {"resource": "pods", "namespace": "n", "name": "a", "apiVersion": "v1"},
        "responseStatus": {"code": 200},
        "requestReceivedTimestamp": TIME,
        **fields,
    }
    return json.dumps(found)


ROLES = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "roles.yaml").write_text(ROLES)
    (tmp_path / "audit.log").write_text(event() + "\n")
    return tmp_path


def test_the_shop_is_tightened_and_everything_stays_allowed(run: Any) -> None:
    ran = run("rbac", "tighten", SHOP, "--audit-log", LOG, "--format", "json")
    assert ran.status == 0
    subjects = {one["subject"]: one for one in ran.answer["subjects"]}
    assert all(not one["proof"]["refused"] and not one["proof"]["uncovered"] for one in subjects.values())
    deployer = subjects["ServiceAccount/platform/ci-deployer"]
    assert {role["kind"] for role in deployer["roles"]} == {"Role"}
    assert [one["binding"] for one in deployer["replaces"]] == ["ClusterRoleBinding/ci-deployer"]
    assert subjects["ServiceAccount/payments/reporting"]["nothing_proposed"] is not None
    assert subjects["Group/shop-developers"]["members"] == [
        "maria@fernhill.example",
        "tomas@fernhill.example",
    ]
    (denied,) = subjects["ServiceAccount/shop/search"]["denied"]
    assert denied["request"]["resource"] == "secrets"
    others = {one["subject"]: one for one in ran.answer["others"]}
    assert others["User/system:anonymous"]["denied"][0]["request"]["resource"] == "secrets"


def test_what_is_written_as_yaml_is_what_was_proven(run: Any, tmp_path: Path) -> None:
    objects = [
        tree
        for tree in yaml.safe_load_all(
            run("rbac", "tighten", SHOP, "--audit-log", LOG, "--format", "yaml").out
        )
        if tree
    ]
    kinds = [tree["kind"] for tree in objects]
    assert kinds.count("Role") + kinds.count("ClusterRole") == 13
    (tmp_path / "new.yaml").write_text(yaml.safe_dump_all(objects))
    again = run(
        "rbac", "tighten", tmp_path, "--audit-log", LOG, "--format", "json", "--subject", "platform/toolbox"
    ).answer
    (toolbox,) = again["subjects"]
    assert toolbox["nothing_proposed"] == "it holds nothing that it does not use"


def test_the_text_says_what_a_reader_must_know(run: Any) -> None:
    text = run("rbac", "tighten", SHOP, "--audit-log", LOG).out
    for said in (
        "390 events in 1 log",
        "new ⊆ old:",
        "all allowed",
        "ServiceAccount payments/reporting holds Role/reporting through RoleBinding/payments/reporting",
        "denied, and not granted",
        "get secrets search-index in shop, 1 time",
        "remove it from ClusterRoleBinding/config-readers",
        "was not in force",
        "and 51 more rules",
        "ClusterRole/cluster-admin rule 0 through ClusterRoleBinding/toolbox: everything, for 3 sorts of requests",
    ):
        assert said in text
    one = run("rbac", "tighten", SHOP, "--audit-log", LOG, "--subject", "payments/reporting").out
    assert "nothing is proposed: nothing is known of what it needs" in one
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_logs_can_be_many_compressed_or_standard_input(run: Any, place: Path) -> None:
    (place / "audit.log.1.gz").write_bytes(gzip.compress(event(verb="list").encode()))
    pattern = ["audit.log", "audit.log.1.gz"]
    ran = run(
        "rbac",
        "tighten",
        "--audit-log",
        *pattern,
        "--format",
        "json",
        "--subject",
        "jane",
        cwd=place,
        stdin=b"",
    )
    assert ran.status == 0
    assert ran.answer["log"]["files"] == pattern
    assert len(ran.answer["subjects"][0]["used"]) == 2
    ran = run("rbac", "tighten", "--audit-log", "-", "--format", "json", cwd=place, stdin=event().encode())
    assert ran.answer["log"]["requests"] == 1


def test_reads_are_completed_and_names_are_left_out_on_request(run: Any, place: Path) -> None:
    words = ["rbac", "tighten", place, "--audit-log", place / "audit.log", "--format", "json"]

    def rules(*more: str) -> Any:
        return run(*words, *more).answer["subjects"][0]["roles"][0]["rules"]

    assert rules() == [{"apiGroups": [""], "resources": ["pods"], "resourceNames": ["a"], "verbs": ["get"]}]
    assert rules("--names", "0") == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    completed = run(*words, "--names", "0", "--complete-reads").answer["subjects"][0]
    assert completed["roles"][0]["rules"][0]["verbs"] == ["get", "list", "watch"]
    assert completed["added"] == [
        {"namespace": "n", "rule": {"apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"]}}
    ]
    assert (
        "added by --complete-reads: list, watch on pods in n"
        in run(*words[:-2], "--names", "0", "--complete-reads").out
    )


def test_broken_lines_are_named_and_end_with_status_3(run: Any, place: Path) -> None:
    (place / "audit.log").write_text(event() + "\nbroken\n")
    words = ["rbac", "tighten", place, "--audit-log", place / "audit.log"]
    ran = run(*words, "--format", "json")
    assert ran.status == 3
    assert ran.answer["log"]["broken_lines"] == 1
    assert "audit.log:2:" in ran.err
    ran = run(*words, "--allow-unreadable", "--quiet")
    assert (ran.status, ran.err) == (0, "")
    assert "1 line could not be read" in ran.out


def test_what_was_not_read_is_said(run: Any, tmp_path: Path) -> None:
    allowed = {"authorization.k8s.io/decision": "allow"}
    reason = 'RBAC: allowed by RoleBinding "x/n" of Role "y" to '
    lines = [
        event(verb=verb, annotations={**allowed, "authorization.k8s.io/reason": f'{reason}User "jane"'})
        for verb in ("get", "update", "patch", "delete")
    ]
    lines += [
        event(verb="list", annotations={**allowed, "authorization.k8s.io/reason": f'{reason}Group "devs"'})
    ]
    lines += [event(verb="watch", annotations={**allowed, "authorization.k8s.io/reason": ""})]
    (tmp_path / "audit.log").write_text("\n".join(lines))
    ran = run("rbac", "tighten", tmp_path, "--audit-log", tmp_path / "audit.log")
    for said in (
        "0 atoms covered by what is held now, 4 not proven",
        "since the role that gave it was not read",
        "and 1 more",
        'by bindings of others, which were not read: RoleBinding "x/n" of Role "y" to Group "devs"',
        "outside RBAC: an authorizer that gives no reason",
        "the audit policy was not read",
        "(confidence low)",
    ):
        assert said in ran.out
    everything = run(
        "rbac", "tighten", tmp_path, "--audit-log", tmp_path / "audit.log", "--format", "json"
    ).answer["subjects"][0]
    assert len(everything["proof"]["uncovered"]) == 4
    assert {use["way"] for use in everything["used"]} == {"unread", "other-unread", "outside-rbac"}


def test_wrong_words_are_told(run: Any, place: Path) -> None:
    for words, said in (
        (["--audit-log", "absent.log"], "absent.log: no such audit log"),
        ([], "--audit-log"),
        (["roles.yaml", "other.yaml", "--audit-log", "audit.log"], "one TARGET"),
        (["-", "--audit-log", "-"], "only one of"),
        (["absent", "--audit-log", "audit.log"], "absent"),
        (["--audit-log", "audit.log", "--subject", "User/jan"], "did you mean User/jane?"),
        (["--audit-log", "audit.log", "--subject", "Group/zzz"], "no binding names it"),
    ):
        ran = run("rbac", "tighten", *words, cwd=place)
        assert ran.status == 2
        assert said in ran.err


def test_a_scan_says_whether_cluster_admin_is_used(run: Any, tmp_path: Path) -> None:
    def why(*words: object) -> list[str]:
        ran = run("scan", SHOP, "--format", "json", *words)
        (found,) = [f["why"] for f in ran.answer["findings"] if f["control"] == "rbac-cluster-admin"]
        return list(found)

    assert why() == []
    assert "5 uses, last on 2026-11-11: a role for 5 distinct requests would do" in why("--audit-log", LOG)[0]
    (tmp_path / "a.log").write_text(event())
    assert why("--audit-log", tmp_path / "a.log") == [
        "the audit log from 2026-11-02 to 2026-11-02 does not show it at all"
    ]
    (tmp_path / "a.log").write_text("x\n" * 30)
    ran = run("scan", SHOP, "--format", "json", "--audit-log", tmp_path / "a.log")
    assert ran.status == 3
    assert len(ran.answer["unreadable"]) == 21
    assert run("scan", SHOP, "--audit-log", tmp_path / "absent").status == 2

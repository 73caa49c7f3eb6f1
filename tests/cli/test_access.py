"""`casemate can`, `who-can` and `rights`, as users call them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casemate.cli.commands import casemate
from casemate.model.errors import UsageError

SHOP = "examples/shop"
ROLES = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader, labels: {feeds: "yes"}}
rules:
  - {apiGroups: [""], resources: [pods, secrets], verbs: [get, list]}
  - {nonResourceURLs: [/metrics], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all-readers}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {feeds: "yes"}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: devs, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all-readers}
subjects: [{kind: Group, name: devs}, {kind: ServiceAccount, name: cart}, {kind: User, name: mia}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: homeless}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gone}
subjects: [{kind: User, name: mia}]
"""


@pytest.fixture
def roles(tmp_path: Path) -> str:
    file = tmp_path / "roles.yaml"
    file.write_text(ROLES)
    return str(file)


def _run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(casemate, words, input=stdin, standalone_mode=False)


def test_can_says_through_what(roles: str) -> None:
    answer = _run("can", roles, "--as", "mia", "get", "secret", "-n", "shop")
    assert answer.return_value == 0
    assert answer.stdout == (
        "yes: mia may get secrets in shop\n"
        "  RoleBinding/shop/devs gives ClusterRole/all-readers\n"
        "    which takes in ClusterRole/reader by its labels\n"
        f"    {roles}:5:5  get, list on pods, secrets\n"
    )
    assert "1 object names no namespace, taken to be in default" in answer.stderr


def test_can_says_no_and_what_is_missing(roles: str) -> None:
    answer = _run("can", roles, "--as", "mia", "get", "pods")
    assert answer.return_value == 1
    assert answer.stdout == "no: mia may not get pods in the whole cluster\n"
    answer = _run("can", roles, "--as", "User/mia", "delete", "pods", "web", "-n", "default", "--quiet")
    assert answer.stdout == (
        "no: mia may not delete pods web in default\n"
        "  RoleBinding/default/homeless gives Role/gone, which was not read: with it the answer may be yes\n"
    )
    assert answer.stderr == ""


def test_can_in_json(roles: str) -> None:
    answer = json.loads(
        _run("can", roles, "--as", "sa/shop/cart", "get", "po", "-n", "shop", "--format", "json").stdout
    )
    assert answer["schema"] == "casemate.can/1"
    assert answer["user"] == "system:serviceaccount:shop:cart"
    assert answer["request"] == {
        "verb": "get", "apiGroup": "", "resource": "pods", "subresource": "", "name": "", "path": "", "namespace": "shop",
    }  # fmt: skip
    assert answer["because"] == [
        {"binding": "RoleBinding/shop/devs", "role": "ClusterRole/all-readers", "rule": 0}
    ]
    master = json.loads(
        _run(
            "can", roles, "--as", "x", "--as-group", "system:masters", "get", "po", "--format", "json"
        ).stdout
    )
    assert master["because"] == [{"binding": "Group/system:masters", "role": None, "rule": None}]
    assert (
        "as a member of system:masters"
        in _run("can", roles, "--as", "x", "--as-group", "system:masters", "get", "po").stdout
    )


def test_the_namespace_of_a_request(roles: str) -> None:
    nodes = _run("can", roles, "--as", "mia", "get", "nodes", "-n", "shop")
    assert "nodes belong to no namespace, so -n shop is passed over" in nodes.stderr
    own = _run("can", roles, "--as", "mia", "get", "ns", "shop", "--format", "json")
    assert json.loads(own.stdout)["request"]["namespace"] == "shop"


def test_home(roles: str) -> None:
    answer = _run("can", roles, "--as", "mia", "get", "pods", "-n", "payments", "--home", "payments")
    assert "RoleBinding/payments/homeless" in answer.stdout or "Role/gone" in answer.stdout
    assert "taken to be in payments" in answer.stderr


def test_defaults_of_kubernetes(roles: str) -> None:
    assert _run("can", roles, "--as", "mia", "get", "/version").return_value == 1
    answer = _run("can", roles, "--as", "mia", "get", "/version", "--with-defaults", "--kubernetes", "1.30")
    assert answer.return_value == 0
    assert "Kubernetes 1.30  get on" in answer.stdout


def test_requests_are_answered_line_by_line(roles: str, tmp_path: Path) -> None:
    good = {
        "user": "mia",
        "groups": [],
        "verb": "get",
        "apiGroup": "",
        "resource": "pods",
        "subresource": "",
        "name": "",
        "namespace": "shop",
        "path": "",
    }
    lines = [
        json.dumps(good), "nonsense", "", json.dumps({"user": "mia"}), json.dumps({**good, "groups": None, "extra": 1}),
        json.dumps({**good, "verb": 1}), json.dumps({**good, "user": "x", "groups": ["system:masters"]}),
        json.dumps({"user": "mia", "verb": "get", "namespace": "default", "resource": "pods"}),
        json.dumps({"user": "mia", "verb": "get", "path": "/metrics"}), json.dumps(good),
    ]  # fmt: skip
    file = tmp_path / "requests.jsonl"
    file.write_text("\n".join(lines) + "\n")
    reason = {"binding": "RoleBinding/shop/devs", "role": "ClusterRole/all-readers", "rule": 0}
    yes = {"allowed": True, "because": [reason]}
    for answer in (
        _run("can", roles, "--requests", str(file)),
        _run("can", roles, "--requests", "-", stdin=file.read_text()),
    ):
        assert answer.return_value == 0, answer.exception
        found = [json.loads(line) for line in answer.stdout.splitlines()]
        assert [item for item in found if "error" not in item] == [
            yes, yes, {"allowed": True, "because": [{"binding": "Group/system:masters", "role": None, "rule": None}]},
            {"allowed": False, "because": [], "missing": ["Role/gone"]}, {"allowed": False, "because": []}, yes,
        ]  # fmt: skip
        assert [number for number, item in enumerate(found) if "error" in item] == [1, 2, 3, 5]


def test_requests_to_a_target_that_is_not_all_read(tmp_path: Path, roles: str) -> None:
    (tmp_path / "broken.yaml").write_text("a: [")
    (tmp_path / "requests.jsonl").write_text(
        '{"user":"mia","verb":"get","resource":"pods","namespace":"shop"}\n'
    )
    ask = ("can", str(tmp_path), "--requests", str(tmp_path / "requests.jsonl"))
    answer = _run(*ask)
    assert answer.return_value == 3
    assert "not read, so the answer may be incomplete" in answer.stderr
    assert json.loads(answer.stdout.splitlines()[0])["allowed"] is True
    assert _run(*ask, "--allow-unreadable").return_value == 0


def test_covers(tmp_path: Path, corpora: Path) -> None:
    answer = _run("can", "--covers", str(corpora / "rbac" / "cases" / "covers.jsonl"))
    cases = [
        json.loads(line) for line in (corpora / "rbac" / "cases" / "covers.jsonl").read_text().splitlines()
    ]
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [item["covers"] for item in found] == [case["covers"] for case in cases]
    file = tmp_path / "pairs.jsonl"
    file.write_text(
        '{"owner": null, "servant": [{"verbs": ["get"], "nonResourceURLs": ["/a"]}]}\n{"owner": 1, "servant": []}\n'
    )
    left, wrong = [json.loads(line) for line in _run("can", "--covers", str(file)).stdout.splitlines()]
    assert left == {"covers": False, "uncovered": [{"verbs": ["get"], "nonResourceURLs": ["/a"]}]}
    assert "error" in wrong


def test_abac(tmp_path: Path) -> None:
    policy = tmp_path / "policy.jsonl"
    policy.write_text(
        '# who may read\n{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"mia","namespace":"shop","resource":"pods","apiGroup":"*","readonly":true}}\n'
    )
    requests = tmp_path / "requests.jsonl"
    requests.write_text(
        '{"user":"mia","verb":"get","resource":"pods","namespace":"shop"}\n{"user":"mia","verb":"delete","resource":"pods","namespace":"shop"}\nx\n'
    )
    found = [
        json.loads(line)
        for line in _run("can", "--abac", str(policy), "--requests", str(requests)).stdout.splitlines()
    ]
    assert [item.get("allowed") for item in found] == [True, False, None]
    assert found[0]["because"] == [{"line": 2}]
    yes = _run("can", "--abac", str(policy), "--as", "mia", "get", "pods", "-n", "shop")
    assert (yes.return_value, yes.stdout) == (0, f"yes: {policy}:2 allows it\n")
    no = _run("can", "--abac", str(policy), "--as", "mia", "create", "pods", "-n", "shop")
    assert (no.return_value, no.stdout) == (1, f"no: no line of {policy} allows it\n")


def test_may_write(roles: str, tmp_path: Path) -> None:
    new = tmp_path / "new" / "new.yaml"
    new.parent.mkdir()
    new.write_text("""\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: mine, namespace: shop}
rules: [{apiGroups: [""], resources: [pods], verbs: [get, delete]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: devs, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: Group, name: devs}]
""")
    no = _run("can", SHOP, "--as", "mia", "--as-group", "shop-developers", "--write", str(new))
    assert no.return_value == 0, no.stdout
    assert "yes: mia creates Role/shop/mine\n  create is allowed by RoleBinding/shop/developers" in no.stdout
    refused = _run("can", roles, "--as", "mia", "--write", str(new), "--format", "json")
    assert refused.return_value == 1
    answer = json.loads(refused.stdout)
    assert [row["verb"] for row in answer["objects"]] == ["create", "update"]
    assert answer["objects"][0]["escalation"]["missing"][0]["verbs"] == ["delete"]
    text = _run("can", roles, "--as", "mia", "--write", str(new)).stdout
    assert "create on roles is not allowed" in text
    assert "missing: delete on pods" in text
    root = _run("can", roles, "--as", "root", "--as-group", "system:masters", "--write", str(new))
    assert root.return_value == 0
    assert "members of system:masters are not checked" in root.stdout


def test_who_can(roles: str) -> None:
    answer = _run("who-can", roles, "get", "secrets", "-n", "shop", "--quiet")
    assert answer.return_value == 0
    assert "\nin shop\n  Group/devs\n" in answer.stdout
    assert "ServiceAccount/shop/cart" in answer.stdout
    assert (
        "RoleBinding/shop/devs gives ClusterRole/all-readers, which takes in ClusterRole/reader"
        in answer.stdout
    )
    anywhere = json.loads(_run("who-can", roles, "get", "secrets", "--format", "json").stdout)
    assert anywhere["schema"] == "casemate.who-can/1"
    assert [(row["subject"]["kind"], row["namespace"]) for row in anywhere["subjects"]] == [
        ("Group", "shop"),
        ("ServiceAccount", "shop"),
        ("User", "shop"),
    ]
    nobody = _run("who-can", roles, "delete", "secrets")
    assert "nothing that was read allows it" in nobody.stdout


def test_rights(roles: str) -> None:
    answer = _run("rights", roles, "devs", "--quiet")
    assert answer.stdout.startswith(
        "What may Group/devs do?\n\nin shop\n  ClusterRole/all-readers by RoleBinding/shop/devs"
    )
    assert "get, list on pods, secrets" in answer.stdout
    found = json.loads(_run("rights", roles, "shop/cart", "--format", "json").stdout)
    assert found["subject"] == {"kind": "ServiceAccount", "name": "cart", "namespace": "shop"}
    assert found["rights"][0]["because"] == [
        {"binding": "RoleBinding/shop/devs", "role": "ClusterRole/all-readers", "rule": 0}
    ]
    with_group = json.loads(
        _run("rights", roles, "User/zoe", "--as-group", "devs", "--format", "json").stdout
    )
    assert len(with_group["rights"]) == 1


def test_rights_of_nobody_suggests_somebody(roles: str) -> None:
    answer = _run("rights", roles, "mai")
    assert "nothing, by what was read" in answer.stdout
    assert "no binding names User/mai; did you mean User/mia?" in answer.stderr
    assert "no binding names Group/zzzzzzz\n" in _run("rights", roles, "group/zzzzzzz").stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("can", SHOP, "get", "pods"), "Say who asks"),
        (("can", SHOP, "--as", "a", "get"), "Ask with VERB RESOURCE"),
        (("can", SHOP, "--as", "a", "get", "/metrics", "-n", "shop"), "A path has no name and no namespace"),
        (("can", SHOP, "--requests", "a", "--covers", "b"), "Give one of"),
        (("can", SHOP, "--requests", "a", "--format", "text"), "JSON Lines"),
        (("can", SHOP, "get", "--requests", "a"), "takes a TARGET and no question"),
        (("can", "get", "--covers", "a"), "take neither"),
        (("can", SHOP, "x", "--as", "a", "--write", "b"), "--write takes a TARGET"),
        (("rights",), "Ask with SUBJECT"),
        (("who-can", SHOP, "get"), "Ask with VERB RESOURCE"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], message: str) -> None:
    answer = _run(*words)
    assert message in str(getattr(answer.exception, "message", "")), answer.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("can", "gone/", "--as", "a", "get", "pods"), "gone/"),
        (("rights", SHOP, "sa/x"), "a service account is named ServiceAccount/NAMESPACE/NAME"),
        (
            ("can", SHOP, "--as", "a", "--write", "examples/shop/data/redis.yaml"),
            "--write needs a file with roles or bindings",
        ),
        (("can", SHOP, "--requests", "gone.jsonl"), "gone.jsonl cannot be read"),
    ],
)
def test_what_cannot_be_answered(words: tuple[str, ...], message: str) -> None:
    answer = _run(*words)
    assert isinstance(answer.exception, UsageError)
    assert message in str(answer.exception)

"""ABAC policy files, line by line, as the API server reads them."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from casemate.model.abac import Policy
from casemate.model.errors import ReadError, UsageError
from casemate.readers.abac_policy import LONGEST, parse, read_policies

ABAC = "abac.authorization.kubernetes.io"
ALL = {"api_group": "*", "namespace": "*", "resource": "*", "non_resource_path": "*"}
EVERYBODY = {"group": "system:authenticated", **ALL}
BOB = {"user": "bob", **ALL}


def fields(policy: Policy) -> dict[str, Any]:
    """What decides, without what is empty."""
    names = ("user", "group", "readonly", "api_group", "namespace", "resource", "non_resource_path")
    return {name: value for name in names if (value := getattr(policy, name))}


def v1(spec: str, version: str = f"{ABAC}/v1beta1", kind: str = "Policy") -> str:
    return f'{{"apiVersion": "{version}", "kind": "{kind}", "spec": {spec}}}'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{}", EVERYBODY),
        ('{"user":"bob"}', BOB),
        ('{"user":"*","group":"ops"}', EVERYBODY),
        ('{"group":"*"}', EVERYBODY),
        ('{"user":"bob","group":"ops"}', {"user": "bob", "group": "ops", **ALL}),
        ('{"user":"bob","namespace":"a"}', {"user": "bob", "api_group": "*", "namespace": "a", "resource": "*"}),
        ('{"user":"bob","resource":"a","readonly":true}', {"user": "bob", "readonly": True, "api_group": "*", "namespace": "*", "resource": "a"}),
        ('{"user":"bob","apiGroup":"apps","nonResourcePath":"/x","namespace":"a","resource":"b"}', {"user": "bob", "api_group": "*", "namespace": "a", "resource": "b"}),
        ('{"user":null,"readonly":null}', EVERYBODY),
        ('{"user":"bob","user":null}', BOB),
        ('{"user":"a","user":"bob"}', BOB),
        ('{"User":"bob"}', EVERYBODY),
        ('{"kind":"Policy","user":"bob"}', BOB),
        ('{"kind":"","apiVersion":null,"user":"bob"}', BOB),
        ('{"apiVersion":"/","user":"bob"}', BOB),
        (f'{{"apiVersion":"{ABAC}/v0","kind":"Policy","user":"bob"}}', BOB),
        (f'{{"apiVersion":"{ABAC}/","user":"bob"}}', BOB),
        ('{"kind":"Policy","spec":{"user":"bob"}}', EVERYBODY),
        (v1('{"user":"bob"}'), {"user": "bob"}),
        (v1('{"user":"*","group":"ops"}'), {"group": "system:authenticated"}),
        (v1("null"), {}),
        (v1('{"user":"bob"}, "spec": {"group":"ops"}'), {"user": "bob", "group": "ops"}),
        (v1('{"apiGroup":"a","nonResourcePath":"/b"}'), {"api_group": "a", "non_resource_path": "/b"}),
        (f'{{"KIND":"Policy","APIVersion":"{ABAC}/v1beta1","spec":{{"user":"bob"}}}}', {"user": "bob"}),
        (f'{{"apiVersion":"{ABAC}/__internal","kind":"Policy","Spec":{{"User":"*"}}}}', {"user": "*"}),
        ('{"user":"\\ud800"}', {"user": "\ufffd", **ALL}),
        ('  {"user":"bob"}  \r', BOB),
        ("user: bob", BOB),
        ("--- {user: bob}", BOB),
        ("null", EVERYBODY),
        ("---", EVERYBODY),
        ("\ufeff# a comment", EVERYBODY),
        ('\ufeff{"user":"bob"}', BOB),
    ],
)  # fmt: skip
def test_lines(line: str, expected: dict[str, Any]) -> None:
    policies, broken = parse(line.encode())
    assert not broken
    assert [fields(policy) for policy in policies] == [expected]


@pytest.mark.parametrize("line", ["", "  ", "# a", "  # a", "\u3000", "\v# a", "\r"])
def test_lines_that_are_passed_over(line: str) -> None:
    assert parse(line.encode()) == ([], [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[]", "a JSON object is expected"),
        ("1", "a JSON object is expected"),
        ('{"user":"bob"', "no JSON: "),
        ('{"user":"bob"} # why', "no JSON: Extra data (column 16)"),
        ('{"x":NaN}', "NaN is no value"),
        ("\v{}", "no JSON"),
        ('{"user":5}', "user must be text"),
        ('{"readonly":"true"}', "readonly must be true or false"),
        ('{"kind":"pods","ns":"x"}', "'pods' is no kind of a policy file"),
        ('{"kind":5}', "kind must be text"),
        ('{"apiVersion":"v1","user":"bob"}', f"'v1' is no apiVersion of a policy: {ABAC}/v1beta1"),
        ('{"apiVersion":"v1beta1","kind":"Policy"}', "'v1beta1' is no apiVersion of a policy"),
        ('{"apiVersion":"a/b/c"}', "'a/b/c' is no apiVersion"),
        (f'{{"apiVersion":"{ABAC}/v1beta1","spec":{{}}}}', "kind is missing"),
        (v1("{}", f"{ABAC}/v1"), "is no apiVersion of a policy"),
        (v1("[]"), "spec must be an object"),
        (v1("{}", kind="policy"), "'policy' is no kind"),
        ("a: b: c", "neither JSON nor YAML"),
        ("\x00", "neither JSON nor YAML"),
        ("a", "a JSON object is expected"),
        ('{"x":' + "[" * 20_000 + "]" * 20_000 + "}", "nested too deeply"),
        ('{"user":"' + "a" * LONGEST + '"}', "too long for the API server"),
    ],
)  # fmt: skip
def test_broken_lines(line: str, told: str) -> None:
    policies, broken = parse(f"# one\n\n{line}\n".encode())
    assert not policies
    assert [item.line for item in broken] == [3]
    assert told in broken[0].message


def test_a_line_may_be_nearly_64_kib() -> None:
    line = b'{"user":"%s"}'
    assert not parse(line % (b"a" * (LONGEST - 12)))[1]
    assert parse(line % (b"a" * (LONGEST - 11)))[1]


def test_bytes_that_are_no_text_are_replaced_one_by_one() -> None:
    (policy,), _ = parse(b'{"user":"\xe2\x82"}')
    assert policy.user == "\ufffd\ufffd"


def test_what_is_kept_of_a_line() -> None:
    (policy,), _ = parse(b'\n{"group": "*", "user": "bob", "ns": "x", "ns": "y", "Kind": "Policy"}')
    assert policy.line == 2
    assert (policy.version, policy.stated_user, policy.stated_group) == ("v0", "bob", "*")
    assert policy.ignored == ("ns",)
    assert policy.text.startswith('{"group": "*"')
    (policy,), _ = parse(v1('{"user": "bob", "verbs": []}, "metadata": {}').encode())
    assert (policy.version, policy.ignored) == ("v1beta1", ("spec.verbs", "metadata"))


def test_a_file_with_broken_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.jsonl"
    path.write_text('{"user":"bob"}\n' + "{\n" * 7)
    with pytest.raises(ReadError) as caught:
        read_policies(str(path))
    assert caught.value.line == 2
    assert "would not start" in str(caught.value)
    assert "line 2: no JSON" in str(caught.value)
    assert str(caught.value).endswith("; and 2 more")
    path.write_text('{"user":"bob"}\n')
    assert [policy.user for policy in read_policies(str(path))] == ["bob"]


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, told in ((tmp_path / "none", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(UsageError, match=told):
            read_policies(str(path))
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "none")
    with pytest.raises(ReadError, match="no such file"):
        read_policies(str(link))
    (tmp_path / "a").write_text("")
    monkeypatch.setattr("casemate.readers.abac_policy.on_disk", _broken)
    with pytest.raises(ReadError, match="a: too big"):
        read_policies(str(tmp_path / "a"))


def _broken(*_: object) -> Any:
    raise ReadError("too big")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"user":"bob"}')))
    assert [policy.user for policy in read_policies("-")] == ["bob"]

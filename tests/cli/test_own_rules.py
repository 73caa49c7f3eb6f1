"""Own rules run like ours, only on the user's word, and a broken one is said."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_waivers import pod
from tests.readers.test_rules import HEAD, RULE

PAGE = """# acme-x

```yaml
apiVersion: v1
kind: Pod
spec:
  hostPID: true  # finding: acme-x
```

```yaml
apiVersion: v1
kind: ConfigMap
```
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "shop"
    (folder / "policies").mkdir(parents=True)
    (folder / "a.yaml").write_text(pod())
    (folder / "casemate.yaml").write_text("rules: policies\n")
    (folder / "policies" / "x.py").write_text(
        RULE + f"import os\nopen({str(tmp_path / 'ran')!r}, 'w').close()\n"
    )
    (folder / "policies" / "x.md").write_text(PAGE)
    return folder


def found(run: Any, *words: object, **options: Any) -> bool:
    return "acme-x" in {
        f["control"] for f in run("scan", *words, "--format", "json", **options).answer["findings"]
    }


def test_a_found_file_does_not_suffice(shop: Path, run: Any) -> None:
    ran = run("scan", shop, "--format", "json")
    assert not (shop.parent / "ran").exists()
    (note,) = ran.answer["notes"]
    assert "were not run" in note
    assert "--trust-rules" in note
    text = run("scan", ".", cwd=shop)
    assert "The rules in policies were not run, since casemate.yaml was found" in " ".join(text.out.split())
    assert text.status == run("scan", "a.yaml", "--settings", os.devnull, cwd=shop).status == 1
    assert "were not run" in run("scan", shop, "--format", "html").out
    for words in (
        ("controls",),
        ("explain", "acme-x"),
        ("baseline", "write", "--output", "-"),
        ("pss",),
        ("diff", ".", "."),
    ):
        run(*words, cwd=shop)
    assert not (shop.parent / "ran").exists()


def test_the_users_word_does(shop: Path, run: Any) -> None:
    assert found(run, shop, "--trust-rules")
    assert found(run, shop, "--settings", shop / "casemate.yaml")
    assert "notes" not in run("scan", shop, "--trust-rules", "--format", "json").answer


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("trusted: [{shop}]\n", True),
        ("trusted: {above}\n", True),
        ("trusted: [{shop}-other, {shop}/policies]\n", False),
        ("rules: {shop}/policies\n", True),
    ],
)
def test_the_users_own_file(shop: Path, run: Any, text: str, runs: bool) -> None:
    user = shop.parent / "config" / "casemate" / "casemate.yaml"
    user.parent.mkdir(parents=True)
    user.write_text(text.format(shop=shop, above=shop.parent))
    if "rules" in text:
        (shop / "casemate.yaml").unlink()
    assert found(run, shop) is runs


def test_rules_are_listed_explained_settled_and_waived(shop: Path, run: Any) -> None:
    listed = run("controls", "--family", "own", "--trust-rules", "--format", "json", cwd=shop).answer[
        "controls"
    ]
    assert [item["id"] for item in listed] == ["acme-x"]
    assert run("explain", "acme-x", "--trust-rules", cwd=shop).out == PAGE
    (shop / "policies" / "x.md").unlink()
    assert "It has no page: write " in run("explain", "acme-x", "--trust-rules", cwd=shop).out
    assert "were not run" in run("explain", "acme-x", cwd=shop).err
    (shop / "casemate.yaml").write_text("rules: policies\ndisable: [acme-x]\n")
    assert not found(run, shop, "--trust-rules")
    assert run("scan", shop).status == 1
    (shop / "casemate.yaml").write_text("rules: [policies]\nseverities: {acme-x: critical}\n")
    assert "acme-x" in run("scan", shop, "--trust-rules", "--format", "csv").out
    (shop / "casemate.yaml").write_text("rules: policies\n")
    (shop / "a.yaml").write_text(pod(comment='  # casemate: waive acme-x until=2027-01-01 reason="a"'))
    assert not found(run, shop, "--trust-rules")


def test_a_rule_that_fails(shop: Path, run: Any) -> None:
    (shop / "policies" / "x.py").write_text(HEAD + "    yield 1 / 0\n")
    ran = run("scan", ".", "--trust-rules", "--format", "json", cwd=shop)
    said = "policies/x.py:10: the rule acme-x failed: ZeroDivisionError: division by zero"
    assert ran.status == 2
    assert ran.answer["notes"] == [said]
    assert said in ran.err
    assert [item["control"] for item in ran.answer["not_assessed"]] == ["acme-x"]
    assert ran.answer["findings"]
    text = run("scan", ".", "--trust-rules", cwd=shop)
    assert "exit status 2: an own rule failed" in " ".join(text.out.split())
    assert "An own rule failed." in run("scan", ".", "--trust-rules", "--format", "html", cwd=shop).out
    assert run("diff", ".", ".", "--trust-rules", cwd=shop).status == 2
    assert run("baseline", "write", "--trust-rules", "--output", "-", cwd=shop).status == 2


def test_a_rule_that_cannot_be_loaded(shop: Path, run: Any) -> None:
    (shop / "policies" / "x.py").write_text("x = (\n")
    ran = run("scan", ".", "--trust-rules", cwd=shop)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "casemate: policies/x.py:1: the rule cannot be loaded: '(' was never closed\n"


def test_cases_of_rules(shop: Path, run: Any) -> None:
    ran = run("test", "policies", cwd=shop)
    assert (ran.status, ran.out) == (0, "1 rule, all cases as marked\n")
    (shop / "policies" / "x.md").write_text(PAGE.replace("  # finding: acme-x", ""))
    ran = run("test", "policies", cwd=shop)
    assert ran.status == 1
    assert ran.out.splitlines() == [
        "policies/x.md:7: acme-x was found here and is not expected",
        "policies/x.md:1: it has no faulty case",
        "1 rule, 2 failures",
    ]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (None, "policies/x.py:1: it has no page: write x.md beside it, with cases"),
        ("acme-x\n", "policies/x.md:1: a page starts with the control's id"),
        ("# acme-y\n", "policies/x.md:1: the page is about acme-y"),
        (
            PAGE.partition("```yaml\napiVersion: v1\nkind: ConfigMap")[0],
            "policies/x.md:1: it has no clean case",
        ),
    ],
)
def test_pages_that_prove_nothing(shop: Path, run: Any, page: str | None, said: str) -> None:
    (shop / "policies" / "x.md").unlink()
    if page is not None:
        (shop / "policies" / "x.md").write_text(page)
    ran = run("test", "policies", cwd=shop)
    assert ran.status == 1
    assert said in ran.out


def test_a_failing_rule_and_a_lonely_page_fail_the_test(shop: Path, run: Any) -> None:
    (shop / "policies" / "README.md").write_text("# About\n")
    (shop / "policies" / "sub").mkdir()
    (shop / "policies" / "sub" / "y.md").write_text("# acme-y\n")
    (shop / "policies" / "x.py").write_text(HEAD + "    yield 1 / 0\n")
    ran = run("test", "policies", "--quiet", cwd=shop)
    assert ran.status == 1
    assert ran.out.splitlines() == [
        "policies/x.md:7: acme-x is expected here and was not found",
        "policies/x.py:10: the rule acme-x failed: ZeroDivisionError: division by zero",
        "policies/sub/y.md:1: there is no rule y.py beside this page",
    ]


def test_a_folder_without_rules(tmp_path: Path, run: Any) -> None:
    ran = run("test", tmp_path)
    assert ran.status == 2
    assert "holds no rules" in ran.err
    assert not ran.out, "nothing is praised"

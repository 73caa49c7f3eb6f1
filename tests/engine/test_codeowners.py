"""Ownership of files, case by case from GitHub's own description of the form."""

import pytest

from casemate.engine.codeowners import Rule, owners, parse

FILE = """
# the default
*       @default
*.js    @js # inline comment
/build/logs/ @doctocat
docs/*  docs@example.com
apps/   @octocat
/docs/  @docs
/scripts/ @doctocat @octocat
**/logs @logs
/apps/github
with\\ space.txt @space
!negated @never
[ab].txt @never
src/**/x.go @deep
src/**  @src
*.tx?   @texts
"""


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("README.md", "@default"),
        ("a/b/c.js", "@js"),
        ("build/logs/a.log", "@logs"),
        ("x/build/logs/a", "@logs"),
        ("docs/getting-started.md", "@docs"),
        ("a/apps/x.yaml", "@octocat"),
        ("apps/github/x.yaml", ""),
        ("scripts/run.sh", "@doctocat @octocat"),
        ("with space.txt", "@texts"),
        ("src/a/b/x.go", "@src"),
        ("a.txt", "@texts"),
        ("!negated", "@default"),
    ],
)
def test_the_last_rule_that_matches_decides(path: str, whose: str) -> None:
    assert " ".join(owners(parse(FILE), path)) == whose


def test_a_star_in_a_folder_covers_its_files_only() -> None:
    rules = parse("docs/* @docs")
    assert owners(rules, "docs/a.md") == ("@docs",)
    assert owners(rules, "docs/build/a.md") == ()
    assert owners(rules, "x/docs/a.md") == ()


def test_a_folder_covers_all_below_but_is_no_file() -> None:
    assert owners(parse("apps/ @a"), "x/apps/y/z") == ("@a",)
    assert owners(parse("apps/ @a"), "apps") == ()
    assert owners(parse("a/** @a"), "a/b/c") == ("@a",)
    assert owners(parse("a/**/c @a"), "a/c") == ("@a",)


def test_empty_files_own_nothing() -> None:
    assert parse("\n# nothing\n") == ()
    assert parse("a\\ b @x") == (Rule("a b", ("@x",)),)

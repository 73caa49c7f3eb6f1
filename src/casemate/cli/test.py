"""`casemate test`: run the cases of a team's own rules."""

import os
import sys
from collections.abc import Iterator

import click

from casemate.cli.completion import files
from casemate.controls.catalogue import all_controls
from casemate.readers.rules import Rule, failures, load
from casemate.testing import read_page, run
from casemate.writers.scan_text import counted

_READMES = frozenset(("readme.md", "index.md"))


@click.command(epilog="Example: casemate test policies")
@click.argument("folder", metavar="DIR", shell_complete=files)
@click.option("--quiet", is_flag=True, help="No summary.")
def test(folder: str, *, quiet: bool) -> int:
    """Ask each rule in DIR the cases of its page, the Markdown file of the same name beside it.

    This runs the rules: name a folder that you trust. Exit status 1 where a case goes wrong.
    """
    rules = load((folder,), [control.id for control in all_controls()])
    wrong = [line for rule in rules for line in _wrong(rule)]
    wrong += _lonely(folder, {rule.page for rule in rules})
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    if not rules:
        raise click.UsageError(f"{folder} holds no rules: a rule is a Python file with one control")
    if not quiet:
        told = counted(len(wrong), "failure") if wrong else "all cases as marked"
        sys.stdout.write(f"{counted(len(rules), 'rule')}, {told}\n")
    return 1 if wrong else 0


def _wrong(rule: Rule) -> Iterator[str]:
    try:
        with open(rule.page, encoding="utf-8") as file:
            page = read_page(file.read())
    except OSError:
        yield f"{rule.path}:1: it has no page: write {os.path.basename(rule.page)} beside it, with cases"
        return
    except ValueError as error:
        yield f"{rule.page}:1: {error}"
        return
    before = len(failures())
    yield from (f"{rule.page}:{item.line}: {item.message}" for item in run(page, rule.control))
    yield from failures()[before:]
    marks = [bool(case.expected) for case in page.cases]
    for found, what in ((any(marks), "faulty"), (not all(marks) or not marks, "clean")):
        if not found or not marks:
            yield f"{rule.page}:1: it has no {what} case"


def _lonely(folder: str, pages: set[str]) -> Iterator[str]:
    """Pages that no rule stands beside: their cases would never run."""
    for top, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith((".", "_")))
        for name in sorted(names):
            path = os.path.join(top, name)
            if name.endswith(".md") and name.lower() not in _READMES and path not in pages:
                yield f"{path}:1: there is no rule {name.removesuffix('.md')}.py beside this page"

"""Whose a file is, as GitHub reads a CODEOWNERS file.

Semantics: the last pattern that matches decides; a pattern without owners takes ownership away.
Patterns are those of gitignore without `!`, `[ ]` and escaped `#`; `folder/*` covers the files of a
folder but none below. A `#` after a space begins a comment.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """A line of the file."""

    pattern: str
    owners: tuple[str, ...]


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a file, in order; lines that GitHub ignores are left out."""
    return tuple(_rules(text))


def owners(rules: Sequence[Rule], path: str) -> tuple[str, ...]:
    """The owners of a path from the top of the repository; none where no rule gives it to somebody."""
    return next((rule.owners for rule in reversed(rules) if _form(rule.pattern).fullmatch(path)), ())


def _rules(text: str) -> Iterator[Rule]:
    for line in text.splitlines():
        words = re.split(r"(?<!\\)\s+", re.sub(r"(^|\s)#.*", "", line).strip())
        pattern = words[0].replace("\\ ", " ")
        if pattern and not pattern.startswith("!") and "[" not in pattern:
            yield Rule(pattern, tuple(words[1:]))


@cache
def _form(pattern: str) -> re.Pattern[str]:
    anchored = "/" in pattern.rstrip("/")
    body = pattern.strip("/")
    form = "".join(
        {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
        for part in re.findall(r"\*\*/|/\*\*$|\*\*|\*|\?|[^*?/]+|/", body)
    )
    below = "/.*" if pattern.endswith("/") else "" if body.endswith("/*") else "(?:/.*)?"
    return re.compile(("" if anchored else "(?:.*/)?") + form + below)

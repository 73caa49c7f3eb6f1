"""Globs as people write them in settings: `*` stays within a name, `**` crosses folders."""

import re
from functools import cache

_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]]+\]|.", re.DOTALL)
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(glob: str, text: str) -> bool:
    """Whether the whole of a text is what the glob says; capitals count.

    `*` and `?` stand for anything but a slash, `**` for anything, `**/` for any number of folders,
    none included, and `[ab]` for one sign of several, `[!ab]` for any other.
    """
    return compiled(glob).fullmatch(text) is not None


@cache
def compiled(glob: str) -> re.Pattern[str]:
    """The glob as an expression."""
    return re.compile("".join(map(_meaning, _PARTS.findall(glob))), re.DOTALL)


def _meaning(part: str) -> str:
    if part in _MEANING:
        return _MEANING[part]
    if len(part) == 1:
        return re.escape(part)
    negated = part[1] in "!^"
    signs = re.sub(r"([\\\[&~|])", r"\\\1", part[2:-1] if negated else part[1:-1])
    try:
        re.compile(expression := f"[{'^' if negated else ''}{signs}]")
    except re.error:  # `[z-a]`: no range, so it is taken as it stands
        return re.escape(part)
    return expression

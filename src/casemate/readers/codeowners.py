"""The CODEOWNERS file of the repository that a file lies in."""

import os
from functools import cache

from casemate.engine.codeowners import Rule, owners, parse

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, the first that is there decides."""


def owner_of(file: str) -> str | None:
    """The owners of a file on disk, or None where nobody is named for it."""
    path = os.path.realpath(file)
    top = _top(os.path.dirname(path))
    if top is None:
        return None
    found = owners(_rules(top), os.path.relpath(path, top).replace(os.sep, "/"))
    return " ".join(found) or None


@cache
def _top(folder: str) -> str | None:
    """The top of the repository around a folder."""
    if os.path.exists(os.path.join(folder, ".git")) or any(
        os.path.isfile(os.path.join(folder, place)) for place in _PLACES[:2]
    ):
        return folder
    above = os.path.dirname(folder)
    return _top(above) if above != folder else None


@cache
def _rules(top: str) -> tuple[Rule, ...]:
    for place in _PLACES:
        try:
            with open(os.path.join(top, place), encoding="utf-8", errors="replace") as file:
                return parse(file.read())
        except OSError:
            continue
    return ()

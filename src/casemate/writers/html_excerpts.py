"""The lines around findings, with what to take out and what to put in marked on them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from casemate.model.control import Edit, Finding
from casemate.model.place import Path, Position, path_text
from casemate.writers.insertion import scalar
from casemate.writers.places import Places

AROUND = 3
_LONGEST = 1_000
_ASKED = 6  # more than is shown: what is masked depends on the lines above, what is added on those below

Located = tuple[Finding, Position]
Line = tuple[int, str, str]
"""A line's number, its mark and its text; what is added and what is left out has the number 0."""
_PLAIN_VALUE = r"""(?:[^\s#{\[|>&*!%@`"'][^#]*?|"[^"]*"|'[^']*')"""
PLAIN, CONCERNED, REMOVED, ADDED, GAP = " !-+~"


def clean(text: str) -> str:
    """Text in which control characters, and those that turn its direction, can be seen."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in text)


class Excerpts:
    """The texts around places; findings at one place share theirs."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[tuple[int, int], dict[int, str]] = {}

    def around(self, finding: Finding, position: Position) -> dict[int, str]:
        """Lines by their number; empty where the source is not at hand."""
        key = (id(finding.entity.origin.document), position.line)
        lines = self._known.get(key)
        if lines is None:
            first, texts = self._places.excerpt(finding, position, _ASKED)
            lines = self._known[key] = {number: clean(_cut(text)) for number, text in enumerate(texts, first)}
        return lines

    def hunk(self, located: Iterable[Located]) -> Iterator[Line]:
        """The lines that findings in one document concern, as a patch shows them."""
        located = list(located)
        lines: dict[int, str] = {}
        for finding, position in located:
            lines.update(self.around(finding, position))
        patch = Patch.of(located, lines)
        shown = {n for line in patch.marks for n in range(line - AROUND, line + AROUND + 1)}
        shown.update(n for line in patch.added for n in (line, line + 1))
        last = 0
        for number in sorted(shown & lines.keys()):
            if last and number > last + 1:
                yield 0, GAP, ""
            last = number
            yield number, patch.marks.get(number, PLAIN), lines[number]
            for text in patch.added.get(number, ()):
                yield 0, ADDED, text
        for text in patch.loose:
            yield 0, ADDED, text


def _cut(text: str) -> str:
    """The beginning of a line; a whole estate may be one."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


class Patch(msgspec.Struct):
    """Marks on lines, lines to add after others, and lines whose place cannot be told from the text."""

    marks: dict[int, str] = {}
    added: dict[int, list[str]] = {}
    loose: list[str] = []

    @classmethod
    def of(cls, located: Iterable[Located], lines: Mapping[int, str]) -> "Patch":
        """The patch that the fixes of findings in one document make together."""
        patch = cls()
        trees: dict[tuple[int, int, Path], tuple[Located, dict[Any, Any]]] = {}
        for finding, position in located:
            patch.marks.setdefault(position.line, CONCERNED)
            at = finding.fault.at
            present = at[: max(0, len(at) - len(position.missing))]
            edits = finding.fault.fix.edits if finding.fault.fix else ()
            if position.missing:
                key = (position.line, position.column, present)
                _, tree = trees.setdefault(key, ((finding, position), {}))
                for edit in edits:
                    if edit.op == "set" and edit.path[: len(present) + 1] == at[: len(present) + 1]:
                        _graft(tree, edit.path[len(present) :], edit.value)
                    else:
                        patch._tell(edit)
            elif patch.marks[position.line] != REMOVED:
                patch._rewrite(position, at, edits, lines)
        for (_, _, present), ((finding, position), tree) in trees.items():
            if tree:
                patch._add(finding, position, present, tree, lines)
        return patch

    def _rewrite(self, position: Position, at: Path, edits: Iterable[Edit], lines: Mapping[int, str]) -> None:
        """Change a value that stands on the line of its key, and set keys beside it."""
        match = _pair(str(at[-1]), lines.get(position.line, ""), position.column) if at else None
        added = []
        for edit in edits:
            if edit.path == at and match is not None and (edit.op == "set" or not match["dash"]):
                self.marks[position.line] = REMOVED
                if edit.op == "set":
                    added.append(f"{match['lead']}{scalar(edit.value)}{match['comment'] or ''}")
            elif (
                match is not None
                and edit.path[:-1] == at[:-1]
                and _is_free(str(edit.path[-1]), position, lines)
            ):
                added.append(f"{' ' * (position.column - 1)}{edit.path[-1]}: {scalar(edit.value)}")
            elif edit.path != at:
                self._tell(edit)
        if added:
            self.added.setdefault(position.line, []).extend(added)

    def _tell(self, edit: Edit) -> None:
        """Say by its path what cannot be shown in its place."""
        if edit.op == "set":
            self.loose.append(f"{path_text(edit.path)}: {scalar(edit.value)}")

    def _add(
        self,
        finding: Finding,
        position: Position,
        present: Path,
        tree: dict[Any, Any],
        lines: Mapping[int, str],
    ) -> None:
        if finding.entity.origin.document.is_json:
            self.loose.append(msgspec.json.encode(tree, enc_hook=str).decode()[1:-1])
            return
        landing = _landing(position, present, lines)
        if landing is None:
            self.loose += _paths(tree, present)
        else:
            after, indent = landing
            self.added.setdefault(after, []).extend(_yaml(tree, indent))


def _graft(tree: dict[Any, Any], path: Path, value: object) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            return
    tree.setdefault(path[-1], dict(value) if isinstance(value, Mapping) else value)


def _paths(tree: Mapping[Any, Any], above: Path) -> Iterator[str]:
    """What a tree holds, each value by its path."""
    for key, value in tree.items():
        path = (*above, key)
        if isinstance(value, Mapping) and value:
            yield from _paths(value, path)
        else:
            yield f"{path_text(path)}: {scalar(tuple(value) if isinstance(value, list) else value)}"


def _yaml(tree: Mapping[Any, Any], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, value in tree.items():
        if isinstance(key, int):
            items = list(_yaml(value, indent + 2)) if isinstance(value, Mapping) else [scalar(value)]
            yield f"{pad}- {items[0].lstrip()}"
            yield from items[1:]
        elif isinstance(value, Mapping):
            yield f"{pad}{key}:"
            yield from _yaml(value, indent + 2)
        else:
            yield f"{pad}{key}: {scalar(tuple(value) if isinstance(value, list) else value)}"


def _pair(key: str, line: str, column: int) -> re.Match[str] | None:
    """A line that holds a key and a plain value, and perhaps a comment."""
    lead = rf"(?P<lead>\s*(?P<dash>- +)?(?P<key>[\"']?{re.escape(key)}[\"']?): +)"
    match = re.match(rf"{lead}{_PLAIN_VALUE}(?P<comment>\s+#.*)?\Z", line.rstrip())
    return match if match is not None and match.start("key") == column - 1 else None


def _is_free(key: str, position: Position, lines: Mapping[int, str]) -> bool:
    """Whether the map around a line is seen to its ends and does not hold the key."""
    indent = position.column - 1
    for step in (-1, 1):
        number = position.line + step
        while (line := lines.get(number)) is not None and (not line.strip() or _indent(line) >= indent):
            if line[indent:].lstrip("\"'").startswith((f"{key}:", f'{key}"', f"{key}'")):
                return False
            number += step
        if line is None and abs(number - position.line) > _ASKED:
            return False
    return True


def _landing(position: Position, present: Path, lines: Mapping[int, str]) -> tuple[int, int] | None:
    """The line after which a new key of the parent goes, and its indent; None where that is not plain."""
    column = position.column - 1
    text = lines.get(position.line, "")[column:]
    if not present or isinstance(present[-1], int):
        return _beside(position.line, column, text, lines)
    if re.match(r"[\"']?[^\s\"']+[\"']?:\s*(&\S+\s*)?(#.*)?\Z", text) is None:
        return None
    for number in range(position.line + 1, position.line + _ASKED):
        line = lines.get(number, "")
        if line.strip() and not line.lstrip().startswith("#"):
            indent = _indent(line)
            return position.line, indent if indent > column else column + 2
    return position.line, column + 2


def _beside(number: int, column: int, text: str, lines: Mapping[int, str]) -> tuple[int, int] | None:
    """The end of the first key of a map, at which the next key can stand."""
    if not text or text[0] in "{[&*!#":
        return None
    end = number
    for following in range(number + 1, number + _ASKED + 1):
        line = lines.get(following)
        if line is None:
            return end, column  # the document ends here
        if line.strip():
            if _indent(line) < column or (_indent(line) == column and not line.lstrip().startswith("- ")):
                return end, column
            end = following
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

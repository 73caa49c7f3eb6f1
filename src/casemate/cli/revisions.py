"""A file under revision: edits are made in its text, and what came of them is proved by reading it again."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from casemate.engine.edits import EditTree, applied
from casemate.engine.spans import obstacle, reached
from casemate.model.control import Edit, Finding, Fix
from casemate.model.errors import ReadError
from casemate.readers.sheets import Part, Sheet, values
from casemate.writers.text_edits import TextChange, changed, place_of, text_changes

_UNPROVEN = "the edited text would not say what the edit means: change it by hand"
_CHANGED = "the file was changed after it was judged"
_Trees = dict[int, EditTree]


class Mend(msgspec.Struct, eq=False):
    """A fix of a finding, the line it concerns, and the reason where it is refused."""

    finding: Finding
    fix: Fix
    line: int
    reason: str | None = None

    @property
    def file(self) -> str:
        """The file as it is shown."""
        return self.finding.entity.origin.document.file

    @property
    def control(self) -> str:
        """The id of the control."""
        return self.finding.control.id


class Revision(msgspec.Struct, eq=False):
    """A file, the mends made in it, and for each of its parts the edits and the changes they make."""

    sheet: Sheet
    trees: list[_Trees]
    changes: list[list[TextChange]]
    made: list[Mend] = []

    @property
    def texts(self) -> list[str]:
        """The parts as they will be."""
        return [changed(part.text, found) for part, found in zip(self.sheet.parts, self.changes, strict=True)]

    def add(self, mends: list[Mend]) -> None:
        """Make mends where nothing stands in their way; the others get their reason."""
        places: dict[int, list[tuple[Mend, int]]] = {}
        now = self._places()
        for mend in mends:
            document = mend.finding.entity.origin.document
            index, text, offsets = now.get(1 if document.is_json else document.line, (0, b"", {}))
            if text == document.text:
                offset = offsets[document.offset] if document.is_json else 0
                places.setdefault(index, []).append((mend, offset))
            else:
                mend.reason = _CHANGED
        for index, mine in places.items():
            try:
                self._add_to_part(index, mine)
            except (ReadError, RecursionError) as error:
                for mend, _ in mine:
                    mend.reason = str(error)
        self.made += [mend for mend in mends if mend.reason is None]
        self.made.sort(key=lambda mend: mend.line)

    def _places(self) -> dict[int, tuple[int, bytes, dict[int, int]]]:
        """By the line on which a part starts now: its index and text, and offsets in it as they were."""
        found = {}
        line = 1
        for index, text in enumerate(self.texts):
            part, offsets = self.sheet.parts[index], {}
            if part.is_json:
                before, after = ([offset for offset, _ in values(part, one)] for one in (part.text, text))
                offsets = dict(zip(after, before, strict=True))
            found[line] = index, text.encode(), offsets
            line += text.count("\n")
        return found

    def _add_to_part(self, index: int, mine: list[tuple[Mend, int]]) -> None:
        """All mends at once; where the result is not as it should be, one by one."""
        part, known = self.sheet.parts[index], self.trees[index]
        trees = _copied(known)
        for mend, offset in mine:
            _add(part, known, trees, offset, mend)
        changes = _changes(part, trees)
        if _is_proven(part, trees, changes):
            self.trees[index], self.changes[index] = trees, changes
            return
        for mend, offset in mine:
            tried = _copied(self.trees[index])
            _add(part, known, tried, offset, mend)
            if mend.reason is None:
                changes = _changes(part, tried)
                if _is_proven(part, tried, changes):
                    self.trees[index], self.changes[index] = tried, changes
                else:
                    mend.reason = _UNPROVEN


def _copied(trees: _Trees) -> _Trees:
    return {offset: tree.copy() for offset, tree in trees.items()}


def _add(part: Part, known: _Trees, trees: _Trees, offset: int, mend: Mend) -> None:
    """Add a mend to trees, with the paths that the text had before the edits in `known`."""
    root, earlier = part.root(offset), known.get(offset, EditTree())
    start = mend.finding.entity.origin.path
    at = reached(root, earlier.before((*start, *mend.finding.fault.at)))
    mend.line = part.line + bisect_right(part.breaks, at)
    edits = [Edit(e.op, earlier.before((*start, *e.path)), e.value) for e in mend.fix.edits]
    mend.reason = next((why for edit in edits if (why := obstacle(root, edit)) is not None), None)
    if mend.reason is None:
        mend.reason = trees.setdefault(offset, EditTree()).add(edits)


def _changes(part: Part, trees: _Trees) -> list[TextChange]:
    return sorted(_all_changes(part, trees), key=place_of)


def _all_changes(part: Part, trees: _Trees) -> Iterator[TextChange]:
    for offset, tree in trees.items():
        yield from text_changes(part.text, part.root(offset), tree, part.layout)


def _is_proven(part: Part, trees: _Trees, changes: list[TextChange]) -> bool:
    """Whether the edited text says exactly what the edits mean, and nothing else."""
    if any(one.end > two.start for one, two in pairwise(changes)):
        return False
    try:
        after = [value for _, value in values(part, changed(part.text, changes))]
    except ReadError:
        return False
    wanted = [
        applied(value, trees[offset]) if offset in trees else value
        for offset, value in values(part, part.text)
    ]
    return _exactly(after) == _exactly(wanted)


def _exactly(content: object) -> bytes:
    """The content as bytes, so that true and 1 differ."""
    return msgspec.json.encode(content, order="sorted")

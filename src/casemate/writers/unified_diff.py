"""A unified diff that patch and git apply take, with no secret in it.

Format: the "Unified Format" of GNU diffutils. Context shrinks where a line beside a change may
hold a secret: git takes a hunk without context before it, and GNU patch one whose context differs
by two lines at most. A hunk that cannot do without such a line shows it masked, and does not apply.
"""

from collections.abc import Iterator, Sequence

import msgspec

from casemate.writers.text_edits import TextChange, changed

_AROUND = 3
_FUZZ = 2
_NO_NEWLINE = "\\ No newline at end of file\n"


class Block(msgspec.Struct):
    """Lines `old_start` to `old_end` of a text become lines `new_start` to `new_end` of another."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class Side(msgspec.Struct):
    """The lines of a text, each with its line feed, and how each may be shown."""

    lines: Sequence[str]
    shown: Sequence[str]

    def is_hidden(self, index: int) -> bool:
        """Whether a line holds what nobody may see."""
        return self.lines[index] != self.shown[index]


class Diff(msgspec.Struct):
    """The lines of a diff, and whether it applies: not where a line is masked."""

    lines: list[str]
    applies: bool = True

    def _line(self, mark: str, side: Side, index: int) -> None:
        text = side.shown[index]
        self.applies = self.applies and not side.is_hidden(index)
        self.lines.append(f"{mark}{text}" if text.endswith("\n") else f"{mark}{text}\n{_NO_NEWLINE}")


def split_lines(text: str) -> list[str]:
    """The lines of a text as diff counts them: only a line feed ends one."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def blocks(text: str, changes: Sequence[TextChange]) -> list[Block]:
    """Which lines the changes, given in order, replace by which."""
    old, new = split_lines(text), split_lines(changed(text, changes))
    found: list[Block] = []
    at, line, grown = 0, 0, 0
    for change in changes:
        line, at = line + text.count("\n", at, change.start), change.start
        last = line + text.count("\n", change.start, change.end)
        more = change.text.count("\n") - text.count("\n", change.start, change.end)
        end = last + 1  # behind a last line end this is a line too many, on both sides
        if found and found[-1].old_end > line:
            found[-1].old_end = max(found[-1].old_end, end)
            found[-1].new_end = found[-1].old_end + grown + more
        else:
            found.append(Block(line, end, line + grown, end + grown + more))
        grown += more
    apart: list[Block] = []
    for block in found:
        block.old_end, block.new_end = min(block.old_end, len(old)), min(block.new_end, len(new))
        _trim(block, old, new)
        if apart and apart[-1].old_end == block.old_start:
            apart[-1].old_end, apart[-1].new_end = block.old_end, block.new_end
        elif block.old_start < block.old_end or block.new_start < block.new_end:
            apart.append(block)
    return apart


def _trim(block: Block, old: list[str], new: list[str]) -> None:
    """Leave out the lines at both ends that stay as they are."""
    while min(block.old_end - block.old_start, block.new_end - block.new_start) > 0:
        if old[block.old_start] == new[block.new_start]:
            block.old_start += 1
            block.new_start += 1
        elif old[block.old_end - 1] == new[block.new_end - 1]:
            block.old_end -= 1
            block.new_end -= 1
        else:
            return


def unified(name: str, old: Side, new: Side, changes: list[Block]) -> Diff:
    """The diff of one file; `name` is its path from the folder where the diff is to be applied."""
    diff = Diff([f"--- {_quoted('a/', name)}\n", f"+++ {_quoted('b/', name)}\n"])
    for start, group, end in _hunks(old, changes):
        grown = group[0].new_start - group[0].old_start
        size = sum((b.new_end - b.new_start) - (b.old_end - b.old_start) for b in group) + end - start
        diff.lines.append(f"@@ -{_range(start, end - start)} +{_range(start + grown, size)} @@\n")
        at = start
        for block in group:
            for index in range(at, block.old_start):
                diff._line(" ", old, index)  # noqa: SLF001 # its own kind
            for index in range(block.old_start, block.old_end):
                diff._line("-", old, index)  # noqa: SLF001
            for index in range(block.new_start, block.new_end):
                diff._line("+", new, index)  # noqa: SLF001
            at = block.old_end
        for index in range(at, end):
            diff._line(" ", old, index)  # noqa: SLF001
    return diff


def _hunks(old: Side, changes: list[Block]) -> Iterator[tuple[int, list[Block], int]]:
    """Changes that share context, and the lines from and up to which they are shown."""
    count = len(old.lines)
    bounds = [0, *(b.old_end for b in changes)], [*(b.old_start for b in changes[1:]), count]
    found: list[tuple[int, list[Block], int]] = []
    for block, above, below in zip(changes, bounds[0], bounds[1], strict=False):
        start = block.old_start
        while start > max(above, block.old_start - _AROUND) and not old.is_hidden(start - 1):
            start -= 1
        end = block.old_end
        while end < min(below, block.old_end + _AROUND) and not old.is_hidden(end):
            end += 1
        if found and found[-1][2] >= start:
            found[-1] = (found[-1][0], [*found[-1][1], block], end)
        else:
            found.append((start, [block], end))
    for start, group, end in found:
        yield _balanced(group, start, end, count)


def _balanced(group: list[Block], start: int, end: int, count: int) -> tuple[int, list[Block], int]:
    """Context as both programs take it: some behind the change, and not much more on one side."""
    before, after = group[0].old_start - start, end - group[-1].old_end
    if not after and end < count:
        return start, group, end + 1
    if after > before + _FUZZ and start > 0:
        end = group[-1].old_end + before + _FUZZ
    if before > after + _FUZZ and end < count:
        start = group[0].old_start - after - _FUZZ
    return start, group, end


def _range(start: int, size: int) -> str:
    first = start + 1 if size else start
    return str(first) if size == 1 else f"{first},{size}"


def _quoted(lead: str, name: str) -> str:
    """A file's name as git writes it: in quotes where it holds odd characters."""
    shown = f"{lead}{name}"
    odd = any(char in '"\\' or not char.isprintable() for char in shown)
    if not odd:
        return f"{shown}\t" if " " in shown else shown
    escaped = (
        f"\\{byte:03o}" if byte < 0x20 or byte > 0x7E or byte in b'"\\' else chr(byte)
        for byte in shown.encode(errors="surrogateescape")
    )
    return f'"{"".join(escaped)}"'

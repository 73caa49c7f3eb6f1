"""Where the parts of a document stand in its text, and whether an edit can be made there."""

import enum
from collections.abc import Callable

import msgspec

from casemate.model.control import Edit
from casemate.model.place import Path


class Form(enum.Enum):
    """How a value is written."""

    SCALAR = "scalar"
    TEXT_BLOCK = "text block"
    NULL = "null"
    ABSENT = "nothing"
    BLOCK_MAP = "block map"
    BLOCK_LIST = "block list"
    FLOW_MAP = "flow map"
    FLOW_LIST = "flow list"


MAPS = frozenset((Form.BLOCK_MAP, Form.FLOW_MAP))
LISTS = frozenset((Form.BLOCK_LIST, Form.FLOW_LIST))
BLOCKS = frozenset((Form.BLOCK_MAP, Form.BLOCK_LIST))
EMPTY = frozenset((Form.NULL, Form.ABSENT))


class Child(msgspec.Struct, eq=False):
    """An entry of a map or list: where its key or dash starts and ends, and its value."""

    step: str | int
    start: int
    node: "Span"
    lead_end: int = 0


class Span(msgspec.Struct, eq=False):
    """A value in a text: characters from `start` up to `end`, trailing comments and blank lines left out.

    `column` is that of a block's keys or dashes, counted from 0. `after` is where a new line
    may start behind a text block that keeps its trailing line breaks, else -1. `fixed` says
    why the value and all below cannot be edited. Children are found when they are asked for.
    """

    start: int
    end: int
    form: Form
    column: int = 0
    after: int = -1
    fixed: str | None = None
    find: Callable[[], list[Child]] = list
    found: list[Child] | None = None
    by_step: dict[str | int, list[Child]] = {}

    @property
    def children(self) -> list[Child]:
        """The entries in the order of the text."""
        if self.found is None:
            self.found = self.find()
        return self.found

    def under(self, step: str | int) -> list[Child]:
        """The entries under a key or list index; of several under one key the last counts."""
        if len(self.by_step) == 0:
            for child in self.children:
                self.by_step.setdefault(child.step, []).append(child)
        return self.by_step.get(step, [])


class Layout(msgspec.Struct, frozen=True):
    """How a text is laid out: indentation of maps in maps, of lists in maps, and its line ends."""

    indent: int = 2
    list_indent: int = 2
    line_end: str = "\n"
    is_json: bool = False


def obstacle(root: Span, edit: Edit) -> str | None:
    """Why an edit cannot be made in a text, None where it can."""
    here = root
    for depth, step in enumerate(edit.path):
        if here.fixed is not None:
            return here.fixed
        if here.form in EMPTY:
            return None
        if here.form not in (LISTS if isinstance(step, int) else MAPS):
            return f"{_named(edit.path[:depth])} holds something else than expected"
        twice = here.under(step)
        if len(twice) > 1:
            return f"{_named(edit.path[: depth + 1])} stands there twice"
        if not twice:
            if isinstance(step, int) and edit.op == "remove":
                return f"{_named(edit.path[: depth + 1])} is not there"
            return None
        here = twice[0].node
    return _fixed_inside(here)


def reached(root: Span, path: Path) -> int:
    """Where the last step of a path that is there starts."""
    here, at = root, root.start
    for step in path:
        entries = here.under(step)
        if not entries:
            break
        here, at = entries[-1].node, entries[-1].start
    return at


def _fixed_inside(span: Span) -> str | None:
    """What in a value, which is to be replaced or removed, other places depend on."""
    if span.fixed is not None:
        return span.fixed
    return next((why for child in span.children if (why := _fixed_inside(child.node)) is not None), None)


def _named(path: Path) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return names[-1] if names else "the document"

"""The edits of many findings become one tree per document, so that each spot is changed once."""

from collections.abc import Container, Sequence
from typing import Any

import msgspec

from casemate.model.control import Edit
from casemate.model.place import Path, path_text

REMOVE = "remove"


class EditTree(msgspec.Struct, eq=False):
    """What happens at one step of a document and below: an edit, or edits of the children."""

    edit: Edit | None = None
    children: dict[str | int, "EditTree"] = {}

    @property
    def removes(self) -> bool:
        """Whether what stands here goes."""
        return self.edit is not None and self.edit.op == REMOVE

    def add(self, edits: Sequence[Edit]) -> str | None:
        """Add edits that belong together: all of them, or none and the reason."""
        for edit in edits:
            clash = self._clash(edit)
            if clash is not None:
                return clash
        for edit in edits:
            self._put(edit)
        return None

    def copy(self) -> "EditTree":
        """The same edits in a tree of its own."""
        return EditTree(self.edit, {step: child.copy() for step, child in self.children.items()})

    def value(self) -> Any:
        """What is to be written where nothing stands yet."""
        if self.edit is not None:
            return plain(self.edit.value)
        wanted = self.additions(())
        places = sorted(step for step in wanted if isinstance(step, int))
        return [wanted[place] for place in places] if places else wanted

    def additions(self, there: Container[str | int]) -> dict[str | int, Any]:
        """What is to be written under steps that are not there yet."""
        made = {
            step: (child.edit, child.value())
            for step, child in self.children.items()
            if step not in there and not child.removes
        }
        return {step: value for step, (edit, value) in made.items() if edit is not None or value}

    def before(self, path: Path) -> Path:
        """A path of the edited value as it led before: items that went from lists are counted again."""
        here: EditTree | None = self
        steps: list[str | int] = []
        for step in path:
            if here is not None and isinstance(step, int):
                for index in sorted(key for key in here.children if isinstance(key, int)):
                    if index <= step and here.children[index].removes:
                        step += 1  # noqa: PLW2901 # the same item, counted with those before it that went
            steps.append(step)
            here = here.children.get(step) if here is not None else None
        return tuple(steps)

    def _clash(self, edit: Edit) -> str | None:
        here = self
        for step in edit.path:
            if here.edit is not None:
                break
            if step not in here.children:
                return None
            here = here.children[step]
        known = here.edit
        if known is None:
            at_odds = edit.op != REMOVE and bool(here.children)
        else:
            at_odds = known != edit and not (known.op == REMOVE and len(known.path) < len(edit.path))
        return (
            f"another edit changes {_shown(edit.path)} in another way: make one, then run it again"
            if at_odds
            else None
        )

    def _put(self, edit: Edit) -> None:
        here = self
        for step in edit.path:
            if here.edit is not None:
                return
            here = here.children.setdefault(step, EditTree())
        here.edit = edit
        here.children.clear()


def applied(value: Any, tree: EditTree) -> Any:
    """The plain value with the edits made: what the edited text must say."""
    if tree.edit is not None:
        return plain(tree.edit.value)
    if not tree.children:
        return value
    if value is None:
        return tree.value() or None
    if isinstance(value, list):
        items = [
            applied(item, tree.children[index]) if index in tree.children else item
            for index, item in enumerate(value)
            if index not in tree.children or not tree.children[index].removes
        ]
        return [*items, *tree.additions(range(len(value))).values()]
    kept = {
        key: applied(item, tree.children[key]) if key in tree.children else item
        for key, item in value.items()
        if key not in tree.children or not tree.children[key].removes
    }
    return kept | tree.additions(value)


def plain(value: Any) -> Any:
    """A value of an edit as JSON and YAML know it: lists for tuples."""
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _shown(path: Path) -> str:
    return path_text(tuple(step for step in path if isinstance(step, str))) or "the document"

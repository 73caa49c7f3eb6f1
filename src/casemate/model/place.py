"""Where something stands: symbolic in the core, line and column only when it is shown."""

import msgspec

Path = tuple[str | int, ...]
"""Keys and list indexes from the root of an object: `("spec", "containers", 0)`."""


def path_text(path: Path) -> str:
    """The path as people write it: `spec.containers[0].image`; odd keys are quoted."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif step and "." not in step and "/" not in step and "[" not in step:
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f'["{step}"]')
    return "".join(parts)


class Document(msgspec.Struct, frozen=True, eq=False):
    """One document of a file: what is needed to find a line in it again.

    `text` is kept except for parts of very large files; for those `offset` and `length`
    (bytes) say where in `file` it stands, or in `path` where that is shown under another
    name. `line` and `column`, from 1, are its start. `marks` are the lines and columns of paths
    in a file that is neither YAML nor JSON, whose text is not kept.
    """

    file: str
    line: int = 1
    column: int = 1
    text: bytes | None = None
    offset: int = 0
    length: int = 0
    is_json: bool = False
    path: str | None = None
    marks: dict[Path, tuple[int, int]] | None = None


class Origin(msgspec.Struct, frozen=True, eq=False):
    """Where an object was read: a document, and the path of the object inside it.

    `note` says what a reader of the answer must know about the way it was read.
    """

    document: Document
    path: Path = ()
    note: str | None = None


class Position(msgspec.Struct, frozen=True):
    """A line and column, both from 1; `missing` is the part of a path that is not there."""

    line: int
    column: int
    missing: Path = ()

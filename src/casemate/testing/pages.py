"""A control's page: prose, and fenced manifests with the expected findings marked on their lines.

A block fenced as `yaml` or `json` is a case. In YAML the comment `# finding: ID` marks the line
at which that control must answer (`# finding: ID, ID` for two answers on one line); a case
without a mark is clean. For JSON, where no comment can stand, and for anything else, the fence
may say it instead: ```` ```json finding=ID:3 ````. A block fenced as `casemate.yaml` holds the
settings for the cases after it; marks in it are for findings about the settings themselves.
"""

import re
from collections.abc import Iterator

import msgspec

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"#\s*finding:\s*([\w, -]+)\s*$")
_GIVEN = re.compile(r"finding=([\w-]+):(\d+)")


class Case(msgspec.Struct):
    """A manifest and the findings it must give, as sorted pairs of control id and line in it.

    Its settings have a line in the page and expected findings of their own.
    """

    line: int
    language: str
    text: str
    expected: list[tuple[str, int]]
    settings: str = ""
    settings_line: int = 0
    settings_expected: list[tuple[str, int]] = []


class Page(msgspec.Struct):
    """A page: the control's id from its heading, its text and its cases."""

    control: str
    text: str
    cases: list[Case]


def read_page(text: str) -> Page:
    """Read a page. Raises `ValueError` where its first line is no heading with the id."""
    heading, _, _ = text.partition("\n")
    if not heading.startswith("# "):
        message = "a page starts with the control's id as its heading: # pod-privileged"
        raise ValueError(message)
    cases = []
    settings: tuple[str, int, list[tuple[str, int]]] = ("", 0, [])
    for block in _FENCE.finditer(text):
        language, _, rest = block["info"].strip().partition(" ")
        line = text.count("\n", 0, block.start("text")) + 1
        if language == "casemate.yaml":
            settings = (block["text"], line, sorted(_marks(block["text"])))
        elif language in {"yaml", "json"}:
            expected = [(name, int(number)) for name, number in _GIVEN.findall(rest)]
            expected += _marks(block["text"])
            cases.append(Case(line, language, block["text"], sorted(expected), *settings))
    return Page(heading[2:].strip(), text, cases)


def _marks(text: str) -> Iterator[tuple[str, int]]:
    for number, content in enumerate(text.splitlines(), 1):
        mark = _MARK.search(content)
        if mark:
            yield from ((name.strip(), number) for name in mark[1].split(","))

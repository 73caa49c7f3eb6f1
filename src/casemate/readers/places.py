"""Where findings stand and what the text says there: what every report needs of the sources."""

import re
from collections.abc import Iterable, Iterator

from casemate.model.control import Finding
from casemate.model.errors import ReadError
from casemate.model.place import Document, Position
from casemate.readers.manifests import reopened
from casemate.readers.positions import locate

_SECRET_NAME = re.compile(
    r"pass|secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key", re.IGNORECASE
)
_PAIR = re.compile(r"^(\s*(?:- )?\"?([\w./-]+)\"?\s*:\s*)(\S.*)$")
_USER_INFO = re.compile(r"(://[^/\s:@]+:)[^@\s/]+@")
MASK = "••••••"


class Sources:
    """The texts that findings point into."""

    def locate(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Position]]:
        """Each finding with its line and column, in the order given."""
        return locate(findings)

    def excerpt(self, finding: Finding, position: Position, around: int) -> tuple[int, list[str]]:
        """The number of the first line and the lines around a place, secrets masked.

        Empty where the text is not at hand: a rendered chart, a file that is gone.
        """
        document = finding.entity.origin.document
        lines, first = _lines(document)
        index = position.line - first
        if not 0 <= index < len(lines):
            return position.line, []
        start = max(0, index - around)
        shown = lines[start : index + around + 1]
        return first + start, list(_masked(shown))


def _lines(document: Document) -> tuple[list[str], int]:
    """The lines of a document and the number of the first one in its file."""
    if document.text is None and not document.length:
        return [], 1
    try:
        text = reopened(document).text or b""
    except ReadError:
        return [], 1
    whole_file = document.is_json and document.text is not None
    return text.decode("utf-8", "replace").splitlines(), 1 if whole_file else document.line


def _masked(lines: list[str]) -> Iterator[str]:
    """Values of keys that name a secret, and of the `value` after a variable that does."""
    secret_variable = False
    for line in lines:
        match = _PAIR.match(line)
        if match is None:
            yield _USER_INFO.sub(rf"\1{MASK}@", line)
            continue
        lead, key, value = match.groups()
        if key == "name":
            secret_variable = bool(_SECRET_NAME.search(value))
        hidden = (
            secret_variable
            if key == "value"
            else bool(_SECRET_NAME.search(key)) and not _is_reference(key, value)
        )
        yield f"{lead}{MASK}" if hidden else _USER_INFO.sub(rf"\1{MASK}@", line)


def _is_reference(key: str, value: str) -> bool:
    """Settings that name a secret without holding it: `secretName: tls`, booleans, maps."""
    return (
        key.endswith(("Name", "Ref", "Mode", "Token")) or value[0] in "{[|>&*" or value in {"true", "false"}
    )

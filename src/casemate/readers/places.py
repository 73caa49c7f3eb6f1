"""Where findings stand and what the text says there: what every report needs of the sources."""

from collections.abc import Iterable, Iterator

from casemate.model.control import Finding
from casemate.model.errors import ReadError
from casemate.model.estate import Entity
from casemate.model.place import Document, Path, Position
from casemate.readers.manifests import reopened
from casemate.readers.positions import Locator


class Sources:
    """The texts that findings point into. The lines of the document asked for last are kept."""

    def __init__(self) -> None:
        self._locator = Locator()
        self._document: Document | None = None
        self._lines: list[str] = []
        self._first = 1

    def locate(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Position]]:
        """Each finding with its line and column, in the order given."""
        return self._locator.locate(findings)

    def place(self, entity: Entity, path: Path) -> str:
        """The file, line and column of a path of an object; what is in no file has a name only."""
        document = entity.origin.document
        if document.text is None and not document.length:
            return document.file
        found = self._locator.place(document, (*entity.origin.path, *path))
        return f"{document.file}:{found.line}:{found.column}"

    def excerpt(self, finding: Finding, position: Position, around: int) -> tuple[int, list[str]]:
        """The number of the first line and the lines around a place, secrets masked.

        Empty where the text is not at hand: a rendered chart, a file that is gone.
        """
        self._open(finding.entity.origin.document)
        index = position.line - self._first
        if not 0 <= index < len(self._lines):
            return position.line, []
        start = max(0, index - around)
        return self._first + start, self._lines[start : index + around + 1]

    def _open(self, document: Document) -> None:
        last, self._document = self._document, document
        whole_file = document.is_json and document.text is not None
        if document is last or (whole_file and last is not None and document.text is last.text):
            return
        self._lines = []
        if document.text is None and not document.length:
            return
        from casemate.readers.masking import masked  # noqa: PLC0415 # start-up: only reports show excerpts

        try:
            text = reopened(document).text or b""
        except ReadError:
            return
        self._first = 1 if whole_file else document.line
        self._lines = list(masked(text.decode("utf-8", "replace").splitlines()))

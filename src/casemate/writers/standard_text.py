"""The answer of `casemate scan --standard` for people: how many of each verdict, then every item."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import TextIO

from casemate.engine.compliance import FAIL, JUDGE, NOT_ASSESSED, PASS, VERDICTS, Verdict
from casemate.engine.report import Report
from casemate.engine.standards.items import Standard
from casemate.model.severity import Severity
from casemate.writers.paint import Paint, plain

_WIDEST = 100
_LINES = 2
_MANY = 3


def write(
    report: Report,
    standard: Standard,
    verdicts: Sequence[Verdict],
    out: TextIO,
    paint: Paint,
    width: int,
    *,
    verbose: bool,
) -> None:
    """Write the answer for a terminal of that width; `verbose` shows every reason."""
    page = _Page(report, standard, verdicts, paint, min(width, _WIDEST), verbose=verbose)
    out.writelines(f"{line}\n" for line in page.lines())


class _Page:
    def __init__(
        self,
        report: Report,
        standard: Standard,
        verdicts: Sequence[Verdict],
        paint: Paint,
        width: int,
        *,
        verbose: bool,
    ) -> None:
        self.report = report
        self.standard = standard
        self.verdicts = verdicts
        self.paint = paint
        self.width = width
        self.verbose = verbose
        self.widest = max(len(answer.item.id) for answer in verdicts)

    def lines(self) -> Iterator[str]:
        settings = self.report.settings
        yield self.paint.bold(f"{self.standard.title} {self.standard.version}")
        yield from self._wrap(f"casemate: {' '.join(self.report.targets)}", "")
        yield from self._wrap(
            f"Kubernetes {settings.kubernetes} rules, platform {settings.platform.name}", ""
        )
        for line in settings.platform.because:
            yield from self._wrap(line, "  ")
        if self.report.estate.unreadable:
            yield self.paint.severity(Severity.HIGH, "Some input was not read, so the answer is incomplete")
        yield ""
        counts = Counter(answer.verdict for answer in self.verdicts)
        words = [self._painted(word, f"{counts[word]} {word}") for word in VERDICTS if counts[word]]
        yield f"  {'   '.join(words)}"
        yield ""
        for _, alike in groupby(self.verdicts, key=self._reason):
            run = list(alike)
            yield from self._run(run) if len(run) >= _MANY else chain.from_iterable(map(self._item, run))
        yield ""
        yield from self._close()

    def _reason(self, answer: Verdict) -> tuple[str, str]:
        """What makes neighbours alike: nothing was seen of any of them, for one reason."""
        unseen = answer.verdict in {NOT_ASSESSED, JUDGE} and not self.verbose
        return (answer.verdict, answer.because[0]) if unseen else ("", answer.item.id)

    def _run(self, run: list[Verdict]) -> Iterator[str]:
        """Neighbours in one line, so that what was seen is not lost among what was not."""
        first, last = run[0], run[-1]
        word = self._painted(first.verdict, first.verdict)
        yield f"  {first.item.id} to {last.item.id}  {word} {len(run)} items ({first.party})"
        yield from self._wrap(first.because[0], " " * (self.widest + 6))

    def _item(self, answer: Verdict) -> Iterator[str]:
        item = answer.item
        lead = f"  {item.id:<{self.widest}}  "
        word = f"{answer.verdict:<14}"
        title, *more = self._wrap(f"{item.title} ({answer.party})", " " * (len(lead) + len(word) + 1))
        yield f"{lead}{self._painted(answer.verdict, word)} {title.strip()}"
        yield from more
        because = answer.because[1:] if answer.because[:1] == ("1 finding",) else answer.because
        shown = because if self.verbose else because[: _LINES if answer.verdict == FAIL else 1]
        if answer.verdict == PASS and not self.verbose:
            return
        for line in shown:
            yield from self._wrap(line, " " * (len(lead) + 2))

    def _close(self) -> Iterator[str]:
        if not self.verbose:
            yield self.paint.dim("Every reason: --verbose · Why a rule exists: casemate explain CONTROL")
        yield from self._wrap(f"Exit status {self.report.status}, as of casemate scan.", "")

    def _painted(self, verdict: str, text: str) -> str:
        if verdict == FAIL:
            return self.paint.severity(Severity.HIGH, text)
        if verdict == PASS:
            return self.paint.good(text)
        return self.paint.severity(Severity.MEDIUM, text) if verdict == NOT_ASSESSED else self.paint.dim(text)

    def _wrap(self, text: str, indent: str) -> Iterator[str]:
        yield from textwrap.wrap(
            plain(text),
            max(self.width, len(indent) + 30),
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )

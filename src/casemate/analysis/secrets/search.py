"""Where texts hold secrets: single values under a name, command lines, and whole files."""

import re
import string
from collections.abc import Iterable, Iterator, Sequence

from casemate.analysis.expressions import Expression
from casemate.analysis.secrets.checks import is_literal
from casemate.analysis.secrets.entropy import assigned, promised
from casemate.analysis.secrets.formats import known, may_hold
from casemate.analysis.secrets.match import Match
from casemate.analysis.secrets.written import ASSIGNED, NAMED, PLAIN
from casemate.model.severity import Confidence, Severity

_LONGEST_LINE = 4096
_LOW = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
"""Small letters that leave every place where it is, which those of other alphabets may not."""
_MOST = 5000
_SHORTEST = 8
_HINTS = tuple(
    "pass pwd secret token masterauth credential authorization curl --user mysql mariadb redis-cli login "
    "key".split()
)
"""What a line must hold, in small letters, to be looked at for names of secrets."""
_KEYS = tuple(
    word + joint
    for word in (
        "api access secret private auth encryption signing master session account storage jwt hmac "
        "shared cookie crypt app license service cipher"
    ).split()
    for joint in ("", "_", "-", ".")
)
"""What must stand before `key` for it to be a secret."""
_ATTRIBUTE = Expression(r"[A-Za-z_]\w*\.[A-Za-z_][\w.]*\Z")
_CARRIER = Expression(r"(?:from-literal|set|set-string|env|build-arg)\Z")
"""Options whose value is an assignment again: `--from-literal=password=...`."""
_COMMENT = ("#", "//", ";", "--", "*", "%", "<!--", "{{/*")
_FALSE_NAMES = Expression(
    r"(?:type|kind|class|header|format|mode|name|field|label|path|file|url|uri|ttl|expir\w*)\Z", re.IGNORECASE
)


def in_value(name: str, value: str) -> Match | None:
    """The worst secret in the value of a variable or setting of that name."""
    found = list(known(value)) if len(value) > 7 else []
    text = value.strip()
    if "\n" in text:
        found += in_lines(value)
    elif (whole := assigned(name, text.strip("\"'"), value.find(text.strip("\"'")))) is not None:
        found.append(whole)
    else:
        found += in_lines(value)
    return max(found, key=_weight) if found else None


def is_suspicious(names: Iterable[str], values: Iterable[str]) -> bool:
    """Whether it is worth while to look at values one by one: one check over all of them together."""
    text = "\n".join((*names, *values))
    if may_hold(text):
        return True
    low = text.lower()
    for hint in _HINTS:  # noqa: SIM110 # a generator costs twice as much here
        if hint in low:
            return True
    return False


def is_dashboard(text: str) -> bool:
    """Whether a text is a dashboard of Grafana: long, and nothing but panels and queries."""
    return '"panels"' in text and '"schemaVersion"' in text and text.lstrip()[:1] == "{"


def in_text(text: str) -> list[Match]:
    """The secrets in a file or a script: known formats, and what lines assign to names of secrets."""
    found = [*known(text), *in_lines(text)]
    found.sort(key=lambda one: (one.start, -one.severity))
    kept: list[Match] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def in_lines(text: str) -> Iterator[Match]:
    """What the lines of a text assign to names of secrets, comments left out."""
    low = text.lower() if text.isascii() else text.translate(_LOW)
    end = -1
    for at in sorted(_places(low)):
        if at < end:
            continue
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - start > _LONGEST_LINE:
            start, end = max(start, at - 200), min(end, at + 1000)
        line = text[start:end]
        bare = line.lstrip(" \t")
        if not bare.startswith(_COMMENT) or bare.startswith("--"):
            yield from _in_line(line, start)


def _places(low: str) -> Iterator[int]:
    """Where hints stand, the first few thousand of each."""
    for hint in _HINTS:  # a generator costs twice as much here
        at = low.find(hint)
        count = 0
        while at >= 0 and count < _MOST:
            if hint != "key" or low[max(0, at - 12) : at].endswith(_KEYS):
                yield at
            count += 1
            at = low.find(hint, at + 1)


def _in_line(line: str, offset: int) -> Iterator[Match]:
    for form in NAMED:
        for match in form.finditer(line):
            if _FALSE_NAMES.search(match["name"]):
                continue
            groups = match.groupdict()
            group = next(name for name in ("double", "single", "bare") if groups.get(name) is not None)
            value = match[group]
            if group == "bare" and value.endswith("\\"):  # of a quote within quotes
                value = value[:-1]
            if form is ASSIGNED and group == "bare" and _is_code(value):
                continue
            found = assigned(match["name"], value, offset + match.start(group))
            if found is not None:
                yield found
            elif len(value) > _SHORTEST and (group != "bare" or _CARRIER.match(match["name"])):
                yield from _in_line(value, offset + match.start(group))
    for form, kind in PLAIN:
        for match in form.finditer(line):
            if is_literal(match["bare"]):
                start, end = match.span("bare")
                yield Match(
                    kind=kind,
                    severity=Severity.HIGH,
                    confidence=Confidence.LIKELY,
                    start=offset + start,
                    end=offset + end,
                )


def _is_code(value: str) -> bool:
    """Whether an unquoted value is an expression of a program: `config.token`, `getenv(`, `str`."""
    return "(" in value or "[" in value or value[:1] == "{" or _ATTRIBUTE.match(value) is not None


def in_arguments(arguments: Sequence[str]) -> Iterator[tuple[int, Match]]:
    """The secrets of a command line, each with the index of its argument."""
    for index, argument in enumerate(arguments):
        name = argument.lstrip("-")
        if argument.startswith("-") and index + 1 < len(arguments) and promised(name) is not None:
            value = arguments[index + 1]
            found = assigned(name, value) if not value.startswith("-") else None
            if found is not None and not any(True for _ in known(value)):
                yield index + 1, found
        for match in in_text(argument):
            yield index, match


def _weight(found: Match) -> tuple[Severity, int]:
    order = (Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CERTAIN)
    return found.severity, order.index(found.confidence)

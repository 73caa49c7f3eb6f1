"""Calico's language of selectors, read into conditions on labels.

`role == "db" && (!has(canary) || tier in {"a", "b"})`. A label that is missing is not equal, not in, and
neither contains, starts with nor ends with anything; so `!=` and `not in` hold for it. Texts stand between
single or double quotes and know no escapes. Empty is `all()`.

Source: projectcalico/calico libcalico-go/lib/selector, tokenizer/tokenizer.go and parser/{parser,ast}.go.
"""

import re
from functools import lru_cache

from casemate.analysis.network.labels import (
    CONTAINS,
    ENDS,
    STARTS,
    AllOf,
    Any,
    AnyOf,
    Has,
    Labels,
    Matches,
    Not,
    OneOf,
)

_BLANKS = " \t"
_DEEPEST = 100
"""Parentheses in parentheses that are followed; real selectors have a few."""
_KEY = r"[a-zA-Z0-9_./-]+"
_SIGNS = ("==", "!=", "&&", "||", "!", "(", ")", "{", "}", ",")
_OPERATOR = re.compile(r"contains|(?:starts|ends)[ \t]*with|not[ \t]*in|in")
_CALL = re.compile(rf"has\([ \t]*(?P<key>{_KEY})[ \t]*\)|(?P<name>all|global)\([ \t]*\)")
_NAME = re.compile(_KEY)
_TESTS = {"contains": CONTAINS, "startswith": STARTS, "endswith": ENDS}

_LABEL, _TEXT, _HAS, _ALL, _GLOBAL, _END = "label", "text", "has", "all", "global", "end"
Token = tuple[str, str]


class SelectorError(ValueError):
    """A selector that Calico cannot read, and why."""


@lru_cache(maxsize=10_000)
def parse(text: str, prefix: str = "", everything: Labels = Any(), beyond: Labels = Any()) -> Labels:  # noqa: B008 # values
    """The condition that a selector says.

    `prefix` comes before each key, `everything` is what `all()` means, `beyond` what `global()` means. Raises
    `SelectorError` for what Calico refuses.
    """
    return _Parser(tokens(text), prefix, everything, beyond).whole()


def problem(text: str) -> str:
    """What is wrong with a selector; empty where nothing is."""
    try:
        parse(text)
    except SelectorError as error:
        return str(error)
    return ""


def is_global(text: str) -> bool:
    """Whether a selector is `global()` and nothing else."""
    return [kind for kind, _ in tokens(text)] == [_GLOBAL, _END]


def tokens(text: str) -> list[Token]:
    """The words and signs of a selector, the last one being its end. Raises `SelectorError`."""
    found: list[Token] = []
    at = 0
    while True:
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        if at == len(text):
            return [*found, (_END, "")]
        token, at = _token(text, at, after_label=bool(found) and found[-1][0] == _LABEL)
        found.append(token)


def _token(text: str, at: int, *, after_label: bool) -> tuple[Token, int]:
    sign = next((sign for sign in _SIGNS if text.startswith(sign, at)), None)
    if sign is not None:
        return (sign, ""), at + len(sign)
    if text[at] in "\"'":
        end = text.find(text[at], at + 1)
        if end < 0:
            raise SelectorError(f"the text from {_rest(text, at)} on has no closing quote")
        return (_TEXT, text[at + 1 : end]), end + 1
    if after_label:
        operator = _OPERATOR.match(text, at)
        if operator is None:
            raise SelectorError(f"{_rest(text, at)} is no operator")
        return (re.sub(r"[ \t]", "", operator[0]), ""), operator.end()
    return _word(text, at)


def _word(text: str, at: int) -> tuple[Token, int]:
    call = _CALL.match(text, at)
    if call is not None:
        return (call["name"] or _HAS, call["key"] or ""), call.end()
    name = _NAME.match(text, at)
    if name is None or text[at:].startswith(("has(", "all(", "global(")):
        raise SelectorError(f"{_rest(text, at)} is not understood")
    return (_LABEL, name[0]), name.end()


def _rest(text: str, at: int) -> str:
    """The place of an error, as a few signs of the selector."""
    return repr(text[at : at + 20])


class _Parser:
    """The tokens of a selector, read from the left; `||` binds least, then `&&`, then `!`."""

    def __init__(self, found: list[Token], prefix: str, everything: Labels, beyond: Labels) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0
        self._prefix = prefix
        self._calls = {_ALL: everything, _GLOBAL: beyond}

    def whole(self) -> Labels:
        if self._next == _END:
            return self._calls[_ALL]
        found = self._any()
        if self._next != _END:
            raise SelectorError(f"{self._words()} follows where the selector should end")
        return found

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    def _take(self, *kinds: str) -> Token:
        token = self._tokens[self._at]
        if token[0] not in kinds:
            wanted = "a text in quotes" if kinds == (_TEXT,) else " or ".join(kinds)
            raise SelectorError(f"{wanted} is expected, not {self._words()}")
        self._at += 1
        return token

    def _words(self) -> str:
        kind, text = self._tokens[self._at]
        return "the end" if kind == _END else f"{kind} {text}".strip()

    def _any(self) -> Labels:
        parts = [self._all()]
        while self._next == "||":
            self._at += 1
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Labels:
        parts = [self._one()]
        while self._next == "&&":
            self._at += 1
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Labels:
        negated = False
        while self._next == "!":
            negated = not negated
            self._at += 1
        found = self._operand()
        return Not(found) if negated else found

    def _operand(self) -> Labels:
        kind, text = self._take(_HAS, _ALL, _GLOBAL, _LABEL, "(")
        if kind == _HAS:
            return Has(self._prefix + text)
        if kind == _LABEL:
            return self._comparison(self._prefix + text)
        if kind in self._calls:
            return self._calls[kind]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SelectorError(f"it has more than {_DEEPEST} parentheses inside one another")
        found = self._any()
        self._take(")")
        self._depth -= 1
        return found

    def _comparison(self, key: str) -> Labels:
        operator, _ = self._take("==", "!=", "in", "notin", *_TESTS)
        if operator in {"in", "notin"}:
            found: Labels = OneOf(key, self._values())
        elif operator in _TESTS:
            return Matches(key, _TESTS[operator], self._take(_TEXT)[1])
        else:
            found = OneOf(key, (self._take(_TEXT)[1],))
        return Not(found) if operator in {"!=", "notin"} else found

    def _values(self) -> tuple[str, ...]:
        """The texts between braces; none at all and a comma after the last are allowed."""
        self._take("{")
        found: set[str] = set()
        while self._next == _TEXT:
            found.add(self._take(_TEXT)[1])
            if self._next != ",":
                break
            self._at += 1
        self._take("}")
        return tuple(sorted(found))

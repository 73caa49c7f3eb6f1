"""The simple commands of a shell script, as far as their words can be told without running it.

Source: POSIX.1-2017, Shell Command Language, sections 2.2 to 2.4, 2.7 and 2.9. Quotes, escapes,
comments, continued lines, operators and redirections are followed; expansions stay as they are written.
"""

import shlex
from collections.abc import Iterator

_OPERATORS = ";&|()"
_LONGEST = 100_000


class UnclearScriptError(ValueError):
    """A script that cannot be followed to its end; `before` holds the commands up to there."""

    def __init__(self, message: str, before: list[list[str]]) -> None:
        super().__init__(message)
        self.before = before


def commands(script: str) -> Iterator[list[str]]:
    """The words of each simple command, without assignments before it and redirections.

    Raises `UnclearScriptError` for a script with an open quote, or one that is too long.
    """
    found: list[list[str]] = []
    if len(script) > _LONGEST:
        message = f"it is longer than {_LONGEST} characters"
        raise UnclearScriptError(message, found)
    lexer = shlex.shlex(_with_breaks(script), posix=True, punctuation_chars=_OPERATORS + "<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise UnclearScriptError(str(error).lower(), found) from None
    yield from filter(None, map(_plain, _split(words)))


def _with_breaks(script: str) -> str:
    """The script with its line ends as semicolons; quoted ones and continued lines are left alone."""
    parts: list[str] = []
    quote = ""
    index = 0
    while index < len(script):
        char = script[index]
        if char == "\\" and quote != "'":
            pair = script[index : index + 2]
            parts.append(" " if pair == "\\\n" else pair)
            index += 2
            continue
        if char in "\"'" and quote in {"", char}:
            quote = "" if quote else char
        elif char == "#" and not quote and (not parts or parts[-1][-1:] in " \t;"):
            end = script.find("\n", index)
            index = len(script) if end < 0 else end
            continue
        parts.append(" ; " if char == "\n" and not quote else char)
        index += 1
    return "".join(parts)


def _split(words: list[str]) -> Iterator[list[str]]:
    current: list[str] = []
    for word in words:
        if word and all(char in _OPERATORS for char in word):
            yield current
            current = []
        else:
            current.append(word)
    yield current


def _plain(words: list[str]) -> list[str]:
    kept: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        if word and all(char in "<>&" for char in word):
            if kept and kept[-1].isdecimal():
                kept.pop()
            index += 2
            continue
        assigned = not kept and "=" in word and word.partition("=")[0].isidentifier()
        if not assigned and (kept or word not in {"{", "if", "then", "do", "else", "!"}):
            kept.append(word)
        index += 1
    return kept

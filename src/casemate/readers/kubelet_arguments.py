"""The kubelet's command line in systemd's units and in environment files.

Source: systemd.syntax(7), systemd.exec(5) (Environment, EnvironmentFile), systemd.service(5) (command
lines); kubeadm's 10-kubeadm.conf and kubeadm-flags.env. Every word keeps its line and column.
"""

import re
from collections.abc import Iterator

from casemate.model.components import Given
from casemate.model.estate import Ref, Unreadable
from casemate.model.kubelet_unit import KubeletText
from casemate.model.place import Document, Origin, Path

_ENVIRONMENT = re.compile(r"(?:^|/)(?:kubeadm-flags\.env|(?:default|sysconfig)/kubelet)\Z")
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)=")
_LARGEST = 1024 * 1024

Char = tuple[str, int, int]
"""A character with its line and column, both from 1; an empty one where a quote stood."""
Marks = dict[Path, tuple[int, int]]


def read(name: str, data: bytes) -> Iterator[KubeletText | Unreadable]:
    """The unit or environment file of that name."""
    if b"\0" in data or len(data) > _LARGEST:
        yield Unreadable(name, 1, 1, "no text file of settings for the kubelet")
        return
    lines = list(_lines(data.decode("utf-8", "replace")))
    yield _environment(name, lines) if _ENVIRONMENT.search(name) else _unit(name, lines)


def _unit(name: str, lines: list[list[Char]]) -> KubeletText:
    marks: Marks = {}
    commands: list[tuple[Given, ...]] = []
    variables: dict[str, tuple[Given, ...]] = {}
    files: list[str] = []
    resets = in_service = False
    for line in lines:
        text = _text(line).strip()
        if text.startswith("["):
            in_service = text == "[Service]"
        key, equals, _ = text.partition("=")
        if not in_service or not equals:
            continue
        words = _words(line[_equals(line) + 1 :])
        if key.strip() == "ExecStart":
            if not words:
                commands, resets = [], True
                marks = {path: mark for path, mark in marks.items() if path[0] != "ExecStart"}
                continue
            commands.append(_given(words, ("ExecStart",), marks))
        elif key.strip() == "Environment":
            for word in words:
                variable, assigned, _ = _text(word).partition("=")
                if assigned:
                    value = _words(word[_equals(word) + 1 :])
                    variables[variable] = _given(value, ("Environment", variable), marks)
        elif key.strip() == "EnvironmentFile":
            files = [*files, *map(_text, words)] if words else []
    return _entity(
        name, "KubeletUnit", marks, commands=tuple(commands), resets=resets, variables=variables,
        environment_files=tuple(files),
    )  # fmt: skip


def _environment(name: str, lines: list[list[Char]]) -> KubeletText:
    marks: Marks = {}
    variables = {}
    for line in lines:
        match = _ASSIGNMENT.match(_text(line))
        if match is not None:
            value = _unquoted(line[match.end() :])
            variables[match[1]] = _given(_words(value), (match[1],), marks)
    return _entity(name, "KubeletEnvironment", marks, variables=variables, is_environment=True)


def _entity(
    name: str,
    kind: str,
    marks: Marks,
    *,
    variables: dict[str, tuple[Given, ...]],
    commands: tuple[tuple[Given, ...], ...] = (),
    resets: bool = False,
    environment_files: tuple[str, ...] = (),
    is_environment: bool = False,
) -> KubeletText:
    return KubeletText(
        ref=Ref("systemd/v1", kind, None, name.rpartition("/")[2]),
        origin=Origin(Document(name, marks=marks)),
        components=(),
        commands=commands,
        resets=resets,
        variables=variables,
        environment_files=environment_files,
        is_environment=is_environment,
    )


def _given(words: list[list[Char]], at: Path, marks: Marks) -> tuple[Given, ...]:
    found = []
    for index, word in enumerate(words):
        path = (*at, index)
        _, line, column = next((char for char in word if char[0]), word[0])
        marks[path] = line, column
        marks.setdefault(at, marks[path])
        found.append(Given(_text(word), path, alone=False))
    return tuple(found)


def _lines(text: str) -> Iterator[list[Char]]:
    """The lines of settings: comments left out, continued ones joined by a blank."""
    current: list[Char] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("#", ";")):
            continue
        chars = [(char, number, column) for column, char in enumerate(line, 1)]
        if line.endswith("\\"):
            current += [*chars[:-1], (" ", number, len(line))]
            continue
        current += chars
        yield current
        current = []
    yield current


def _words(chars: list[Char]) -> list[list[Char]]:
    """The words of a line: quotes group and go, a backslash keeps what follows it."""
    found: list[list[Char]] = []
    word: list[Char] = []
    quote = ""
    index = 0
    while index < len(chars):
        char = chars[index]
        index += 1
        if char[0] == "\\" and quote != "'" and index < len(chars):
            word.append(chars[index])
            index += 1
        elif char[0] in "\"'" and quote in {"", char[0]}:
            word.append(("", *char[1:]))  # an empty word between quotes is a word
            quote = "" if quote else char[0]
        elif char[0].isspace() and not quote:
            if word:
                found.append(word)
            word = []
        else:
            word.append(char)
    return [*found, word] if word else found


def _unquoted(chars: list[Char]) -> list[Char]:
    """The value of a variable without blanks and quotes around it."""
    while chars and chars[-1][0].isspace():
        chars = chars[:-1]
    while chars and chars[0][0].isspace():
        chars = chars[1:]
    if len(chars) > 1 and chars[0][0] in "\"'" and chars[-1][0] == chars[0][0]:
        return chars[1:-1]
    return chars


def _equals(chars: list[Char]) -> int:
    return next(index for index, char in enumerate(chars) if char[0] == "=")


def _text(chars: list[Char]) -> str:
    return "".join(char[0] for char in chars)

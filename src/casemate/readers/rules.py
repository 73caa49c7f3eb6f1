"""A team's own controls: Python modules of a folder, which run like ours.

Loading them runs them, so whoever calls this must know that the folder is trusted
(docs/decisions on the trust rule). A rule that cannot be loaded is an error of its author that ends
the run; one that fails while it is asked leaves its question *not assessed* and is remembered.
"""

import contextlib
import importlib.util
import os
import re
import sys
import typing
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, get_origin

import msgspec

from casemate.analysis.pods import Container, Pod
from casemate.model.control import Control, Fault, Known, Unanswered
from casemate.model.errors import UsageError
from casemate.model.estate import Entity, Estate
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion

PACKAGE = "casemate_own_rules"
"""How the names of the modules begin."""
OWN = "own"
"""The family of rules that lie in no folder of their own."""
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 200
_failures: dict[str, None] = {}


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A control and the file it was loaded from; its page lies beside it."""

    control: Control
    path: str

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"{self.path.removesuffix('.py')}.md"


def load(folders: Iterable[str], taken: Iterable[str]) -> list[Rule]:
    """The rules of folders; `taken` are the ids of other controls.

    Raises `UsageError` with file and line for a rule that cannot be loaded.
    """
    rules: list[Rule] = []
    owners = dict.fromkeys(taken, "a control of casemate")
    for number, folder in enumerate(map(_shown, folders)):
        if not os.path.isdir(folder):
            raise UsageError(f"{folder}: there is no such folder of rules")
        for family, path in _modules(folder):
            rule = _rule(f"{PACKAGE}.f{number}.{family}", path)
            name = rule.control.id
            if name in owners:
                raise UsageError(f"{path}: {name} is already the id of {owners[name]}")
            owners[name] = path
            rules.append(rule)
    return rules


def failures() -> tuple[str, ...]:
    """Which rules failed while they were asked, each place once."""
    return tuple(_failures)


def _shown(folder: str) -> str:
    """The folder as seen from here, where it is below."""
    inside = os.path.relpath(folder)
    return folder if inside.startswith("..") else inside


def _modules(folder: str) -> Iterator[tuple[str, str]]:
    """Family and path of each module: those of the folder itself, then of the folders in it."""
    names = sorted(name for name in os.listdir(folder) if not name.startswith((".", "_")))
    for name in names:
        if name.endswith(".py"):
            yield OWN, os.path.join(folder, name)
    for name in names:
        below = os.path.join(folder, name)
        if not os.path.isdir(below):
            continue
        for inner in sorted(os.listdir(below)):
            path = os.path.join(below, inner)
            if inner.startswith((".", "_")):
                continue
            if inner.endswith(".py"):
                yield re.sub(r"\W", "_", name), path
            elif os.path.isdir(path) and any(one.endswith(".py") for one in os.listdir(path)):
                raise UsageError(f"{path}: rules lie in a folder or in the folders in it, not deeper")


def _rule(package: str, path: str) -> Rule:
    stem = re.sub(r"\W", "_", os.path.basename(path).removesuffix(".py"))
    name = f"{package}.{stem}"
    module = _module(name, path)
    found = [value for value in vars(module).values() if isinstance(value, Control) and value.module == name]
    if len(found) != 1:
        raise UsageError(f"{path}: it holds {len(found)} controls; a module is one control")
    try:
        control = _typed(found[0])
    except (NameError, TypeError) as error:
        raise UsageError(f"{path}:{found[0].ask.__code__.co_firstlineno}: {error}") from error
    if not _ID.fullmatch(control.id):
        raise UsageError(f"{path}: the id {control.id[:60]} is not of lower-case words joined by -")
    return Rule(msgspec.structs.replace(control, ask=_guarded(control, path)), path)


def _module(name: str, path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: it is no Python module")
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.modules[name] = module
    try:
        with contextlib.redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        line = error.lineno if isinstance(error, SyntaxError) else _line(error, path)
        said = error.msg if isinstance(error, SyntaxError) else _said(error)
        raise UsageError(f"{path}:{line or 1}: the rule cannot be loaded: {said}") from error
    finally:
        sys.dont_write_bytecode = before
    return module


def _typed(control: Control) -> Control:
    """The control with its types resolved, which `from __future__ import annotations` makes texts of.

    Raises `TypeError` for a subject or fact that nothing could ever be asked with: such a rule
    would find nothing, for ever, without a word.
    """
    kinds: list[Any] = [control.subject, *control.facts]
    if any(isinstance(kind, str) for kind in kinds):
        hints = typing.get_type_hints(control.ask)
        kinds = [kind for key, kind in hints.items() if key != "return"]
    subject, facts = kinds[0], tuple(kinds[1:])
    if not (isinstance(subject, type) and issubclass(subject, (Entity, Pod, Container))) and not hasattr(
        subject, "parts_of"
    ):
        raise TypeError(
            "the first parameter is what is asked about: Pod, Container, or a type of casemate.model"
        )
    for fact in facts:
        if fact not in {Settings, KubernetesVersion, Estate} and not (
            get_origin(fact) is Known or hasattr(fact, "of")
        ):
            raise TypeError(f"{getattr(fact, '__name__', fact)} is no fact that a rule can be given")
    return msgspec.structs.replace(control, subject=subject, facts=facts)


def _guarded(control: Control, path: str) -> Callable[..., Iterable[Fault | Unanswered]]:
    """The question, which answers *not assessed* where the rule fails."""

    def ask(*parameters: Any) -> list[Fault | Unanswered]:
        answers: list[Fault | Unanswered] = []
        try:
            with contextlib.redirect_stdout(sys.stderr):
                for answer in control.ask(*parameters):
                    _check(answer)
                    answers.append(answer)
        except (Exception, SystemExit) as error:  # noqa: BLE001 # a stranger's code: whatever it raises
            line = _line(error, path) or control.ask.__code__.co_firstlineno
            _failures[f"{path}:{line}: the rule {control.id} failed: {_said(error)}"] = None
            answers.append(Unanswered(f"the rule failed at {os.path.basename(path)}:{line}"))
        return answers

    return ask


def _check(answer: Any) -> None:
    if isinstance(answer, Unanswered):
        return
    if not isinstance(answer, Fault):
        raise TypeError(f"it yields {type(answer).__name__}, not Fault or Unanswered")
    if not all(isinstance(text, str) for text in (answer.message, *answer.why)):
        raise TypeError("the message and the reasons of a Fault are texts")
    path: Any = answer.at  # what its type says is not what a stranger's rule gives
    if not (isinstance(path, tuple) and all(isinstance(step, str | int) for step in path)):
        raise TypeError("a Fault's `at` is a path: take it from at(...) of what is asked about")


def _line(error: BaseException, path: str) -> int | None:
    """The last line of the rule's own file that led to the error."""
    file = os.path.abspath(path)
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _said(error: BaseException) -> str:
    text = " ".join(str(error).split())[:_LONGEST]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__

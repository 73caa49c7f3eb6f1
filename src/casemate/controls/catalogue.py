"""Finds controls by looking into the family folders; nothing registers itself."""

import importlib
import os
import re
from collections.abc import Iterable
from functools import cache

from casemate import controls
from casemate.model.control import Control
from casemate.model.errors import ControlError
from casemate.model.estate import Entity

_own: list[Control] = []
_FIRST_PARAMETER = re.compile(r"^@control\(.*?^def \w+\(\s*\w+: (\w+)", re.MULTILINE | re.DOTALL)


def add_own(found: Iterable[Control]) -> None:
    """Take a team's own controls into the catalogue, in place of those added before."""
    _own[:] = found


def own() -> tuple[Control, ...]:
    """The team's own controls."""
    return tuple(_own)


@cache
def families() -> tuple[str, ...]:
    """The names of the families, in alphabetical order."""
    folder = controls.__path__[0]
    return tuple(name for name in _names(folder) if os.path.isdir(os.path.join(folder, name)))


@cache
def family(name: str) -> tuple[Control, ...]:
    """The controls of a family, in the order of their modules' names.

    Raises `ControlError` for a module that does not hold exactly one control.
    """
    package = importlib.import_module(f"{controls.__name__}.{name}")
    return tuple(_control(f"{package.__name__}.{name}") for name in _names(package.__path__[0]))


def all_controls() -> tuple[Control, ...]:
    """Every control of every family, the team's own ones last."""
    return (*(control for name in families() for control in family(name)), *_own)


def controls_for(entities: Iterable[Entity]) -> tuple[Control, ...]:
    """The controls that ask about some entity here; others are not imported.

    A family names the types of entities that its controls ask about in `SUBJECTS`; their subtypes
    count too. A team's own controls are at hand and always among them.
    """
    there = tuple(entities)
    types = {ancestor.__name__ for kind in set(map(type, there)) for ancestor in kind.__mro__}
    types.update(part for entity in there for part in entity.parts)
    found: list[Control] = []
    for name in families():
        package = importlib.import_module(f"{controls.__name__}.{name}")
        absent = set(package.SUBJECTS) - types
        if len(absent) == len(package.SUBJECTS):
            continue
        folder = package.__path__[0]
        found += (
            _control(f"{package.__name__}.{module}")
            for module in _names(folder)
            if not absent or _subject(os.path.join(folder, f"{module}.py")) not in absent
        )
    return (*found, *_own) if types else ()


def _subject(path: str) -> str:
    """The type of a control's first parameter as its text says: a tenth of the time of importing it."""
    with open(path, encoding="utf-8") as file:
        match = _FIRST_PARAMETER.search(file.read())
    name = match[1] if match is not None else ""
    return "Workload" if name in {"Pod", "Container"} else name


def _names(folder: str) -> list[str]:
    """The modules of a folder; pkgutil would do, at the price of a slower start."""
    return sorted(name.removesuffix(".py") for name in os.listdir(folder) if not name.startswith(("_", ".")))


def _control(name: str) -> Control:
    module = importlib.import_module(name)
    found = [value for value in vars(module).values() if isinstance(value, Control)]
    if len(found) != 1:
        raise ControlError(f"{name} holds {len(found)} controls; a module is one control")
    return found[0]

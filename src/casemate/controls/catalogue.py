"""Finds controls by looking into the family folders; nothing registers itself."""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from casemate import controls
from casemate.model.control import Control
from casemate.model.errors import ControlError
from casemate.model.estate import Entity


@cache
def families() -> tuple[str, ...]:
    """The names of the families, in alphabetical order."""
    return tuple(module.name for module in pkgutil.iter_modules(controls.__path__) if module.ispkg)


@cache
def family(name: str) -> tuple[Control, ...]:
    """The controls of a family, in the order of their modules' names.

    Raises `ControlError` for a module that does not hold exactly one control.
    """
    package = importlib.import_module(f"{controls.__name__}.{name}")
    return tuple(_control(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))


def all_controls() -> tuple[Control, ...]:
    """Every control of every family."""
    return tuple(control for name in families() for control in family(name))


def controls_for(entities: Iterable[Entity]) -> tuple[Control, ...]:
    """The controls of the families that ask about some entity here; others are not imported."""
    kinds = {type(entity) for entity in entities}
    found: list[Control] = []
    for name in families():
        subjects = importlib.import_module(f"{controls.__name__}.{name}").SUBJECTS
        if any(issubclass(kind, subjects) for kind in kinds):
            found += family(name)
    return tuple(found)


def _control(name: str) -> Control:
    module = importlib.import_module(name)
    found = [value for value in vars(module).values() if isinstance(value, Control)]
    if len(found) != 1:
        raise ControlError(f"{name} holds {len(found)} controls; a module is one control")
    return found[0]

"""Values of a Compose file: variables with their defaults, and services that extend others.

Source: the Compose specification, interpolation.md and extends; only defaults are known, for the
variables are set where Compose runs.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.model.place import Path

_VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<plain>[A-Za-z_][A-Za-z0-9_]*)|"
    r"\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<how>:?[-?+])(?P<other>[^{}$]{0,1000}))?\})"
)
_LEFT = re.compile(r"\$\{?[A-Za-z_]")
_DEEPEST = 20
_TRUE = frozenset(("true", "y", "yes", "on"))


def known(value: str) -> str | None:
    """A text with the defaults of its variables; None where one has none.

    `${A:-b}` and `${A-b}` are b, `${A:+b}` is empty, `$$` is a dollar sign.
    """
    if "$" not in value:
        return value
    for _ in range(_DEEPEST):
        found = _VARIABLE.sub(_default, value)
        if found == value:
            break
        value = found
    return None if _LEFT.search(value) else value.replace("\0", "$")


def _default(match: re.Match[str]) -> str:
    if match["escaped"]:
        return "\0"
    how = match["how"] or ""
    if how.endswith("-"):
        return match["other"]
    return "" if how.endswith("+") else match[0]


def shown(value: str) -> str:
    """The text with defaults put in, variables without one left as they are."""
    found = known(value)
    return value.replace("$$", "$") if found is None else found


class Layer(msgspec.Struct):
    """A service's own map, and where it stands."""

    body: dict[str, Any]
    path: Path


class Service:
    """A service with those of the same file that it extends; later layers win, lists are joined."""

    def __init__(self, layers: list[Layer], *, is_partial: bool) -> None:
        self.layers = layers
        self.is_partial = is_partial
        self.path = layers[-1].path

    def find(self, *steps: str) -> tuple[Any, Path] | None:
        """The value in force at some steps, and its path; None where nothing is there."""
        for layer in reversed(self.layers):
            here: Any = layer.body
            for step in steps:
                here = here.get(step) if isinstance(here, dict) else None
            if here is not None:
                return here, (*layer.path, *steps)
        return None

    def text(self, *steps: str) -> tuple[str | None, Path]:
        """A scalar as text, None where it is absent or not known, and where it stands or would."""
        found = self.find(*steps)
        if found is None or isinstance(found[0], (dict, list)):
            return None, (*self.path, *steps)
        return known(_as_text(found[0])), found[1]

    def flag(self, *steps: str) -> bool:
        """Whether a field is true."""
        return (self.text(*steps)[0] or "").lower() in _TRUE

    def has(self, *steps: str) -> bool:
        """Whether the field is there."""
        return self.find(*steps) is not None

    def items(self, *steps: str) -> Iterator[tuple[Any, Path]]:
        """The items of a list in all layers, or of a single value, each with its path."""
        for layer in self.layers:
            here: Any = layer.body
            for step in steps:
                here = here.get(step) if isinstance(here, dict) else None
            path = (*layer.path, *steps)
            if isinstance(here, list):
                yield from ((item, (*path, index)) for index, item in enumerate(here))
            elif here is not None and not isinstance(here, dict):
                yield here, path

    def pairs(self, *steps: str) -> dict[str, tuple[str | None, Path]]:
        """A map, or a list of NAME=value, as names with values and paths; later ones win."""
        found: dict[str, tuple[str | None, Path]] = {}
        for layer in self.layers:
            here: Any = layer.body
            for step in steps:
                here = here.get(step) if isinstance(here, dict) else None
            path = (*layer.path, *steps)
            if isinstance(here, dict):
                for name, value in here.items():
                    is_scalar = value is not None and not isinstance(value, (dict, list))
                    text = shown(_as_text(value)) if is_scalar else None
                    found[name] = text, (*path, name)
            elif isinstance(here, list):
                for index, item in enumerate(here):
                    name, given, value = _as_text(item).partition("=")
                    found[name] = (shown(value) if given else None), (*path, index)
        return found


def layered(services: dict[str, Any], name: str) -> Service:
    """The service of that name with what it extends; in another file, that part is not known."""
    layers: list[Layer] = []
    partial = False
    here: Any = name
    while isinstance(here, str) and isinstance(services.get(here), dict) and len(layers) < _DEEPEST:
        body = services[here]
        layers.insert(0, Layer(body, ("services", here)))
        extends = body.get("extends")
        if isinstance(extends, dict):
            partial = partial or extends.get("file") is not None
            extends = None if extends.get("file") is not None else extends.get("service")
        if any(layer.path[-1] == extends for layer in layers):
            break
        here = extends
    found = Service(layers, is_partial=partial)
    if not any(map(found.has, ("image", "build", "provider"))):
        found.is_partial = True
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

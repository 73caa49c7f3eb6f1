"""A program of the control plane: what each of its flags is, and who decided that.

A value comes from the flag, else from what starts the program (kubeadm, k3s, RKE2), else it is
the default of the release. Flags follow pflag (spf13/pflag): of a flag that is given several
times the last one counts, or all of them where it takes a list.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from casemate.analysis.cluster.distributions import of_folder
from casemate.analysis.cluster.flags import MANY, Flag, flags_of
from casemate.analysis.cluster.versions import Release, release_of
from casemate.model.components import (
    ARGUMENTS,
    MAP,
    NAMED,
    PAIRS,
    Component,
    ComponentSettings,
    ComponentWorkload,
    DistributionSettings,
    Given,
    ReplicatedComponentWorkload,
)
from casemate.model.control import Edit, Fix, Unanswered
from casemate.model.estate import Entity, Estate
from casemate.model.place import Path
from casemate.model.settings import Settings

RUNNING = (ComponentWorkload, ReplicatedComponentWorkload)
"""Workloads that run programs of the control plane."""
FLAG, LAUNCHER, DEFAULT = "flag", "launcher", "default"
_USER = re.compile(r"://[^/@,\s]*@")
_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
_VARIABLE = re.compile(r"\$[({]|\{\{")


class Setting(msgspec.Struct, frozen=True):
    """What a flag is: its value (None where it has none), where, and who decided.

    `decided_by` is the flag itself, the launcher's own value, or the release's default; `why`
    says it as a sentence. `path` leads to the flag, or to where it would be added.
    """

    name: str
    value: str | None
    path: Path
    decided_by: str
    why: str
    given: tuple[Given, ...] = ()

    @property
    def true(self) -> bool:
        """Whether it is true, as Go's strconv.ParseBool reads it."""
        return self.value in _TRUE

    @property
    def is_boolean(self) -> bool:
        """Whether it is true or false, or nothing at all; a program does not start with anything else."""
        return self.value is None or self.value in _TRUE or self.value in _FALSE

    @property
    def is_elsewhere(self) -> bool:
        """Whether a variable or a template stands in its place, so that what it is was not read."""
        return self.value is not None and _VARIABLE.search(self.value) is not None

    @property
    def number(self) -> int | None:
        """Its whole number, None where it is none."""
        text = (self.value or "").strip()
        return int(text) if text.removeprefix("-").isdecimal() and len(text) < 20 else None

    @property
    def items(self) -> tuple[str, ...]:
        """The items of a list."""
        return tuple(item.strip() for item in (self.value or "").split(",") if item.strip())


class Program:
    """A component as it is started; the subject of controls about it."""

    NAME: ClassVar[str] = ""
    SOURCES: ClassVar[tuple[type[Entity], ...]] = (*RUNNING, ComponentSettings)

    def __init__(self, component: Component, entity: Entity, estate: Estate, release: Release) -> None:
        self.component = component
        self.entity = entity
        self.estate = estate
        self.release = release
        self.known = flags_of(component.name)

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator["Program"]:
        """The components of this program that an entity starts."""
        yield from cls.named(cls.NAME, entity, estate, settings)

    @classmethod
    def named(cls, name: str, entity: Any, estate: Estate, settings: Settings) -> Iterator["Program"]:
        """The components of a program of that name that an entity starts."""
        own = isinstance(entity, DistributionSettings)
        for component in of_folder(entity, estate) if own else entity.components:
            if component.name == name:
                yield cls(component, entity, estate, release_of(component, settings))

    @property
    def minor(self) -> int:
        """The minor release whose rules hold."""
        return self.release.version.minor

    def has(self, name: str) -> bool:
        """Whether somebody, or what starts the program, gives the flag a value that is not empty."""
        return bool(self.setting(name).value) and self.setting(name).decided_by != DEFAULT

    def setting(self, name: str) -> Setting:
        """What a flag is."""
        component = self.component
        flag = self.known.get(name, Flag(name, "text"))
        given = component.flags.get(name, ())
        if given:
            last = given[-1]
            value = ",".join(one.value for one in given) if flag.kind in MANY else last.value
            where = f" ({last.by})" if last.by is not None else ""
            return Setting(name, value, last.path, FLAG, f"--{name}={_USER.sub('://', value)}{where}", given)
        if name in component.defaults:
            value = component.defaults[name]
            why = f"{component.started_by} gives --{name}={_USER.sub('://', value)} where nobody sets it"
            return Setting(name, value, component.at, LAUNCHER, why)
        default = flag.default_in(self.release.version)
        if default is not None:
            why = f"--{name} is not given; the default of {self.title} is {default}"
        else:
            why = f"--{name} is not given to {self.title}"
        return Setting(name, default, component.at, DEFAULT, why)

    @property
    def title(self) -> str:
        """The program with its release."""
        return f"{self.component.name} {self.release}"

    def missing(self, *names: str) -> Iterator[Unanswered]:
        """That it cannot be told what the flags are, where more may be given than was read."""
        gap = self.component.gap
        if gap is not None and not all(self.component.flags.get(name) for name in names):
            yield Unanswered(f"the other flags of {self.component.name}: {gap}")

    def put(self, name: str, value: str, *, safe: bool = False) -> Fix | None:
        """The edit that gives a flag a value; None where none can."""
        component, given = self.component, self.component.flags.get(name, ())
        if given:
            last = given[-1]
            if last.by is not None or not last.alone or len(given) > 1:
                return None
            return Fix(safe=safe, edits=(Edit("set", last.path, _written(component.form, name, value)),))
        if component.form == MAP:
            return Fix(safe=safe, edits=(Edit("set", (*component.at, name), value),))
        if component.form in {ARGUMENTS, PAIRS, NAMED}:
            rank = self.known[name].rank
            item: object = _written(component.form, name, value)
            if component.form == NAMED:
                item = {"name": name, "value": value}
            return Fix(safe=safe, edits=(Edit("set", (*component.at, component.size + rank), item),))
        return None

    def drop(self, name: str, *, safe: bool = False) -> Fix | None:
        """The edit that takes a flag away; None where none can."""
        given = self.component.flags.get(name, ())
        if not given or any(one.by is not None or not one.alone for one in given):
            return None
        paths = [one.path[:-1] if self.component.form == NAMED else one.path for one in given]
        return Fix(safe=safe, edits=tuple(Edit("remove", path) for path in paths))


def _written(form: str, name: str, value: str) -> str:
    """A flag with its value as an item of the list, or the value alone where its name stands beside it."""
    if form == ARGUMENTS:
        return f"--{name}={value}"
    return f"{name}={value}" if form == PAIRS else value

"""The one kubelet that the units and environment files of a node start together.

Source: systemd.unit(5) (drop-ins in the order of their names), systemd.service(5) (an empty ExecStart
takes back those before; `$A` becomes words, `${A}` a part of one), systemd.exec(5) (what an
EnvironmentFile says counts after Environment, and a later file after an earlier one).
"""

import re
from collections.abc import Iterator
from typing import cast

import msgspec

from casemate.analysis.cluster.flags import takes_no_value
from casemate.model.components import Component, Given
from casemate.model.estate import Entity, Estate
from casemate.model.kubelet_unit import KubeletText

_KNOWN = re.compile(
    r"(?:(?:(?:usr/)?(?:local/)?(?:lib|etc|run)/systemd/system/)?kubelet\.service(?:\.d/[^/]+\.conf)?|"
    r"(?:var/lib/kubelet/)?kubeadm-flags\.env|(?:etc/)?(?:default|sysconfig)/kubelet|10-kubeadm\.conf)\Z"
)
_PREFIXES = "-@:+!|"
_SHELLS = frozenset(("sh", "bash", "ash", "dash"))
_WORD = re.compile(r"\$([A-Za-z_]\w*)\Z")
_PART = re.compile(r"\$\{([A-Za-z_]\w*)\}")
Placed = tuple[Given, Entity]
"""A word with the file that it stands in."""


class Started(msgspec.Struct, frozen=True, eq=False):
    """A kubelet, the file that starts it, and the file of each flag."""

    component: Component
    main: Entity
    places: dict[str, Entity]


def root_of(entity: Entity) -> str:
    """The folder that stands for the node's root, as far as the path of a text file tells it."""
    file = entity.origin.document.file.replace("\\", "/")
    return _KNOWN.sub("", file)


def started(entity: KubeletText, estate: Estate) -> Started:
    """The kubelet that a text file and those beside it start."""
    root = root_of(entity)
    all_of_them = cast("Iterator[KubeletText]", estate.of(KubeletText))
    return _join([one for one in all_of_them if root_of(one) == root], root)


def _join(texts: list[KubeletText], root: str) -> Started:
    units = sorted((one for one in texts if not one.is_environment), key=_order)
    variables: dict[str, list[Placed]] = {}
    command: list[Placed] = []
    gap: str | None = None
    main: Entity = (units or texts)[0]
    for unit in units:
        variables |= {name: [(one, unit) for one in words] for name, words in unit.variables.items()}
        if unit.resets:
            command = []
        if unit.commands:
            main, command = unit, [(one, unit) for one in unit.commands[-1]]
    for named in [file for unit in units for file in unit.environment_files]:
        path = named.lstrip("-")
        found = _environment(path, texts, root)
        if found is None:
            gap = f"the file {path}, from which the unit takes variables, was not read"
        else:
            variables |= {name: [(one, found) for one in words] for name, words in found.variables.items()}
    if command:
        command = _without_shell(command)
        unset = next((name for name in _variables(command) if name not in variables), None)
        words, more = _after_program([*_expanded(command, variables)])
        if unset is not None and gap is None:
            gap = f"the variable {unset} of the unit is set in nothing that was read"
        gap = gap or more
    else:
        texts_of = [one for one in texts if one.is_environment]
        words = [
            (one, text) for text in (*units, *texts_of) for given in text.variables.values() for one in given
        ]
        gap = "the unit that starts the kubelet was not read"
    if any("{{" in one.value for one, _ in words):
        gap = "some come from a template"
    flags, places = _flags(words)
    at = command[0][0].path[:1] if command else ()
    component = Component(name="kubelet", started_by="systemd", at=at, form="", flags=flags, gap=gap)
    return Started(component, main, places)


def _order(unit: KubeletText) -> tuple[bool, str]:
    file = unit.origin.document.file
    return not file.endswith("kubelet.service"), file.rpartition("/")[2]


def _environment(path: str, texts: list[KubeletText], root: str) -> KubeletText | None:
    for text in texts:
        file = text.origin.document.file.replace("\\", "/")
        exact = file == f"{root}{path.lstrip('/')}"
        if text.is_environment and (exact or file.rpartition("/")[2] == path.rpartition("/")[2]):
            return text
    return None


def _without_shell(command: list[Placed]) -> list[Placed]:
    """The words of the script where a shell is started for one, else the command as it is."""
    option = next((index for index, (word, _) in enumerate(command) if word.value == "-c"), None)
    if option is None or command[0][0].value.rpartition("/")[2] not in _SHELLS:
        return command
    scripts = command[option + 1 : option + 2]
    return [
        (Given(text, one.path, one.by, alone=False), entity)
        for one, entity in scripts
        for text in one.value.split()
    ]


def _variables(command: list[Placed]) -> Iterator[str]:
    """The names of the variables in a command."""
    for word, _ in command:
        whole = _WORD.match(word.value)
        yield from [whole[1]] if whole is not None else _PART.findall(word.value)


def _expanded(command: list[Placed], variables: dict[str, list[Placed]]) -> Iterator[Placed]:
    """The words of a command with its variables in their place; one that is not set is nothing."""
    for word, entity in command:
        whole = _WORD.match(word.value)
        if whole is not None:
            yield from variables.get(whole[1], ())
            continue
        text = _PART.sub(
            lambda part: " ".join(one.value for one, _ in variables.get(part[1], ())), word.value
        )
        yield Given(text, word.path, word.by, alone=False), entity


def _after_program(words: list[Placed]) -> tuple[list[Placed], str | None]:
    """The words behind the kubelet, and why there may be more flags."""
    for index, (word, _) in enumerate(words):
        if word.value.lstrip(_PREFIXES).rpartition("/")[2] == "kubelet":
            return words[index + 1 :], None
    return words, f"the unit starts {words[0][0].value if words else 'nothing'}, which was not read"


def _flags(words: list[Placed]) -> tuple[dict[str, tuple[Given, ...]], dict[str, Entity]]:
    """The flags among words as pflag reads them, and the file in which each stands last."""
    found: dict[str, list[Given]] = {}
    places: dict[str, Entity] = {}
    index = 0
    while index < len(words):
        (word, entity), index = words[index], index + 1
        if not word.value.startswith("--"):
            continue
        name, equals, value = word.value[2:].partition("=")
        name = name.replace("_", "-")
        if not equals and not takes_no_value("kubelet", name) and index < len(words):
            (word, entity), index = words[index], index + 1
            value, equals = word.value, "="
        found.setdefault(name, []).append(Given(value if equals else "true", word.path, alone=False))
        places[name] = entity
    return {name: tuple(given) for name, given in found.items()}, places

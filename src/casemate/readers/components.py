"""Containers that run parts of Kubernetes: which program, with which flags, and where each stands.

Flags are read as pflag (spf13/pflag) does, or as Go's own flag package does for etcd: `--a=b`,
`--a b` except for booleans, `--a`; one dash only where it is a short name, and for etcd;
underscores as dashes except for etcd. A program may stand behind others that start it
(`go-runner`, `env`, `tini`), in `hyperkube`, or in the script of a shell.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.analysis.cluster.flags import takes_no_value
from casemate.model.components import (
    ARGUMENTS,
    Component,
    ComponentWorkload,
    Given,
    ReplicatedComponentWorkload,
)
from casemate.model.estate import Template, Workload
from casemate.model.governance import ReplicatedWorkload
from casemate.model.place import Path
from casemate.model.pods import Container, PodSpec, Volume
from casemate.model.running import RunningPod
from casemate.readers.shell_commands import UnclearScriptError, commands

PROGRAMS = frozenset(
    ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet", "kube-proxy")
)
_HYPERKUBE = {"apiserver", "controller-manager", "scheduler", "kubelet", "proxy"}
_TRACE = re.compile(
    rb"kube-apiserver|kube-controller-manager|kube-scheduler|kube-proxy|kubelet|etcd|hyperkube"
)
_SHELLS = frozenset(("sh", "bash", "ash", "dash"))
_STARTERS = frozenset(
    (
        "go-runner",
        "env",
        "tini",
        "dumb-init",
        "exec",
        "nice",
        "ionice",
        "nsenter",
        "sudo",
        "chroot",
        "hyperkube",
    )
)
_TAG = re.compile(r":v?(\d+\.\d+(?:\.\d+)?)[^/@]*(?:@.*)?\Z")
_SHORT = re.compile(r"\A-v(\d+)\Z")
_VARIABLE = re.compile(r"\$[({@*A-Za-z_]")
_TYPES: dict[type[Workload] | None, type[Workload]] = {
    None: ComponentWorkload,
    RunningPod: ComponentWorkload,
    ReplicatedWorkload: ReplicatedComponentWorkload,
}
"""Types of workloads, and those that also say which parts of Kubernetes they run."""
_ALL_FROM_FILE = {"etcd": "config-file"}
"""Flags that make a program ignore every other flag."""
_MORE_FROM_FILE = ("openshift-config",)
_ONLY_ASKS = frozenset(("version", "help"))
"""Flags that make a program answer and end."""


class Word(msgspec.Struct, frozen=True):
    """A word of a command line, its place, and whether it is all that stands there."""

    text: str
    path: Path
    alone: bool = True


def typed_as(
    known: type[Workload] | None, templates: tuple[Template, ...], kind: str
) -> tuple[type[Workload] | None, dict[str, Any]]:
    """The type of an object whose pods may run parts of Kubernetes, and what it adds to the known type."""
    wanted = _TYPES.get(known)
    found = () if wanted is None else tuple(components_of(templates, kind))
    return (wanted, {"components": found}) if found else (known, {})


def components_of(templates: tuple[Template, ...], kind: str) -> Iterator[Component]:
    """The parts of Kubernetes that the containers of an object of that kind run."""
    for template in templates:
        spec = template.spec
        for index, container in enumerate(spec.containers or ()):
            base = template.container_paths.get("containers", (*template.path, "containers", index))
            found = _component(container, base, spec, f"the {kind}")
            if found is not None and not _ONLY_ASKS.intersection(found.flags):
                yield found


def _component(container: Container, base: Path, spec: PodSpec, started_by: str) -> Component | None:
    command = [Word(text, (*base, "command", i)) for i, text in enumerate(container.command or ())]
    args = [Word(text, (*base, "args", i)) for i, text in enumerate(container.args or ())]
    image = container.image or ""
    name, words, gap = _started([*command, *args])
    if not command and _image_name(image) in PROGRAMS and (not args or args[0].text.startswith("-")):
        name, words, gap = _image_name(image), args, None
    if name is None:
        return None
    listed = words[-1].alone if words else True
    into = "args" if args or not command else "command"
    flags, unclear = flags_in(name, words)
    if name == "etcd":
        flags, variables = _with_environment(flags, container, base)
        unclear = unclear or variables
    gap = gap or unclear or whole_file(name, flags)
    return Component(
        name=name,
        started_by=started_by,
        at=(*base, into) if listed else words[-1].path,
        form=ARGUMENTS if listed else "",
        size=len(args if into == "args" else command),
        flags=in_force(name, flags),
        version=_tag(image) if name != "etcd" else None,
        files=tuple(_files(container, spec.volumes or ())),
        gap=gap,
    )


def whole_file(name: str, flags: dict[str, tuple[Given, ...]]) -> str | None:
    """That a file which a flag names says more than the flags do."""
    own = _ALL_FROM_FILE.get(name)
    for flag in (*_MORE_FROM_FILE, *((own,) if own else ())):
        if flag in flags:
            return f"they stand in the file that --{flag} names"
    return None


def in_force(name: str, flags: dict[str, tuple[Given, ...]]) -> dict[str, tuple[Given, ...]]:
    """The flags that count: one that names a file may leave all others without effect."""
    own = _ALL_FROM_FILE.get(name)
    return {own: flags[own]} if own is not None and own in flags else flags


def _started(words: list[Word]) -> tuple[str | None, list[Word], str | None]:
    """The program that a command line starts, the words behind it, and why there may be more.

    One that begins with an option starts what the image says, whatever its options name.
    """
    if words and words[0].text.startswith("-"):
        return None, [], None
    for index, word in enumerate(words):
        is_option = word.text.startswith("-") or "=" in word.text
        name = "" if is_option else _base(word.text)
        if name in PROGRAMS:
            return name, words[index + 1 :], None
        previous = _base(words[index - 1].text) if index else ""
        if previous == "hyperkube" and name in _HYPERKUBE:
            return (name if name == "kubelet" else f"kube-{name}"), words[index + 1 :], None
        if name in _SHELLS:
            return _in_shell(words[index + 1 :])
        if name not in _STARTERS and not is_option:
            break
    return None, [], None


def _in_shell(words: list[Word]) -> tuple[str | None, list[Word], str | None]:
    """The program that a shell's script starts; its words all stand where the script does."""
    option = next((i for i, word in enumerate(words) if re.match(r"-[a-z]*c[a-z]*\Z", word.text)), None)
    if option is None or option + 1 == len(words):
        return None, [], None
    script = words[option + 1]
    gap = None
    try:
        lines = list(commands(script.text))
    except UnclearScriptError as error:
        lines, gap = error.before, f"the script of the shell cannot be followed: {error}"
    for line in lines:
        name, found, _ = _started([Word(text, script.path, alone=False) for text in line])
        if name is not None:
            return name, found, gap
    return None, [], None


def flags_in(name: str, words: list[Word]) -> tuple[dict[str, tuple[Given, ...]], str | None]:
    """The flags among the words behind a program, and why there may be more of them."""
    found: dict[str, list[Given]] = {}
    gap: str | None = None
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word.text == "--":
            break
        if not word.text.startswith("-") or word.text == "-":
            if _VARIABLE.match(word.text):
                gap = "some come from a variable"
            continue
        flag, equals, value = _SHORT.sub(r"-v=\1", word.text).partition("=")
        flag = _name(name, flag)
        given = Given(value, word.path, alone=word.alone)
        if not equals:
            alone = takes_no_value(name, flag)
            following = words[index] if index < len(words) else None
            if alone is None and (following is None or following.text.startswith("-")):
                alone = True
            if alone or following is None:
                given = Given("true" if alone else "", word.path, alone=word.alone)
            else:
                given = Given(following.text, following.path, alone=False)
                index += 1
        found.setdefault(flag, []).append(given)
    return {flag: tuple(values) for flag, values in found.items()}, gap


def _name(program: str, flag: str) -> str:
    """The name that a flag is known by; one that a program does not take so keeps its dash."""
    if program == "etcd":
        return flag.lstrip("-")
    if flag.startswith("--"):
        return flag[2:].replace("_", "-")
    return "v" if flag == "-v" else flag


def _with_environment(
    flags: dict[str, tuple[Given, ...]], container: Container, base: Path
) -> tuple[dict[str, tuple[Given, ...]], str | None]:
    """Let variables stand for flags, as etcd does: ETCD_CERT_FILE is --cert-file; a flag wins."""
    found = dict(flags)
    gap = None
    for index, variable in enumerate(container.env or ()):
        key = variable.name or ""
        flag = key.removeprefix("ETCD_").lower().replace("_", "-")
        if not key.startswith("ETCD_") or flag in flags:
            continue
        if variable.value is None:
            gap = f"the value of the variable {key} stands elsewhere"
        else:
            by = f"the variable {key}"
            found[flag] = (Given(variable.value, (*base, "env", index, "value"), by),)
    return found, gap


def _files(container: Container, volumes: tuple[Volume, ...]) -> Iterator[tuple[str, str]]:
    """Where the host's files stand in the container: pairs of mount path and host path."""
    hosts = {volume.name: volume.host_path.path for volume in volumes if volume.host_path is not None}
    for mount in container.volume_mounts or ():
        host = hosts.get(mount.name)
        if mount.mount_path and host:
            yield mount.mount_path, f"{host.rstrip('/')}/{mount.sub_path}" if mount.sub_path else host


def _image_name(image: str) -> str:
    return re.split("[:@]", image.rpartition("/")[2], maxsplit=1)[0]


def _tag(image: str) -> str | None:
    found = _TAG.search(image)
    return found[1] if found else None


def _base(text: str) -> str:
    return text.rpartition("/")[2]

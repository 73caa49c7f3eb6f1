"""A Compose service as the pod that Docker makes of it, with the place of each field in the file.

What Docker does without being asked counts: its seccomp and AppArmor profiles, and its default
capabilities. Source: the Compose specification, and moby's daemon/pkg/oci and runconfig.
"""

import shlex
from collections.abc import Iterator
from typing import Any

from casemate.model.compose import Said
from casemate.model.estate import DOCKER, Place, Template, pack
from casemate.model.place import Path
from casemate.model.pods import (
    Command,
    Container,
    EnvVar,
    PodSecurityContext,
    PodSpec,
    Probe,
    Resources,
    Sysctl,
)
from casemate.readers.compose_options import security
from casemate.readers.compose_values import Service, shown
from casemate.readers.compose_volumes import mounted

_FIRST: Path = ("containers", 0)
_LIMITS: Path = (*_FIRST, "resources", "limits")


def template(service: Service, name: str, volumes: dict[str, Any]) -> Template:
    """The pod of a service and the places of its fields."""
    places: dict[Path, Place] = {}
    context = security(service, places)
    binds, mounts = mounted(service, volumes, places)
    container = Container(
        name=name,
        image=_image(service, places),
        command=_words(service, "entrypoint", (*_FIRST, "command"), places),
        args=_words(service, "command", (*_FIRST, "args"), places),
        env=_environment(service, places),
        resources=_resources(service, places),
        security_context=context,
        volume_mounts=mounts,
        liveness_probe=_health(service, places),
    )
    spec = PodSpec(
        containers=(container,),
        volumes=binds,
        security_context=_sysctls(service, places),
        host_network=_is_host(service, "network_mode", "hostNetwork", places),
        host_pid=_is_host(service, "pid", "hostPID", places),
        host_ipc=_is_host(service, "ipc", "hostIPC", places),
    )
    return Template(
        path=service.path,
        metadata_path=(*service.path, "labels"),
        packed=pack(spec),
        engine=DOCKER,
        places=places,
    )


def _image(service: Service, places: dict[Path, Place]) -> str | None:
    """The image that is fetched; one that is built here is named by its result, whose tag says nothing."""
    text, path = service.text("image")
    places[*_FIRST, "image"] = Place(path)
    return None if service.has("build") else text


def _words(service: Service, key: str, target: Path, places: dict[Path, Place]) -> tuple[str, ...] | None:
    """A command line: a list, or a text that Compose splits as a shell does."""
    found = service.find(key)
    if found is None:
        return None
    value, path = found
    if isinstance(value, list):
        words = [shown(str(item)) for item in value]
        places.update(((*target, index), Place((*path, index))) for index in range(len(words)))
        return tuple(words)
    places[target] = Place(path)
    if not isinstance(value, str):
        return None
    try:
        return tuple(shlex.split(shown(value)))
    except ValueError:  # a quote is missing: Compose refuses it, but what is in it can be read
        return tuple(shown(value).split())


def _environment(service: Service, places: dict[Path, Place]) -> tuple[EnvVar, ...]:
    variables: list[EnvVar] = []
    for name, (value, path) in service.pairs("environment").items():
        places[*_FIRST, "env", len(variables)] = Place(path)
        variables.append(EnvVar(name=name, value=value))
    return tuple(variables)


def _resources(service: Service, places: dict[Path, Place]) -> Resources:
    limits: dict[str, str | int | float | None] = {}
    for name, short, long in (("memory", "mem_limit", "memory"), ("cpu", "cpus", "cpus")):
        given = service.find("deploy", "resources", "limits", long) or service.find(short)
        if name == "cpu":
            given = given or service.find("cpu_quota")
        places[*_LIMITS, name] = Place(given[1] if given else (*service.path, short), f"{short} is not set")
        if given is not None and not isinstance(given[0], (dict, list)):
            limits[name] = shown(str(given[0])) if str(given[0]) not in {"0", "-1"} else None
        elif service.is_partial:
            limits[name] = "1"
    return Resources(limits=limits)


def _health(service: Service, places: dict[Path, Place]) -> Probe | None:
    found = service.find("healthcheck", "test")
    if found is None:
        return None
    value, path = found
    target = (*_FIRST, "livenessProbe", "exec", "command")
    if isinstance(value, list):
        places.update(((*target, index), Place((*path, index))) for index in range(len(value)))
        return Probe(exec=Command(command=tuple(shown(str(item)) for item in value)))
    places[target] = Place(path)
    return Probe(exec=Command(command=(shown(str(value)),)))


def _sysctls(service: Service, places: dict[Path, Place]) -> PodSecurityContext:
    found: list[Sysctl] = []
    for name, (value, path) in service.pairs("sysctls").items():
        places["securityContext", "sysctls", len(found)] = Place(path, edit="remove")
        found.append(Sysctl(name=name, value=value))
    return PodSecurityContext(sysctls=tuple(found) or None)


def _is_host(service: Service, key: str, field: str, places: dict[Path, Place]) -> bool:
    text, path = service.text(key)
    places[field,] = Place(path, f"{key} is {text}", "same")
    return text == "host"


def host_namespaces(service: Service) -> Iterator[Said]:
    """Which further namespaces are the host's."""
    for key in ("uts", "userns_mode", "cgroup"):
        text, path = service.text(key)
        if text == "host":
            yield Said(key, path)


def devices(service: Service) -> Iterator[Said]:
    """The paths of the host's devices that the service gets."""
    for item, path in service.items("devices"):
        text = item.get("source") if isinstance(item, dict) else str(item).partition(":")[0]
        if isinstance(text, str):
            yield Said(shown(text), path)


def build_arguments(service: Service) -> Iterator[tuple[str, Said]]:
    """The arguments of the build that the file gives a value."""
    for name, (value, path) in service.pairs("build", "args").items():
        if value:
            yield name, Said(value, path)


def started(service: Service) -> Iterator[Said]:
    """The words of the command line, each with the place of its field."""
    for key in ("entrypoint", "command"):
        found = service.find(key)
        if found is not None:
            words = found[0] if isinstance(found[0], list) else str(found[0]).split()
            yield from (Said(shown(str(word)), found[1]) for word in words)

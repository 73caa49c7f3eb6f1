"""The settings that reach the containers of a workload, each with the place where it stands.

Variables, arguments, and the ConfigMaps and Secrets that are mounted or become variables. The values of
Secrets are searched for hosts and never shown.

Source: core/v1 types.go (EnvVar, EnvFromSource, ConfigMapVolumeSource, ProjectedVolumeSource), and
third_party/forked/golang/expansion (`$(NAME)`).
"""

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.tighten.references import LONGEST
from casemate.model.configuration import ConfigMap, Secret
from casemate.model.estate import Entity, Estate, Template, Workload
from casemate.model.place import Path
from casemate.model.pods import Container, EnvVar, PodSpec

_LISTS = (
    ("containers", "containers"),
    ("init_containers", "initContainers"),
    ("ephemeral_containers", "ephemeralContainers"),
)
_EXPANSION = re.compile(r"\$\(([A-Za-z_.-][\w.-]*)\)")


class Setting(msgspec.Struct, frozen=True, eq=False):
    """A text that a container gets, the key it stands under, and its place."""

    key: str
    text: str
    entity: Entity
    path: Path
    is_secret: bool = False


class SettingsOf:
    """The ConfigMaps and Secrets of an estate by namespace and name, and what workloads take from them."""

    def __init__(self, estate: Estate) -> None:
        self._maps = {(e.ref.namespace or HOME, e.ref.name): e for e in estate.of(ConfigMap)}
        self._secrets = {(e.ref.namespace or HOME, e.ref.name): e for e in estate.of(Secret)}

    def texts(self, workload: Workload, template: Template) -> Iterator[Setting]:
        """All settings of a pod template, each once."""
        spec, namespace = template.spec, workload.ref.namespace or HOME
        yield from self._of_containers(workload, template, spec, namespace)
        names, secrets = _mounted(spec)
        for name in dict.fromkeys(names):
            yield from self._of_map(namespace, name)
        for name in dict.fromkeys(secrets):
            yield from self._of_secret(namespace, name)

    def _of_containers(
        self, workload: Workload, template: Template, spec: PodSpec, namespace: str
    ) -> Iterator[Setting]:
        for field, listed in _LISTS:
            containers: tuple[Container, ...] | None = getattr(spec, field)
            base = template.container_paths.get(field, (*template.path, listed))
            for index, container in enumerate(containers or ()):
                here = base if field in template.container_paths else (*base, index)
                yield from self._of_container(container, workload, here, namespace)

    def _of_container(
        self, container: Container, workload: Workload, at: Path, namespace: str
    ) -> Iterator[Setting]:
        for field in ("command", "args"):
            for index, word in enumerate(getattr(container, field) or ()):
                yield _of_word(word, workload, (*at, field, index))
        for source in container.env_from or ():
            if source.config_map_ref is not None and source.config_map_ref.name:
                yield from self._of_map(namespace, source.config_map_ref.name)
            if source.secret_ref is not None and source.secret_ref.name:
                yield from self._of_secret(namespace, source.secret_ref.name)
        known: dict[str, str] = {}
        for index, variable in enumerate(container.env or ()):
            found = self._of_variable(variable, known, workload, (*at, "env", index, "value"), namespace)
            if found is not None:
                known[found.key] = found.text
                yield found

    def _of_variable(
        self, variable: EnvVar, known: dict[str, str], workload: Workload, at: Path, namespace: str
    ) -> Setting | None:
        name = variable.name or ""
        if variable.value is not None:
            text = _EXPANSION.sub(lambda match: known.get(match[1], match[0]), variable.value[:LONGEST])
            return Setting(name, text, workload, at)
        source = variable.value_from
        if source is None:
            return None
        for reference, found in (
            (source.config_map_key_ref, self._of_map),
            (source.secret_key_ref, self._of_secret),
        ):
            if reference is not None and reference.name:
                for item in found(namespace, reference.name):
                    if item.path[-1] == reference.key:
                        return msgspec.structs.replace(item, key=name)
        return None

    def _of_map(self, namespace: str, name: str) -> Iterator[Setting]:
        entity = self._maps.get((namespace, name))
        if entity is not None:
            for key, value in (entity.data or {}).items():
                if value:
                    yield Setting(key, value, entity, ("data", key))

    def _of_secret(self, namespace: str, name: str) -> Iterator[Setting]:
        entity = self._secrets.get((namespace, name))
        if entity is None:
            return
        for key, value in (entity.string_data or {}).items():
            if value:
                yield Setting(key, value, entity, ("stringData", key), is_secret=True)
        for key, value in (entity.data or {}).items():
            text = _decoded(value or "")
            if text:
                yield Setting(key, text, entity, ("data", key), is_secret=True)


def _of_word(word: str, workload: Workload, at: Path) -> Setting:
    """A word of a command; `--name=value` is a setting of that name."""
    name, equals, value = word.partition("=")
    if equals and name.startswith("-") and " " not in name:
        return Setting(name.lstrip("-"), value, workload, at)
    return Setting("", word, workload, at)


def _mounted(spec: PodSpec) -> tuple[list[str], list[str]]:
    """The names of the ConfigMaps and of the Secrets that volumes hold."""
    maps, secrets = [], []
    for volume in spec.volumes or ():
        maps.append(volume.config_map.name if volume.config_map is not None else None)
        secrets.append(volume.secret.secret_name if volume.secret is not None else None)
        for part in (volume.projected.sources if volume.projected is not None else None) or ():
            maps.append(part.config_map.name if part.config_map is not None else None)
            secrets.append(part.secret.name if part.secret is not None else None)
    return [name for name in maps if name], [name for name in secrets if name]


def _decoded(value: str) -> str:
    """A value of a Secret as text; empty where it is none."""
    try:
        return base64.b64decode(value[: LONGEST * 2], validate=False).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""

"""Which Secrets the pods of a template hold: those that they mount, and those that they take variables from.

Source: core/v1 types.go (SecretVolumeSource, SecretProjection, SecretEnvSource, SecretKeySelector).
"""

from collections.abc import Iterator

from casemate.model.estate import Template
from casemate.model.pods import Container, PodSpec


def secrets_of(template: Template) -> tuple[str, ...]:
    """The names of the Secrets, each once."""
    spec = template.spec
    found = [*_mounted(spec)]
    for container in (*(spec.containers or ()), *(spec.init_containers or ())):
        found += _taken(container)
    return tuple(dict.fromkeys(name for name in found if name))


def _mounted(spec: PodSpec) -> Iterator[str | None]:
    for volume in spec.volumes or ():
        if volume.secret is not None:
            yield volume.secret.secret_name
        for part in (volume.projected.sources if volume.projected is not None else None) or ():
            if part.secret is not None:
                yield part.secret.name


def _taken(container: Container) -> Iterator[str | None]:
    for source in container.env_from or ():
        if source.secret_ref is not None:
            yield source.secret_ref.name
    for variable in container.env or ():
        source_of = variable.value_from
        if source_of is not None and source_of.secret_key_ref is not None:
            yield source_of.secret_key_ref.name

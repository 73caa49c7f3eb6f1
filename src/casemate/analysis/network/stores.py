"""What of a pod is worth protecting: the databases and consoles it serves, and the Secrets it holds."""

from collections.abc import Iterator

from casemate.analysis.images import Reference, parse
from casemate.analysis.management_ports import NOT_TCP, PORTS
from casemate.model.estate import Template
from casemate.model.pods import Container, PodSpec

_IMAGES = {
    "postgres": 5432,
    "postgresql": 5432,
    "timescaledb": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "redis": 6379,
    "valkey": 6379,
    "mongo": 27017,
    "mongodb": 27017,
    "elasticsearch": 9200,
    "opensearch": 9200,
    "memcached": 11211,
    "cassandra": 9042,
    "couchdb": 5984,
    "zookeeper": 2181,
    "rabbitmq": 5672,
    "etcd": 2379,
}
"""The port that a database listens at, by the last part of its image's name."""
_COMMON = (23, 111, 6443, 7000, 8200, 8500, 5900, 5901, 10250, 10255)
"""Ports in the table of management ports that ordinary programs use as well: API servers of extensions at
6443, metrics servers at 10250."""


def served(template: Template) -> dict[int, str]:
    """The ports of TCP at which a pod serves a database or a console, and what is there."""
    return dict(_served(template.spec))


def holds_secrets(template: Template) -> bool:
    """Whether a pod mounts a Secret, or takes a variable from one; its own token is none."""
    spec = template.spec
    for volume in spec.volumes or ():
        if volume.secret is not None:
            return True
        if volume.projected is not None and any(
            part.secret is not None for part in volume.projected.sources or ()
        ):
            return True
    return any(_reads_secret(container) for container in _containers(spec))


def _served(spec: PodSpec) -> Iterator[tuple[int, str]]:
    for container in spec.containers or ():
        for port in container.ports or ():
            number = port.container_port
            if number in PORTS and number not in _COMMON and port.protocol not in NOT_TCP:
                yield number, PORTS[number].what
        image = parse(container.image or "")
        if isinstance(image, Reference):
            number = _IMAGES.get(image.repository.rpartition("/")[2], 0)
            if number:
                yield number, PORTS[number].what


def _reads_secret(container: Container) -> bool:
    return any(item.secret_ref for item in container.env_from or ()) or any(
        item.value_from is not None and item.value_from.secret_key_ref is not None
        for item in container.env or ()
    )


def _containers(spec: PodSpec) -> tuple[Container, ...]:
    return (*(spec.containers or ()), *(spec.init_containers or ()))

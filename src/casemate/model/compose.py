"""Services of Docker Compose, as far as they say what a pod cannot.

Source: the Compose specification (compose-spec/compose-spec, spec.md and schema).
"""

import msgspec

from casemate.model.estate import Workload
from casemate.model.place import Path

API_VERSION = "compose-spec.io/v1"
KIND = "ComposeService"


class Published(msgspec.Struct, frozen=True):
    """A port of a service that the host forwards; a range stands for its first port.

    `address` is the host's, None for all of them; a port that is only known when Compose runs is None.
    """

    path: Path
    address: str | None
    host: int | None
    container: int | None
    protocol: str = "tcp"


class Said(msgspec.Struct, frozen=True):
    """A value that the file gives, and where."""

    value: str
    path: Path


class ComposeService(Workload, frozen=True, kw_only=True, eq=False):
    """A service of a Compose file. `host_namespaces` are uts, userns and cgroup where they are the host's."""

    image: str | None = None
    published: tuple[Published, ...] = ()
    devices: tuple[Said, ...] = ()
    host_namespaces: tuple[Said, ...] = ()
    build_arguments: tuple[tuple[str, Said], ...] = ()
    command: tuple[Said, ...] = ()

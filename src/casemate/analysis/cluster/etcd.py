"""The etcd of a cluster as it is started.

An etcd that stores something else is not asked about here: that of the cluster stands in
kube-system, says that it is of the control plane, uses Kubernetes' own certificates, or stands
beside an API server in its namespace.
"""

from collections.abc import Iterator
from typing import Any

from casemate.analysis.cluster.program import RUNNING, Program
from casemate.model.components import ComponentSettings, ComponentWorkload, ReplicatedComponentWorkload
from casemate.model.estate import Estate
from casemate.model.settings import Settings

_NAMESPACES = frozenset(("kube-system", "openshift-etcd"))
_APISERVER = "kube-apiserver"


class Etcd(Program):
    """The store of a cluster."""

    NAME = "etcd"

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator[Program]:
        """The etcd that an entity starts for Kubernetes."""
        if isinstance(entity, ComponentSettings) or _of_kubernetes(entity, estate):
            yield from super().parts_of(entity, estate, settings)

    @property
    def title(self) -> str:
        """Its name; its releases are its own."""
        return "etcd"

    def serves_plainly(self, name: str) -> tuple[str, ...]:
        """The addresses of a flag that take requests without TLS, except those of the host itself.

        etcd takes TLS where the scheme is https, whatever certificates it is given.
        """
        return tuple(url for url in self.setting(name).items if url.startswith("http://"))


def _of_kubernetes(entity: ComponentWorkload | ReplicatedComponentWorkload, estate: Estate) -> bool:
    namespace = entity.ref.namespace
    if namespace in _NAMESPACES or entity.labels.get("tier") == "control-plane":
        return True
    if any(one.name == _APISERVER for one in entity.components):
        return True
    given = (one for component in entity.components for values in component.flags.values() for one in values)
    if any("/etc/kubernetes/" in one.value for one in given):
        return True
    beside = (one for one in estate.entities if isinstance(one, RUNNING) and one.ref.namespace == namespace)
    return any(component.name == _APISERVER for one in beside for component in one.components)

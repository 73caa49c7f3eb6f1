"""kube-proxy as a file configures it or as it is started.

Source: kubernetes/kubernetes cmd/kube-proxy/app/options.go: where --config names a file, a flag such as
--metrics-bind-address counts for nothing.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from casemate.analysis.cluster.files import file_named
from casemate.model.cluster_configs import KubeProxyConfiguration
from casemate.model.components import ComponentSettings, ComponentWorkload
from casemate.model.control import Unanswered
from casemate.model.estate import Entity, Estate
from casemate.model.place import Path
from casemate.model.settings import Settings

_NAME = "kube-proxy"
_FLAG = "metrics-bind-address"


class KubeProxy(msgspec.Struct, frozen=True, eq=False):
    """Where it shows its metrics: an address and port, empty where it says nothing; and where that stands."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (
        ComponentWorkload,
        ComponentSettings,
        KubeProxyConfiguration,
    )

    metrics: str | Unanswered
    at: Path
    in_file: bool

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator["KubeProxy"]:  # noqa: ARG003 # engine.judge.Part
        """The kube-proxies that an entity starts or configures."""
        if isinstance(entity, KubeProxyConfiguration):
            yield cls(entity.metrics_bind_address or "", ("metricsBindAddress",), in_file=True)
            return
        for component in entity.components:
            if component.name != _NAME:
                continue
            given, named = component.flags.get(_FLAG, ()), component.flags.get("config", ())
            metrics: str | Unanswered = given[-1].value if given else ""
            if named:
                found = file_named(named[-1].value, component, KubeProxyConfiguration, estate)
                metrics = "" if found else Unanswered(f"the file {named[-1].value} that --config names")
            elif component.gap is not None and not given:
                metrics = Unanswered(f"the other flags of kube-proxy: {component.gap}")
            yield cls(metrics, given[-1].path if given else component.at, in_file=False)

    @property
    def host(self) -> str:
        """The address without its port."""
        text = str(self.metrics)
        if text.startswith("["):
            return text.partition("]")[0][1:]
        return text.rpartition(":")[0] if text.count(":") == 1 else text

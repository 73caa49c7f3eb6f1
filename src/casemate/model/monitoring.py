"""What a Prometheus of the Prometheus Operator scrapes.

Source: prometheus-operator pkg/apis/monitoring/v1 types (servicemonitor_types.go, podmonitor_types.go).
"""

import msgspec

from casemate.model.estate import Entity
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class MonitoredNamespaces(_Part, frozen=True, kw_only=True):
    """In which namespaces to look; in the monitor's own where neither is set."""

    any: bool | None = None
    match_names: tuple[str, ...] | None = None


class MetricsEndpoint(_Part, frozen=True, kw_only=True):
    """A port by its name, or by the number or name that pods have for it."""

    port: str | None = None
    target_port: int | str | None = None
    port_number: int | None = None


class MonitorSpec(_Part, frozen=True, kw_only=True):
    """Which Services or pods are scraped, and where."""

    selector: LabelSelector | None = None
    namespace_selector: MonitoredNamespaces | None = None
    endpoints: tuple[MetricsEndpoint, ...] = ()
    pod_metrics_endpoints: tuple[MetricsEndpoint, ...] = ()


class ServiceMonitor(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """The pods behind some Services are scraped."""

    spec: MonitorSpec = MonitorSpec()


class PodMonitor(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Some pods are scraped."""

    spec: MonitorSpec = MonitorSpec()

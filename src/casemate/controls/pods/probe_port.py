"""A probe asks a port by a name that its container does not declare.

The kubelet cannot resolve the name, so that the probe fails for ever: the container is never
ready, or is restarted again and again.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_PROBES = (
    ("livenessProbe", "liveness_probe"),
    ("readinessProbe", "readiness_probe"),
    ("startupProbe", "startup_probe"),
)


@control(
    "pod-probe-port",
    title="Probe of a port without that name",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Name the port in the container's ports, or give the probe the number",
    area="limits_concurrency_cost",
)
def probe_port(container: Container) -> Iterator[Fault]:
    declared = {port.name for port in container.spec.ports or ()}
    for key, field in _PROBES:
        probe = getattr(container.spec, field)
        for kind, handler in (("httpGet", probe.http_get), ("tcpSocket", probe.tcp_socket)) if probe else ():
            port = handler.port if handler is not None else None
            if isinstance(port, str) and not port.isdecimal() and port not in declared:
                yield Fault(
                    message=f"the {key} of container {container.name} asks the undeclared port {port}",
                    at=container.at(key, kind, "port"),
                    why=(f"declared are {', '.join(sorted(filter(None, declared))) or 'none by name'}",),
                )

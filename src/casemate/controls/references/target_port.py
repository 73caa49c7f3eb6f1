"""A Service sends to a port by a name that none of its pods declares.

The name cannot be resolved in any pod, so that nothing answers at this port of the Service.
"""

from collections.abc import Iterator

from casemate.analysis.labelled_pods import LabelledPod, LabelledPods
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Service
from casemate.model.severity import Severity


@control(
    "reference-target-port",
    title="Port of a Service that no pod declares",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Name the port in the pods' containers, or give targetPort the number",
    area="limits_concurrency_cost",
)
def target_port(service: Service, pods: LabelledPods) -> Iterator[Fault]:
    selector = service.spec.selector
    named = [(i, p.target_port) for i, p in enumerate(service.spec.ports) if _is_name(p.target_port)]
    if not selector or not named:
        return
    chosen = list(pods.labelled(service.ref.namespace, selector))
    declared = {name for pod in chosen for name in _port_names(pod)}
    for index, name in named:
        if chosen and name not in declared:
            yield Fault(
                message=f"no pod of the Service has a port named {name}",
                at=("spec", "ports", index, "targetPort"),
                why=(f"declared are {', '.join(sorted(declared)) or 'none by name'}",),
            )


def _is_name(port: int | str | None) -> bool:
    return isinstance(port, str) and not port.isdecimal()


def _port_names(pod: LabelledPod) -> Iterator[str]:
    spec = pod.template.spec
    for container in (*(spec.containers or ()), *(spec.init_containers or ())):
        yield from (port.name for port in container.ports or () if port.name)

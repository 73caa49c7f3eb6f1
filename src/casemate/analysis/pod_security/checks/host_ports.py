"""Ports of the node may not be used (policy/check_hostPorts.go).

With hostNetwork the API server fills in the hostPort of every port of regular and init
containers before the check sees the pod (SetDefaults_Pod in pkg/apis/core/v1/defaults.go).
"""

from collections.abc import Iterator

from casemate.analysis.pod_security.check import Check, Forbidden, Level, named, plural, since
from casemate.analysis.pods.view import Container, Pod
from casemate.model.place import Path


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: no port has a hostPort other than 0."""
    bad: list[Container] = []
    ports: set[str] = set()
    paths: list[Path] = []
    for container in pod.containers:
        found = list(host_ports(container))
        if found:
            bad.append(container)
            ports.update(str(port) for _, port in found)
            paths += [container.at("ports", index, "hostPort") for index, _ in found]
    if not bad:
        return None
    use = plural(len(bad), "uses", "use")
    return Forbidden(
        "hostPort",
        f"{named(bad)} {use} {plural(len(ports), 'hostPort')} {', '.join(sorted(ports))}",
        tuple(paths),
    )


def host_ports(container: Container) -> Iterator[tuple[int, int]]:
    """Index in `ports` and number of each port of the node that the container takes."""
    defaulted = container.pod.spec.host_network and not container.is_ephemeral
    for index, port in enumerate(container.spec.ports or ()):
        number = port.host_port or (port.container_port if defaulted else 0)
        if number:
            yield index, number


CHECK = Check("hostPorts", Level.BASELINE, ((since(0), judge),))

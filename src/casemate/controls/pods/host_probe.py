"""A probe or hook of a container is sent to a host of the author's choice.

The kubelet sends it, from the node's network and past all NetworkPolicies: whoever may write a
pod can so reach services of the node, of the control plane or of the cloud and see from the
pod's state whether they answer.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security.checks.host_probes_and_host_lifecycle import probe_hosts
from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_LOOPBACK = ("127.", "::1", "localhost")


@control(
    "pod-host-probe",
    title="Probe of another host",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove host; the kubelet then asks the pod itself",
    standards=(
        "PSS:baseline",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
)
def host_probe(container: Container) -> Iterator[Fault]:
    for path, host in probe_hosts(container):
        own = container.pod.spec.host_network is True and host.startswith(_LOOPBACK)
        reason = "hostNetwork is true: the node's loopback is the pod's own"
        yield Fault(
            message=f"container {container.name}: the kubelet sends a request to {host} on its behalf",
            at=path,
            why=(reason if own else f"{path[-2]}.host is {host}",),
            severity=Severity.LOW if own else Severity.MEDIUM,
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )

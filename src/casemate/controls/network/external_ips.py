"""A Service takes over addresses outside of the cluster.

Nodes send whatever is addressed to an external IP to the Service's pods, and nobody checks that the
address belongs to whoever wrote it: traffic of other pods to that address is intercepted
(CVE-2020-8554).
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Service
from casemate.model.severity import Severity


@control(
    "network-external-ips",
    title="Service with external addresses",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Remove externalIPs, and use a load balancer, an Ingress or a Gateway",
    standards=("NSA-CISA-1.2:network-exposure",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def external_ips(service: Service) -> Iterator[Fault]:
    addresses = service.spec.external_ips
    if addresses:
        path = ("spec", "externalIPs")
        yield Fault(
            message=f"traffic to {', '.join(addresses)} is taken over by this service",
            at=path,
            why=("every node sends what is addressed there to the pods of this service",),
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )

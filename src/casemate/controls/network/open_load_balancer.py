"""A load balancer with a public address serves callers from everywhere.

A Service of type LoadBalancer gets an address on the internet unless an annotation keeps it inside.
Without source ranges the whole world reaches the pods behind it, past Ingress, web firewall and
login page.
"""

from collections.abc import Iterator

from casemate.analysis.exposure import is_internal, is_limited, open_range
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Service
from casemate.model.severity import Confidence, Severity


@control(
    "network-open-load-balancer",
    title="Load balancer open to every address",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="List the callers in spec.loadBalancerSourceRanges, or keep the load balancer internal",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:network-exposure", "OWASP-Kubernetes-2025:K06", "MITRE:T1133"),
    area="ingress_tls_waf_authz",
)
def open_load_balancer(service: Service) -> Iterator[Fault]:
    if service.spec.type != "LoadBalancer" or is_internal(service) or is_limited(service):
        return
    everything = open_range(service)
    yield Fault(
        message="the load balancer serves callers from every address",
        at=("spec", "loadBalancerSourceRanges"),
        why=(
            f"the source range {everything} is every address"
            if everything
            else "no source ranges are set, and no annotation keeps it internal",
        ),
    )

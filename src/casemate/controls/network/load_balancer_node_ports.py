"""A load balancer is closed to strangers, and its node ports are not.

Source ranges and internal addresses hold at the load balancer. The API server also opens a port of
every node for the same pods, where neither holds.
"""

from collections.abc import Iterator

from casemate.analysis.exposure import is_internal, is_limited
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Service
from casemate.model.severity import Confidence, Severity

_FIELD = ("spec", "allocateLoadBalancerNodePorts")


@control(
    "network-load-balancer-node-ports",
    title="Node ports beside a limited load balancer",
    severity=Severity.INFO,
    consequence=Consequence.EXPOSED,
    remedy="Set allocateLoadBalancerNodePorts: false where the load balancer reaches pods directly",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:network-exposure",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def load_balancer_node_ports(service: Service) -> Iterator[Fault]:
    spec = service.spec
    if spec.type != "LoadBalancer" or spec.allocate_load_balancer_node_ports is False:
        return
    limited = is_limited(service)
    if limited or is_internal(service):
        yield Fault(
            message="the pods behind a closed load balancer are also reached at a port of every node",
            at=_FIELD,
            why=(
                "callers are limited at the load balancer" if limited else "the load balancer is internal",
                "node ports are opened too, since allocateLoadBalancerNodePorts is not false",
            ),
            fix=Fix(safe=False, edits=(Edit("set", _FIELD, value=False),)),
        )

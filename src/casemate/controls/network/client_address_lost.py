"""A network policy tells callers apart by their address, and the Service hides it.

Unless `externalTrafficPolicy` is Local, a node that passes a connection on puts its own address in place of
the caller's. The rule then shuts out those whom it names, or, with the nodes let in, nobody.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Service
from casemate.model.severity import Confidence, Severity

_SHOWN = 3


@control(
    "network-client-address-lost",
    title="Service that hides the callers whom a policy names",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.MEANING,
    remedy="Set externalTrafficPolicy: Local, or limit callers by loadBalancerSourceRanges",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
    fixes=True,
)
def client_address_lost(service: Service, situation: Situation) -> Iterator[Fault]:
    if service.spec.external_traffic_policy == "Local" or not situation.has_policies:
        return
    if service.spec.type not in {"LoadBalancer", "NodePort"}:
        return
    from casemate.analysis.network.clients import Clients  # noqa: PLC0415 # start-up: the network is large

    found = situation.derived(Clients).hidden(service)
    policy = service.spec.external_traffic_policy or "not set, which means Cluster"
    if found:
        yield Fault(
            message=f"{some(found, _SHOWN)} names callers by address, which the service replaces by a node's",
            at=("spec", "externalTrafficPolicy"),
            why=(f"externalTrafficPolicy is {policy}",),
            fix=Fix(safe=False, edits=(Edit("set", ("spec", "externalTrafficPolicy"), "Local"),)),
        )

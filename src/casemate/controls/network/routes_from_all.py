"""Any namespace may attach routes to a listener.

Whoever may write an HTTPRoute anywhere in the cluster can serve under the Gateway's names and
certificates, and take paths away from others.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Gateway
from casemate.model.severity import Severity


@control(
    "network-routes-from-all",
    title="Routes from every namespace",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Select the namespaces that may attach by a label (from: Selector)",
    standards=("OWASP-Kubernetes-2025:K06",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def routes_from_all(gateway: Gateway) -> Iterator[Fault]:
    for index, listener in enumerate(gateway.spec.listeners):
        allowed = listener.allowed_routes
        if allowed is not None and allowed.namespaces is not None and allowed.namespaces.origin == "All":
            path = ("spec", "listeners", index, "allowedRoutes", "namespaces", "from")
            yield Fault(
                message=f"listener {listener.name or 'without a name'} takes routes from every namespace",
                at=path,
                why=("allowedRoutes.namespaces.from is All; the default is Same",),
                fix=Fix(safe=False, edits=(Edit("set", path, "Same"),)),
            )

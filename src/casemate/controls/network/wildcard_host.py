"""An entrance answers to every name below a domain.

A name that nobody meant to serve, or that another team will use tomorrow, already leads here. Its
cookies and its certificates come along.
"""

from collections.abc import Iterator

from casemate.analysis.hosts import hosts
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Front
from casemate.model.severity import Severity


@control(
    "network-wildcard-host",
    title="Wildcard host",
    severity=Severity.INFO,
    consequence=Consequence.EXPOSED,
    remedy="Name the hosts that are served",
    standards=(
        "NSA-CISA-1.2:network-exposure",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K06",
    ),
    area="ingress_tls_waf_authz",
)
def wildcard_host(front: Front) -> Iterator[Fault]:
    told: set[str] = set()
    for host, path in hosts(front):
        if host and host.startswith("*.") and host not in told:
            told.add(host)
            yield Fault(
                message=f"every name that fits {host} is served",
                at=path,
                why=("a name that nobody meant to serve leads here too",),
            )

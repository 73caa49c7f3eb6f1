"""A rule of an entrance holds for every host name.

Whoever sends a request with any name, or just the address, gets an answer from this workload. On a
controller that several teams share it also takes the requests for hosts that others left out.
"""

from collections.abc import Iterator

from casemate.analysis.hosts import hosts
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Front
from casemate.model.severity import Severity


@control(
    "network-rule-without-host",
    title="Rule for every host name",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Name the host that the rule is for",
    standards=(
        "NSA-CISA-1.2:network-exposure",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K06",
    ),
    area="ingress_tls_waf_authz",
)
def rule_without_host(front: Front) -> Iterator[Fault]:
    for host, path in hosts(front):
        if host in {None, "", "*"}:
            yield Fault(
                message="a rule answers for every host name",
                at=path,
                why=("the host is *" if host == "*" else "the rule names no host",),
            )
            return

"""An Ingress serves a host without TLS.

Passwords, cookies and tokens of its callers cross the network in plain text, and anybody on the way
may change what they get. `spec.tls` names the hosts that are served with TLS; others are not.
"""

from collections.abc import Iterator

from casemate.analysis.exposure import plain_hosts, tls_elsewhere
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Ingress
from casemate.model.severity import Confidence, Severity


@control(
    "network-ingress-without-tls",
    title="Ingress host without TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Name the host in spec.tls, with the secret that holds its certificate",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
)
def ingress_without_tls(ingress: Ingress) -> Iterator[Fault]:
    if tls_elsewhere(ingress) is not None:
        return
    spec = ingress.spec
    why = "spec.tls does not cover it" if spec.tls else "spec.tls is not set"
    found = False
    for host, path in plain_hosts(ingress):
        found = True
        yield Fault(
            message=f"{host or 'every host without a rule of its own'} is served without TLS",
            at=(*path, "host"),
            why=(why, "no annotation of a known controller gives it a certificate"),
        )
    if not found and not spec.tls and not spec.rules and (spec.default_backend or spec.backend):
        yield Fault(message="every host is served without TLS", at=("spec", "tls"), why=(why,))

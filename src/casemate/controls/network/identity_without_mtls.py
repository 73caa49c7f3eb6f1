"""An AuthorizationPolicy tells callers apart by identity, and the proxies take plain text.

Only mutual TLS proves an identity. A caller that sends plain text has none: a rule that denies a name does
not mean it, and a rule that allows all but a name does.
"""

from collections.abc import Iterator

from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.istio_security import AuthorizationPolicy, PeerAuthentication
from casemate.model.severity import Severity

_KIND = "PeerAuthentication"


@control(
    "network-identity-without-mtls",
    title="Identity that plain text gets around",
    severity=Severity.HIGH,
    consequence=Consequence.EXPOSED,
    remedy="Set mtls.mode: STRICT for these pods by a PeerAuthentication, or list whom to allow",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def identity_without_mtls(policy: AuthorizationPolicy, situation: Situation) -> Iterator[Fault | Unanswered]:
    from casemate.analysis.network.plain_text import evaded  # noqa: PLC0415 # start-up: the network is large

    rules = evaded(situation.policies_of(policy))
    if not rules:
        return
    settles = any(True for _ in situation.estate.of(PeerAuthentication))
    if not settles and not situation.estate.coverage.covers(_KIND):
        yield Unanswered(f"not every {_KIND} was read")
        return
    denies = policy.spec.action == "DENY"
    for at in rules:
        yield Fault(
            message="a caller that sends plain text is not denied"
            if denies
            else "a caller that sends plain text is allowed, whoever it is",
            at=at,
            why=(
                "the rule needs an identity, which only mutual TLS proves",
                "plain text is taken (PERMISSIVE)",
            ),
        )

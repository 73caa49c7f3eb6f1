"""Tokens in pods are made for an hour, but the API server extends them to a year by default.

That was meant for programs of before 2021 that never read their token again. A token that leaks is
then good for a year.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-token-extended-expiration",
    title="Tokens that live a year",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --service-account-extend-token-expiration=false",
    standards=(
        "CIS-Kubernetes-1.12:1.2.30",
        "NSA-CISA-1.2:authentication",
        "NSA-CISA-1.2:service-account-tokens",
        "MITRE:T1528",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_token_extended_expiration(server: ApiServer) -> Answers:
    message = "tokens of pods live a year instead of an hour"
    yield from must_be(server, "service-account-extend-token-expiration", wanted=False, message=message)

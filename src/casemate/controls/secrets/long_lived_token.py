"""A Secret asks for a token that does not run out.

A Secret of the type service-account-token gets a token for as long as it exists, readable by all
who may read Secrets there. A bootstrap token without `expiration` lets nodes join for ever. Pods
get short-lived tokens without any Secret, and `kubectl create token` makes one for anything else.
"""

from collections.abc import Iterator

from casemate.model.configuration import Secret
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_ACCOUNT = "kubernetes.io/service-account-token"
_BOOTSTRAP = "bootstrap.kubernetes.io/token"
_NAME = "kubernetes.io/service-account.name"


@control(
    "secret-long-lived-token",
    title="Token that does not run out",
    severity=Severity.MEDIUM,
    consequence=Consequence.CLUSTER,
    remedy="Ask for a token by the TokenRequest API, or give the bootstrap token an expiration",
    standards=(
        "CIS-Kubernetes-1.12:5.1.6",
        "NSA-CISA-1.2:service-account-tokens",
        "NSA-CISA-1.2:authentication",
        "MITRE:T1528",
        "MITRE:T1550.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K09",
    ),
    area="secrets_env_encryption",
)
def long_lived_token(secret: Secret) -> Iterator[Fault]:
    if secret.type == _ACCOUNT:
        account = secret.annotations.get(_NAME, "without a name")
        yield Fault(
            message=f"the Secret keeps a token of service account {account} that never runs out",
            at=("type",),
            why=(f"type is {_ACCOUNT}",),
        )
    elif secret.type == _BOOTSTRAP and not (
        (secret.data or {}).get("expiration") or (secret.string_data or {}).get("expiration")
    ):
        yield Fault(
            message="the bootstrap token never runs out",
            at=("stringData" if secret.string_data else "data", "expiration"),
            why=("expiration is not set",),
        )

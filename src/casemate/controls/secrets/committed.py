"""A Secret stands in a file with its values.

`data` is base64, which anybody reads, and `stringData` is plain text. Whoever has the repository,
a clone or a backup has the secret, and removing it does not take it out of the history.
Placeholders, empty values, user names and certificates are no secrets, and neither is what
SOPS, Sealed Secrets or the External Secrets Operator keep in its place.
"""

from collections.abc import Iterator

from casemate.analysis.secrets.manifests import Value, values
from casemate.model.configuration import Secret
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity

_MOST = 5


@control(
    "secret-committed",
    title="Secret in a file",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.DISCLOSURE,
    remedy="Replace the values, and keep only a SealedSecret, an ExternalSecret or a file encrypted by SOPS",
    standards=(
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552",
        "MITRE:T1552.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NIST-800-190:4.1.4",
    ),
    area="secrets_env_encryption",
)
def committed(secret: Secret) -> Iterator[Fault]:
    if secret.sops is not None:
        return
    found = list(values(secret))
    if not found:
        return
    worst = max(found, key=lambda value: value.severity)
    keys = [value.path[-1] for value in found]
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    yield Fault(
        message=f"the Secret holds the values of {', '.join(map(str, keys[:_MOST]))}{more}",
        at=worst.path,
        why=_why(secret, worst),
        severity=Severity.MEDIUM if _is_rendered(secret) else worst.severity,
        confidence=Confidence.POSSIBLE if _is_rendered(secret) else worst.confidence,
    )


def _why(secret: Secret, worst: Value) -> tuple[str, ...]:
    encoded = "data is base64, no encryption" if worst.path[0] == "data" else "stringData is plain text"
    why = [encoded, *([f"{worst.path[-1]} holds {worst.kind}"] if worst.kind else [])]
    if _is_rendered(secret):
        why.append("it comes from a chart, which may make a new value at each rendering")
    return tuple(why)


def _is_rendered(secret: Secret) -> bool:
    return (secret.origin.note or "").startswith("as rendered")

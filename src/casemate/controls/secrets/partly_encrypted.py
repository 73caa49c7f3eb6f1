"""A file that SOPS encrypted holds values that are not encrypted.

They look safe among the others. They came in after the file was encrypted, or its rules
(`encrypted_regex`) leave them out.
"""

from collections.abc import Iterator

from casemate.analysis.secrets.manifests import values
from casemate.model.configuration import Secret
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "secret-partly-encrypted",
    title="Plain value in an encrypted file",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Replace the value, let encrypted_regex match data and stringData, and encrypt the file again",
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
def partly_encrypted(secret: Secret) -> Iterator[Fault]:
    if secret.sops is None:
        return
    for value in values(secret):
        yield Fault(
            message=f"{value.path[-1]} is not encrypted, though SOPS encrypted this file",
            at=value.path,
            why=("the values that SOPS encrypted start with ENC[",),
            severity=value.severity,
        )

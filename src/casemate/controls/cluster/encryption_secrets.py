"""Encryption at rest is configured, but not for secrets.

No entry of the file names them, so they are stored as they are.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import deciding
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-encryption-secrets",
    title="Encryption at rest leaves secrets out",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Name secrets in an entry whose first provider encrypts",
    standards=(
        "CIS-Kubernetes-1.12:1.2.28",
        "NSA-CISA-1.2:secrets",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="etcd_encryption_cmk",
)
def encryption_secrets(config: EncryptionConfiguration) -> Iterator[Fault]:
    if config.resources and deciding(config, "secrets") is None:
        yield Fault(
            message="no entry names secrets, so they are stored without encryption",
            at=("resources",),
            why=("a resource that no entry names is stored as it is",),
        )

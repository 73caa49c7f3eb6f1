"""The key that encrypts the cluster's secrets stands in a file that was read here.

Whoever has the file and a copy of etcd has every secret; with a key management service the key
never leaves it.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import keys
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-encryption-key-in-file",
    title="Encryption key in plain text",
    severity=Severity.MEDIUM,
    consequence=Consequence.DISCLOSURE,
    remedy="Use a KMS v2 provider; else keep the file out of repositories and make a new key",
    standards=(
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="etcd_encryption_cmk",
)
def encryption_key_in_file(config: EncryptionConfiguration) -> Iterator[Fault]:
    there = [found for found in keys(config) if found.is_there]
    if there:
        names = ", ".join(f"{found.key.name or 'without a name'} ({found.provider})" for found in there)
        yield Fault(
            message=f"encryption keys stand in the file: {names}",
            at=there[0].path,
            why=("whoever reads this file can decrypt what is stored with the keys",),
        )

"""AES-GCM writes secrets with a key that nobody rotates by itself.

Its nonces are random: with many writes under one key they repeat, and then the plain text can be
worked out. It is meant for software that rotates keys by itself, such as a KMS.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import deciding, writer
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "cluster-encryption-aesgcm",
    title="AES-GCM with a key in a file",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.DISCLOSURE,
    remedy="Write with kms or secretbox, or rotate the key at least every 200,000 writes",
    standards=("CIS-Kubernetes-1.12:1.2.28",),
    area="etcd_encryption_cmk",
)
def encryption_aesgcm(config: EncryptionConfiguration) -> Iterator[Fault]:
    index = deciding(config, "secrets")
    if index is None:
        return
    first = writer(config.resources[index])
    if first is not None and first.word == "aesgcm":
        yield Fault(
            message="secrets are written with aesgcm, whose key must be rotated and is in a file",
            at=("resources", index, "providers", 0, "aesgcm"),
            why=("nothing in this file rotates the key",),
        )

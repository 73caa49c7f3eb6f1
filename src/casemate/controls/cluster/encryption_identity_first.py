"""New secrets are written to etcd as they are, although encryption is configured.

The first provider writes, the others only read. With `identity` first the file looks like encryption
and protects nothing that is written from now on.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import deciding, writer
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_ASKED = (("secrets", Severity.HIGH), ("configmaps", Severity.LOW))


@control(
    "cluster-encryption-identity-first",
    title="Secrets are written without encryption",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Put a provider that encrypts first and identity last, then write all secrets anew",
    standards=(
        "CIS-Kubernetes-1.12:1.2.28",
        "NSA-CISA-1.2:secrets",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="etcd_encryption_cmk",
)
def encryption_identity_first(config: EncryptionConfiguration) -> Iterator[Fault]:
    told: set[int] = set()
    for resource, severity in _ASKED:
        index = deciding(config, resource)
        if index is None or index in told:
            continue
        first = writer(config.resources[index])
        if first is not None and first.word == "identity":
            told.add(index)
            yield Fault(
                message=f"{resource} are written without encryption: identity is the first provider",
                at=("resources", index, "providers", 0, "identity"),
                why=("the first provider of the entry writes; the others only read",),
                severity=severity,
            )

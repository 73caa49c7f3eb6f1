"""A key has a length that its provider does not take, so the API server does not start.

The key is decoded from base64 and counted, as the API server does.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import KEY_SIZES, keys
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-encryption-key-length",
    title="Encryption key of a wrong length",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Generate the key anew: head -c 32 /dev/urandom | base64",
    standards=("CIS-Kubernetes-1.12:1.2.28",),
    area="etcd_encryption_cmk",
)
def encryption_key_length(config: EncryptionConfiguration) -> Iterator[Fault]:
    for found in keys(config):
        sizes = KEY_SIZES[found.provider]
        if not found.is_there or found.size in sizes:
            continue
        name = found.key.name or "without a name"
        wanted = " or ".join(map(str, sizes))
        if found.size is None:
            message = f"the key {name} of {found.provider} is no base64, so the API server does not start"
        else:
            message = f"the key {name} has {found.size} bytes, {found.provider} takes {wanted}"
        yield Fault(message=message, at=found.path, why=("the key is counted after decoding its base64",))

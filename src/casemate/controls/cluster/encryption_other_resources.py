"""Encryption at rest covers secrets only.

ConfigMaps and custom resources often hold credentials too: cluster credentials of GitOps tools,
configurations of databases, provider keys.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import deciding
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-encryption-other-resources",
    title="Encryption at rest covers little more than secrets",
    severity=Severity.LOW,
    consequence=Consequence.DISCLOSURE,
    remedy='Encrypt configmaps too, or everything with a last entry for "*.*"',
    standards=("NSA-CISA-1.2:secrets",),
    area="etcd_encryption_cmk",
)
def encryption_other_resources(config: EncryptionConfiguration) -> Iterator[Fault]:
    if deciding(config, "secrets") is None:
        return
    if deciding(config, "configmaps") is None:
        yield Fault(
            message="no entry names configmaps, which are stored without encryption", at=("resources",)
        )
    elif deciding(config, "any.of.all.groups") is None:
        yield Fault(
            message="custom resources are stored without encryption, unless an entry names them",
            at=("resources",),
            why=('only "*.*" covers resources that are added later',),
            severity=Severity.INFO,
        )

"""A key management service is asked in version 1, which Kubernetes gave up.

It is deprecated since 1.28 and off since 1.29: the API server refuses the file unless the feature
gate KMSv1 is switched on. It also asks the service for each single object.
"""

from collections.abc import Iterator

from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_OFF = KubernetesVersion(1, 29)


@control(
    "cluster-encryption-kms-v1",
    title="KMS version 1",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Add a provider with apiVersion: v2 in front, write all secrets anew, then remove this one",
    standards=("NSA-CISA-1.2:upgrading", "OWASP-Kubernetes-2022:K10"),
    area="etcd_encryption_cmk",
    since=KubernetesVersion(1, 28),
)
def encryption_kms_v1(config: EncryptionConfiguration, version: KubernetesVersion) -> Iterator[Fault]:
    for index, entry in enumerate(config.resources):
        for number, provider in enumerate(entry.providers):
            kms = provider.kms
            if kms is None or kms.api_version not in {None, "", "v1"}:
                continue
            off = version >= _OFF
            how = "is off" if off else "is deprecated"
            yield Fault(
                message=f"the KMS provider {kms.name or 'without a name'} speaks v1, which {how}",
                at=("resources", index, "providers", number, "kms", "apiVersion"),
                why=(f"the feature gate KMSv1 {how} by default in Kubernetes {version}",),
                severity=Severity.MEDIUM if off else Severity.LOW,
            )

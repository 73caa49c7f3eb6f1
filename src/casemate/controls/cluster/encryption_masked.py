"""An entry stands behind another one that already decides about its resource.

The first entry wins. Behind a wildcard the API server refuses the file; where the same resource is
named again, the providers of the second entry only read.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import holds
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-encryption-masked",
    title="Entry behind another one for the same resource",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Name each resource once, and wildcards last",
    area="etcd_encryption_cmk",
)
def encryption_masked(config: EncryptionConfiguration) -> Iterator[Fault]:
    before: list[str] = []
    for index, entry in enumerate(config.resources):
        for number, name in enumerate(entry.resources):
            earlier = next((other for other in before if holds(other, name)), None)
            if earlier == name:
                message = f"{name} is named in an earlier entry, whose first provider writes it"
            elif earlier is not None:
                message = f"{name} stands behind {earlier}, which holds it: the API server refuses the file"
            else:
                continue
            yield Fault(message=message, at=("resources", index, "resources", number))
        before += entry.resources

"""Which provider encrypts stands in the file that the flag names, and only there.

Where that file was not read, the question stays open. What the file itself says is asked by other
controls. k3s and RKE2 write the file themselves, with aescbc first.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import FLAG
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-encryption-providers",
    title="How secrets are encrypted is not known",
    severity=Severity.MEDIUM,
    consequence=Consequence.DISCLOSURE,
    remedy="Give casemate the file that --encryption-provider-config names",
    standards=(
        "CIS-Kubernetes-1.12:1.2.28",
        "NSA-CISA-1.2:secrets",
    ),
    area="etcd_encryption_cmk",
)
def apiserver_encryption_providers(server: ApiServer) -> Answers:
    setting = server.setting("encryption-provider-config")
    file = server.file("encryption-provider-config", EncryptionConfiguration)
    if isinstance(file, Unanswered) and setting.decided_by == FLAG:
        yield file
    elif isinstance(file, EncryptionConfiguration) and not file.resources:
        message = "the file of --encryption-provider-config encrypts nothing"
        yield from settled(server, setting, message, None)

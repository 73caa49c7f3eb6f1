"""The kubelet does not renew its client certificate.

After a year the node drops out; a certificate that was made to last longer is one that stays stolen.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-certificate-rotation",
    title="Client certificate is not renewed",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Set rotateCertificates: true",
    standards=(
        "CIS-Kubernetes-1.12:4.2.10",
        "NSA-CISA-1.2:authentication",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_certificate_rotation(kubelet: Kubelet) -> Answers:
    if kubelet.by_distribution:
        return
    yield from must_not(
        kubelet,
        "rotate-certificates",
        lambda rotates: not rotates,
        message="the kubelet does not renew its client certificate",
        wanted=True,
    )

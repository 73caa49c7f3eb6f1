"""The kubelet lets everyone who is authenticated do everything.

Every service account and every node has a credential that the kubelet takes.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-authorization",
    title="Kubelet allows every request",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Set authorization.mode: Webhook, or --authorization-mode=Webhook",
    standards=(
        "CIS-Kubernetes-1.12:4.2.2",
        "NSA-CISA-1.2:worker-node-segmentation",
        "MITRE:T1609",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
        "NIST-800-190:4.3.2",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_authorization(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "authorization-mode",
        "AlwaysAllow".__eq__,
        message="the kubelet allows every request of everyone it knows",
        wanted="Webhook",
    )

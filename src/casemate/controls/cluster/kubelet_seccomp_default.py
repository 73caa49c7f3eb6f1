"""Pods that name no seccomp profile run without one.

The kubelet can give them the container runtime's own, which blocks system calls that attacks on the
kernel use.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-seccomp-default",
    title="No seccomp profile by default",
    severity=Severity.LOW,
    consequence=Consequence.ESCALATION,
    remedy="Set seccompDefault: true",
    standards=(
        "CIS-Kubernetes-1.12:4.2.14",
        "NSA-CISA-1.2:seccomp",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_seccomp_default(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "seccomp-default",
        lambda on: not on,
        message="pods that name no seccomp profile run without one",
        wanted=True,
    )

"""The kubelet changes the kernel's settings to what it needs.

What was hardened on the host may be undone when the kubelet starts.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-kernel-defaults",
    title="Kernel settings may be changed",
    severity=Severity.LOW,
    consequence=Consequence.UNGOVERNED,
    remedy="Set protectKernelDefaults: true, and the settings on the host",
    standards=(
        "NSA-CISA-1.2:worker-node-segmentation",
        "NIST-800-190:4.5.3",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_kernel_defaults(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "protect-kernel-defaults",
        lambda on: not on,
        message="the kubelet changes settings of the kernel when it starts",
        wanted=True,
        severity=Severity.INFO,
    )

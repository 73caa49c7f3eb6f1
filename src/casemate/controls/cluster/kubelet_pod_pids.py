"""A pod may start as many processes as the node has room for.

A fork bomb in one pod takes all others of the node down, the kubelet with them.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-pod-pids",
    title="Pods without a limit of processes",
    severity=Severity.LOW,
    consequence=Consequence.STARVATION,
    remedy="Set podPidsLimit, for example to 4096",
    standards=(
        "CIS-Kubernetes-1.12:4.2.13",
        "NSA-CISA-1.2:resource-policies",
        "MITRE:T1499",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_pod_pids(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "pod-max-pids",
        lambda limit: limit <= 0,
        message="pods may start as many processes as the node has room for",
        wanted=4096,
    )

"""The kubelet sends events without a limit.

A pod that crashes in a loop, or an attacker who makes it, floods the API server and pushes real events out.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-event-rate",
    title="Events without a limit",
    severity=Severity.LOW,
    consequence=Consequence.UNSEEN,
    remedy="Set eventRecordQPS to 50, or leave it out",
    standards=(
        "CIS-Kubernetes-1.12:4.2.8",
        "NSA-CISA-1.2:logging",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_event_rate(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "event-qps",
        lambda rate: rate <= 0,
        message="the kubelet sends events without a limit",
        wanted=50,
    )

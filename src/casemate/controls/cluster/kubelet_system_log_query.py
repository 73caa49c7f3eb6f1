"""The kubelet shows the host's logs to those who may read its logs.

They hold what the whole machine does, other tenants included.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-system-log-query",
    title="Host's logs through the kubelet",
    severity=Severity.LOW,
    consequence=Consequence.DISCLOSURE,
    remedy="Remove enableSystemLogQuery: true",
    standards=("NSA-CISA-1.2:worker-node-segmentation",),
    area="kubelet_config",
    fixes=True,
)
def kubelet_system_log_query(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "enable-system-log-query",
        bool,
        message="the kubelet shows the logs of the host's services",
        wanted=False,
    )

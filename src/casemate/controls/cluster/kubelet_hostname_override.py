"""A node bears another name than its host.

Its certificate and what it may do hang on that name.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-hostname-override",
    title="Node name that is not the host's",
    severity=Severity.LOW,
    consequence=Consequence.UNGOVERNED,
    remedy="Remove --hostname-override, unless the platform needs it",
    standards=("CIS-Kubernetes-1.12:4.2.7",),
    area="kubelet_config",
)
def kubelet_hostname_override(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "hostname-override",
        bool,
        message="the node is registered under the name {value}, not that of its host",
    )

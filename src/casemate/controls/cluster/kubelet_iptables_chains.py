"""The kubelet does not keep its iptables rules.

What protects the node's local addresses and marks traffic for translation is then missing after a change.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-iptables-chains",
    title="Kubelet without its iptables chains",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Remove makeIPTablesUtilChains: false",
    standards=("CIS-Kubernetes-1.12:4.2.6",),
    area="kubelet_config",
    fixes=True,
)
def kubelet_iptables_chains(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "make-iptables-util-chains",
        lambda made: not made,
        message="the kubelet does not keep its iptables rules in place",
        wanted=True,
    )

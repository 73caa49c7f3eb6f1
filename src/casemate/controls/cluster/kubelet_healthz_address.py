"""The kubelet's health port answers the whole network.

It asks for no credentials and is there for the host itself.
"""

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-healthz-address",
    title="Health port open to the network",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set healthzBindAddress: 127.0.0.1",
    standards=("NSA-CISA-1.2:worker-node-segmentation",),
    area="kubelet_config",
    fixes=True,
)
def kubelet_healthz_address(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "healthz-bind-address",
        lambda address: not is_loopback(address),
        message="the kubelet's health port listens at {value}",
        wanted="127.0.0.1",
    )

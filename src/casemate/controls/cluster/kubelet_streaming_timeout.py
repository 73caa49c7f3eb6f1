"""Connections into containers never time out.

A shell that somebody forgot stays open, and thousands of idle ones take the node's ports.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-streaming-timeout",
    title="Connections without an idle timeout",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Remove --streaming-connection-idle-timeout=0, or set it to 5m",
    standards=("CIS-Kubernetes-1.12:4.2.5",),
    area="kubelet_config",
)
def kubelet_streaming_timeout(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "streaming-connection-idle-timeout",
        lambda seconds: seconds == 0,
        message="idle connections into containers are never closed",
    )

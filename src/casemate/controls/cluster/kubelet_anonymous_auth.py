"""The kubelet takes requests from anybody.

With an authorization that allows everything, whoever reaches port 10250 runs commands in every pod of
the node and reads its logs and secrets.
"""

from casemate.analysis.cluster.kubelet import Kubelet, Value
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-anonymous-auth",
    title="Kubelet takes anonymous requests",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Set authentication.anonymous.enabled: false, or --anonymous-auth=false",
    standards=(
        "CIS-Kubernetes-1.12:4.2.1",
        "NSA-CISA-1.2:authentication",
        "MITRE:T1552.007",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K06",
        "NIST-800-190:4.3.2",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_anonymous_auth(kubelet: Kubelet) -> Answers:
    mode = kubelet.value("authorization-mode")
    open_to_all = isinstance(mode, Value) and mode.value == "AlwaysAllow"
    why = ("authorization allows everything too",) if open_to_all else ()
    yield from must_not(
        kubelet,
        "anonymous-auth",
        bool,
        message="the kubelet takes requests without credentials",
        wanted=False,
        severity=Severity.CRITICAL if open_to_all else None,
        why=why,
    )

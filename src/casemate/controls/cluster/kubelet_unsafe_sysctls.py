"""Pods may change kernel settings that touch their neighbours.

Unsafe ones are refused by default, because they are not kept apart between pods.
"""

from casemate.analysis.cluster.kubelet import Kubelet, Value
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-unsafe-sysctls",
    title="Unsafe sysctls allowed",
    severity=Severity.LOW,
    consequence=Consequence.NEIGHBOURS,
    remedy="Allow the few that are needed, on nodes of their own",
    standards=(
        "NSA-CISA-1.2:worker-node-segmentation",
        "MITRE:T1611",
    ),
    area="kubelet_config",
)
def kubelet_unsafe_sysctls(kubelet: Kubelet) -> Answers:
    value = kubelet.value("allowed-unsafe-sysctls")
    names = value.value if isinstance(value, Value) else ()
    wide = any(name in {"*", "kernel.*", "net.*"} for name in names)
    yield from must_not(
        kubelet,
        "allowed-unsafe-sysctls",
        bool,
        message=f"pods may set {', '.join(names)}",
        severity=Severity.MEDIUM if wide else None,
    )

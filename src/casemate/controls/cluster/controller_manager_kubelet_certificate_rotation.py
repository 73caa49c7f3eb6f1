"""The gate lets kubelets ask for their serving certificate and renew it.

It is on by default since 1.12; somebody has switched it off.
"""

from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-kubelet-certificate-rotation",
    title="Kubelets' serving certificates are not renewed",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Remove RotateKubeletServerCertificate=false from --feature-gates",
    standards=(
        "CIS-Kubernetes-1.12:1.3.6",
        "NSA-CISA-1.2:worker-node-segmentation",
    ),
    area="apiserver_flags_anonymous",
)
def controller_manager_kubelet_certificate_rotation(manager: ControllerManager) -> Answers:
    setting = manager.setting("feature-gates")
    given = dict(item.rpartition("=")[::2] for item in setting.items)
    text = given.get("RotateKubeletServerCertificate", "true")
    if text.lower() in {"false", "f", "0"}:
        message = "the controller manager does not help kubelets to renew their serving certificates"
        yield from settled(manager, setting, message, None)

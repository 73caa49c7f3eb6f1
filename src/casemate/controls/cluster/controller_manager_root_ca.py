"""This CA is put beside the token of each pod, so that programs can check who they talk to.

Without it they skip the check, and give their token to whoever answers.
"""

from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-root-ca",
    title="Pods get no CA",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --root-ca-file",
    standards=(
        "CIS-Kubernetes-1.12:1.3.5",
        "NSA-CISA-1.2:encryption",
    ),
    area="apiserver_flags_anonymous",
)
def controller_manager_root_ca(manager: ControllerManager) -> Answers:
    message = "pods are given no CA to check the API server by"
    yield from must_be_set(manager, "root-ca-file", message=message)

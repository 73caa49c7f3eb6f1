"""Each controller can act as a service account of its own with the few rights it needs.

By default all of them act with the controller manager's own, which have to cover everything.
"""

from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-service-account-credentials",
    title="One identity for all controllers",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --use-service-account-credentials",
    standards=(
        "CIS-Kubernetes-1.12:1.3.3",
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def controller_manager_service_account_credentials(manager: ControllerManager) -> Answers:
    message = "all controllers act with the rights of all of them"
    yield from must_be(manager, "use-service-account-credentials", wanted=True, message=message)

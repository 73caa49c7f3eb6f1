"""The controller manager signs the tokens of Secrets with this key.

Without one it makes none, and people hand out tokens by other ways.
"""

from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-service-account-key",
    title="No key that signs tokens",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --service-account-private-key-file",
    standards=(
        "CIS-Kubernetes-1.12:1.3.4",
        "NSA-CISA-1.2:authentication",
    ),
    area="apiserver_flags_anonymous",
)
def controller_manager_service_account_key(manager: ControllerManager) -> Answers:
    message = "no key is named that signs the tokens of service accounts"
    yield from must_be_set(manager, "service-account-private-key-file", message=message)

"""Only what runs on the same host has to ask the controller manager.

By default it listens on all addresses. Metrics and health are behind authentication, but a flaw in
front of it is open to the whole network.
"""

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-bind-address",
    title="The controller manager listens to the network",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set --bind-address=127.0.0.1",
    standards=(
        "CIS-Kubernetes-1.12:1.3.7",
        "NSA-CISA-1.2:control-plane-hardening",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="api_endpoint_exposure",
    fixes=True,
)
def controller_manager_bind_address(manager: ControllerManager) -> Answers:
    setting = manager.setting("bind-address")
    if not is_loopback(setting.value or "") and manager.setting("secure-port").value != "0":
        message = "the controller manager listens to the network"
        yield from settled(manager, setting, message, manager.put("bind-address", "127.0.0.1"))

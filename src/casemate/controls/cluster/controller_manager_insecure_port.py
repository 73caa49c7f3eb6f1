"""The old port of the controller manager asks for no credentials.

It serves metrics and profiles to whoever reaches it. Kubernetes 1.24 removed the flag.
"""

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.program import FLAG
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-insecure-port",
    title="A port of the controller manager without authentication",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Set --port=0",
    standards=(
        "NSA-CISA-1.2:control-plane-hardening",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="api_endpoint_exposure",
    fixes=True,
)
def controller_manager_insecure_port(manager: ControllerManager) -> Answers:
    setting = manager.setting("port")
    if setting.decided_by == FLAG and setting.number and manager.minor < 24:
        local = is_loopback(manager.setting("address").value or "")
        message = "the controller manager has a port without authentication"
        severity = Severity.LOW if local else None
        yield from settled(manager, setting, message, manager.put("port", "0"), severity)

"""Finished pods stay in etcd until so many are there.

The default of 12500 is more than most clusters need. With 0 or less they are never cleared away,
and etcd fills up.
"""

from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.program import DEFAULT
from casemate.analysis.cluster.questions import Answers, settled, unreadable
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-terminated-pods",
    title="Many finished pods are kept",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Set --terminated-pod-gc-threshold, for example to 1000",
    standards=(
        "CIS-Kubernetes-1.12:1.3.1",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def controller_manager_terminated_pods(manager: ControllerManager) -> Answers:
    setting = manager.setting("terminated-pod-gc-threshold")
    number = setting.number
    if setting.value is not None and number is None:
        yield unreadable(setting, "no number")
    elif number is not None and number <= 0:
        message = "finished pods are never cleared away"
        fix = manager.put("terminated-pod-gc-threshold", "1000")
        yield from settled(manager, setting, message, fix, Severity.MEDIUM)
    elif setting.decided_by == DEFAULT:
        message = "finished pods are cleared away only when there are 12500 of them"
        yield from settled(manager, setting, message, manager.put("terminated-pod-gc-threshold", "1000"))

"""Profiles of a running program show its memory and its load.

They are on by default; nobody needs them in production.
"""

from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-controller-manager-profiling",
    title="Profiling of the controller manager",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set --profiling=false",
    standards=(
        "CIS-Kubernetes-1.12:1.3.2",
        "NSA-CISA-1.2:control-plane-hardening",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def controller_manager_profiling(manager: ControllerManager) -> Answers:
    message = "the controller manager serves its profiles at /debug/pprof"
    yield from must_be(manager, "profiling", wanted=False, message=message)

"""Profiles of a running program show its memory and its load.

They are on by default; nobody needs them in production. With a file named by --config the flag
counts for nothing, and the file decides.
"""

from casemate.analysis.cluster.questions import Answers, must_be, settled
from casemate.analysis.cluster.scheduler import Scheduler
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-scheduler-profiling",
    title="Profiling of the scheduler",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set --profiling=false, or enableProfiling: false in the file of --config",
    standards=(
        "CIS-Kubernetes-1.12:1.4.1",
        "NSA-CISA-1.2:control-plane-hardening",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def scheduler_profiling(scheduler: Scheduler) -> Answers:
    message = "the scheduler serves its profiles at /debug/pprof"
    file = scheduler.configuration
    if file is None:
        yield from must_be(scheduler, "profiling", wanted=False, message=message)
    elif isinstance(file, Unanswered):
        yield file
    elif file.enable_profiling is not False:
        said = (
            "says enableProfiling: true"
            if file.enable_profiling
            else "has no enableProfiling, which means true"
        )
        why = (f"{file.origin.document.file.rpartition('/')[2]} {said}",)
        yield from settled(scheduler, scheduler.setting("config"), message, None, None, why)

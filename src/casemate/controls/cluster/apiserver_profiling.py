"""Profiles of a running API server show its memory and its load.

Only who may get the path /debug/pprof reads them, but nobody needs them in production, and taking
one slows the server down. They are on by default in every release.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-profiling",
    title="Profiling of the API server",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set --profiling=false",
    standards=(
        "CIS-Kubernetes-1.12:1.2.15",
        "NSA-CISA-1.2:control-plane-hardening",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_profiling(server: ApiServer) -> Answers:
    message = "the API server serves its profiles at /debug/pprof"
    yield from must_be(server, "profiling", wanted=False, message=message)

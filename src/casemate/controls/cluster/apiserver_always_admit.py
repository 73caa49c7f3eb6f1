"""AlwaysAdmit was made to have no admission at all.

In current releases it does nothing beside the others, but who names it means to have no checks, and
in the old form it often stands alone.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_not_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-always-admit",
    title="Admission that admits everything",
    severity=Severity.HIGH,
    consequence=Consequence.ADMITTED,
    remedy="Remove AlwaysAdmit from --enable-admission-plugins",
    standards=("CIS-Kubernetes-1.12:1.2.10",),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_always_admit(server: ApiServer) -> Answers:
    message = "the admission plugin AlwaysAdmit stands for admission without any check"
    yield from must_not_run(server, "AlwaysAdmit", message=message)

"""This plugin refuses objects in namespaces that are not there or are going away.

It also keeps the system's own namespaces from being deleted. Without it something can hide in a
namespace that nobody lists, and kube-system can be deleted.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-namespace-lifecycle",
    title="Objects in namespaces that are gone",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Remove NamespaceLifecycle from --disable-admission-plugins",
    standards=("CIS-Kubernetes-1.12:1.2.13",),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_namespace_lifecycle(server: ApiServer) -> Answers:
    message = "objects may be made in namespaces that do not exist or are being deleted"
    yield from must_run(server, "NamespaceLifecycle", message=message)

"""A node keeps what it pulled. Who names that image gets it without credentials for the registry.

AlwaysPullImages has each pod ask the registry. The price: a registry that is down stops new pods.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-always-pull-images",
    title="Images of others can be used without their credentials",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Add AlwaysPullImages to --enable-admission-plugins",
    standards=("CIS-Kubernetes-1.12:1.2.11",),
    area="apiserver_flags_anonymous",
)
def apiserver_always_pull_images(server: ApiServer) -> Answers:
    message = "a pod may use a private image that another one pulled to its node"
    yield from must_run(server, "AlwaysPullImages", message=message, edit=False)

"""This plugin gives a pod its service account and checks that it exists and may mount what it mounts.

Without it a pod has no token, so people hand out tokens by hand, and nothing holds a pod to the
secrets of its account.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-service-account-plugin",
    title="Service accounts are not checked",
    severity=Severity.HIGH,
    consequence=Consequence.ADMITTED,
    remedy="Remove ServiceAccount from --disable-admission-plugins",
    standards=(
        "CIS-Kubernetes-1.12:1.2.12",
        "NSA-CISA-1.2:service-account-tokens",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_service_account_plugin(server: ApiServer) -> Answers:
    message = "pods may name service accounts and secrets that are not theirs to use"
    yield from must_run(server, "ServiceAccount", message=message)

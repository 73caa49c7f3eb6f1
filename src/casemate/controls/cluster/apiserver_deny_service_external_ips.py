"""A Service's externalIPs draw traffic for these addresses to its pods (CVE-2020-8554).

The plugin refuses such Services; only few clusters need them.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-deny-service-external-ips",
    title="Services may take any address",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Add DenyServiceExternalIPs to --enable-admission-plugins",
    standards=(
        "CIS-Kubernetes-1.12:1.2.3",
        "NSA-CISA-1.2:network-exposure",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_deny_service_external_ips(server: ApiServer) -> Answers:
    message = "whoever may write Services can take over traffic to any address with externalIPs"
    yield from must_run(server, "DenyServiceExternalIPs", message=message)

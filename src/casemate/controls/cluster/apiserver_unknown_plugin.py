"""The API server does not start with a name that it does not know.

Most often the plugin was removed: PodSecurityPolicy went with 1.25, SecurityContextDeny with 1.30.
An upgrade then stops the control plane.
"""

from casemate.analysis.cluster.admission import removed
from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import FLAG
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-unknown-plugin",
    title="An admission plugin that is not there",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Remove the name from the list",
    standards=(
        "NSA-CISA-1.2:upgrading",
        "OWASP-Kubernetes-2022:K10",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_unknown_plugin(server: ApiServer) -> Answers:
    release = server.release.version if server.release.stated else None
    for flag in ("enable-admission-plugins", "disable-admission-plugins", "admission-control"):
        setting = server.setting(flag)
        gone = [name for name in setting.items if removed(name, release)]
        for name in gone if setting.decided_by == FLAG else ():
            message = f"there is no admission plugin {name}, so the API server does not start"
            rest = ",".join(item for item in setting.items if item != name)
            yield from settled(
                server, setting, message, server.put(flag, rest), None, (f"rules of {server.title}",)
            )

"""Roles and bindings are asked only where RBAC is among the modes.

Without it rights stand in a file on each control plane node or with a webhook, where the cluster's
own review does not see them.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-authorization-rbac",
    title="No RBAC",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Add RBAC to --authorization-mode",
    standards=(
        "CIS-Kubernetes-1.12:1.2.8",
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_authorization_rbac(server: ApiServer) -> Answers:
    modes = server.authorizers
    if isinstance(modes, Unanswered):
        yield modes
    elif "RBAC" not in modes:
        setting = server.authorization
        fix = (
            server.put(setting.name, ",".join((*(mode for mode in modes if mode != "AlwaysAllow"), "RBAC")))
            if setting.name == "authorization-mode"
            else None
        )
        message = "roles and bindings count for nothing, since RBAC is not among the modes"
        yield from settled(
            server, setting, message, fix, None, (f"authorizers, in order: {', '.join(modes)}",)
        )

"""ABAC rules stand in a file on each control plane node and are read once, at start.

What they allow is allowed whatever RBAC says, so that reviewing roles does not show who may do
what.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-authorization-abac",
    title="Rights in a file beside RBAC",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Carry the rules over to RBAC and take ABAC out of --authorization-mode",
    standards=(
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_authorization_abac(server: ApiServer) -> Answers:
    modes = server.authorizers
    if isinstance(modes, Unanswered):
        yield modes
    elif "ABAC" in modes:
        setting = server.authorization
        fix = (
            server.put(setting.name, ",".join(mode for mode in modes if mode != "ABAC") or "Node,RBAC")
            if setting.name == "authorization-mode"
            else None
        )
        message = "rights also come from a file of ABAC rules, which no role or binding shows"
        why = [f"authorizers, in order: {', '.join(modes)}"]
        if "RBAC" in modes:
            why.append(
                "what either of RBAC and ABAC allows is allowed: no role can take away what the file gives"
            )
        yield from settled(server, setting, message, fix, None, tuple(why))

"""With AlwaysAllow whoever is let in at all is cluster-admin.

It is the default of kube-apiserver itself, where no mode is given: kubeadm, k3s and RKE2 give
Node,RBAC. Wherever it stands in the list, whatever the others do not decide is allowed.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-authorization-always-allow",
    title="Everything is allowed to everybody",
    severity=Severity.CRITICAL,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --authorization-mode=Node,RBAC",
    standards=(
        "CIS-Kubernetes-1.12:1.2.6",
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K07",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_authorization_always_allow(server: ApiServer) -> Answers:
    modes = server.authorizers
    if isinstance(modes, Unanswered):
        yield modes
    elif "AlwaysAllow" in modes:
        setting = server.authorization
        fix = (
            server.put(setting.name, ",".join(mode for mode in modes if mode != "AlwaysAllow") or "Node,RBAC")
            if setting.name == "authorization-mode"
            else None
        )
        message = "authorization allows everything to everybody"
        yield from settled(
            server, setting, message, fix, None, (f"authorizers, in order: {', '.join(modes)}",)
        )

"""Requests without any credentials are taken as system:anonymous, and authorization decides about them.

With RBAC they come as far as the health and version paths, unless somebody binds more to
system:anonymous or system:unauthenticated, as tutorials do. Where everything is allowed, they can
do everything.
"""

from casemate.analysis.cluster.anonymous import Anonymous, Reach, anonymous
from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.components import PAIRS
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-anonymous-auth",
    title="Requests of nobody in particular",
    severity=Severity.LOW,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Allow health paths alone in an AuthenticationConfiguration, or set --anonymous-auth=false",
    standards=(
        "CIS-Kubernetes-1.12:1.2.1",
        "NSA-CISA-1.2:authentication",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K09",
        "OWASP-Kubernetes-2022:K09",
        "MITRE:T1078.001",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_anonymous_auth(server: ApiServer) -> Answers:
    found = anonymous(server)
    if isinstance(found, Unanswered):
        yield found
    elif found.conflict:
        message = "--anonymous-auth stands beside a file that says the same, so the API server does not start"
        flag = server.setting("anonymous-auth")
        yield from settled(
            server, flag, message, server.drop("anonymous-auth"), Severity.HIGH, (found.by_file or "",)
        )
    elif found.reach in {Reach.EVERYWHERE, Reach.PATHS}:
        severity, why = _weighed(server, found)
        reasons = (why,) if found.by_file is None else (found.by_file, why)
        fix = server.put("anonymous-auth", "false") if server.component.form == PAIRS else None
        message = "the API server answers requests of nobody in particular"
        yield from settled(server, found.setting, message, fix, severity, reasons)


def _weighed(server: ApiServer, found: Anonymous) -> tuple[Severity, str]:
    """How bad it is by what authorization lets them do, and why."""
    modes = server.authorizers
    if isinstance(modes, Unanswered):
        return Severity.MEDIUM, "what they may do stands in a file that was not read"
    if "AlwaysAllow" in modes:
        if found.by_file is None:
            return Severity.LOW, "AlwaysAllow makes the API server refuse them for now, in spite of the flag"
        if found.reach is Reach.EVERYWHERE:
            return Severity.CRITICAL, "authorization allows everything to everybody"
    if "RBAC" in modes and not {"ABAC", "Webhook"}.intersection(modes):
        return Severity.LOW, "RBAC gives them the health and version paths, and what is bound to them"
    return Severity.MEDIUM, f"{', '.join(modes)} decides what they may do"

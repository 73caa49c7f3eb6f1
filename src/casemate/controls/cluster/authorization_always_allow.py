"""Everybody who is authenticated may do everything.

AlwaysAllow answers each request with yes; what stands behind it is never asked.

Where the file of an API server that was read is meant, the answer stands there.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.named_files import NamedFiles
from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "cluster-authorization-always-allow",
    title="Every request is allowed",
    severity=Severity.CRITICAL,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Remove AlwaysAllow; use Node and RBAC",
    standards=(
        "CIS-Kubernetes-1.12:1.2.6",
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def authorization_always_allow(config: AuthorizationConfiguration, named: NamedFiles) -> Iterator[Fault]:
    if config in named:
        return
    for index, one in enumerate(config.authorizers):
        if one.type == "AlwaysAllow":
            fix = Fix(safe=False, edits=(Edit("remove", ("authorizers", index)),))
            yield Fault(
                message="every request is allowed that no authorizer before refuses",
                at=("authorizers", index, "type"),
                why=("an authorizer has the type AlwaysAllow",),
                fix=fix if len(config.authorizers) > 1 else None,
            )

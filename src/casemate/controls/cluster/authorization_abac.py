"""A policy file on the API server's disk decides beside RBAC.

Its lines are read when the API server starts, are changed by whoever can write the file, and show in
no review of roles.

Where the file of an API server that was read is meant, the answer stands there.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.named_files import NamedFiles
from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "cluster-authorization-abac",
    title="ABAC decides beside RBAC",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Move its lines into roles and bindings, then remove the authorizer",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2025:K02"),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def authorization_abac(config: AuthorizationConfiguration, named: NamedFiles) -> Iterator[Fault]:
    if config in named:
        return
    for index, one in enumerate(config.authorizers):
        if one.type == "ABAC":
            yield Fault(
                message="a policy file on the API server's disk grants rights that no role shows",
                at=("authorizers", index, "type"),
                fix=Fix(safe=False, edits=(Edit("remove", ("authorizers", index)),)),
            )

"""Roles and bindings count for nothing here.

Without the RBAC authorizer something else decides who may do what, out of sight of every review of
roles.

Where the file of an API server that was read is meant, the answer stands there.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.named_files import NamedFiles
from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "cluster-authorization-without-rbac",
    title="Authorization without RBAC",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Add an authorizer of the type RBAC",
    standards=("CIS-Kubernetes-1.12:1.2.8", "NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2025:K02"),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def authorization_without_rbac(config: AuthorizationConfiguration, named: NamedFiles) -> Iterator[Fault]:
    if config in named:
        return
    if config.authorizers and "RBAC" not in config.modes:
        item = {"type": "RBAC", "name": "rbac"}
        yield Fault(
            message="roles and bindings decide nothing",
            at=("authorizers",),
            why=(f"the authorizers are {', '.join(config.modes) or 'without types'}",),
            fix=Fix(safe=False, edits=(Edit("set", ("authorizers", len(config.authorizers)), item),)),
        )

"""Kubelets are not held to the objects of their own node.

The Node authorizer lets a kubelet read only the secrets of pods that run on it. Without it kubelets
need a role that reads them all.

Where the file of an API server that was read is meant, the answer stands there.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.named_files import NamedFiles
from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "cluster-authorization-without-node",
    title="Authorization without the Node authorizer",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Add an authorizer of the type Node before RBAC",
    standards=("CIS-Kubernetes-1.12:1.2.7", "NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2025:K02"),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def authorization_without_node(config: AuthorizationConfiguration, named: NamedFiles) -> Iterator[Fault]:
    if config in named:
        return
    if config.authorizers and "Node" not in config.modes:
        item = {"type": "Node", "name": "node"}
        yield Fault(
            message="no authorizer holds kubelets to their own node",
            at=("authorizers",),
            why=(f"the authorizers are {', '.join(config.modes) or 'without types'}",),
            fix=Fix(safe=False, edits=(Edit("set", ("authorizers", len(config.authorizers)), item),)),
        )

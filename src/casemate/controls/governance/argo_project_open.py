"""An Argo CD project lets its applications bring anything, from anywhere, to everywhere.

A project is the border between tenants of one Argo CD. Where all of it is open, whoever may write one
application, or one repository it follows, deploys as the controller, which is cluster-admin.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.governance import ArgoProject
from casemate.model.severity import Severity


@control(
    "governance-argo-project-open",
    title="Argo CD project without borders",
    severity=Severity.MEDIUM,
    consequence=Consequence.CLUSTER,
    remedy="Name the repositories, the destinations and the cluster-wide kinds that the project needs",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
    fixes=True,
)
def argo_project_open(project: ArgoProject) -> Iterator[Fault]:
    spec = project.spec
    for index, item in enumerate(spec.cluster_resource_whitelist):
        if item.group == "*" and item.kind == "*":
            path = ("spec", "clusterResourceWhitelist", index)
            yield Fault(
                message="applications of the project may bring cluster-wide objects of every kind",
                at=path,
                why=("clusterResourceWhitelist allows group * and kind *: roles, bindings and webhooks too",),
                severity=Severity.HIGH,
                fix=Fix(safe=False, edits=(Edit("remove", path),)),
            )
    for index, place in enumerate(spec.destinations):
        if place.namespace == "*" and (place.server or place.name) == "*":
            yield Fault(
                message="applications of the project may go to every namespace of every cluster",
                at=("spec", "destinations", index),
                why=("a destination is namespace * of cluster *",),
            )
    for index, repository in enumerate(spec.source_repos):
        if repository == "*":
            yield Fault(
                message="applications of the project may come from any repository",
                at=("spec", "sourceRepos", index),
                why=("sourceRepos holds *",),
            )

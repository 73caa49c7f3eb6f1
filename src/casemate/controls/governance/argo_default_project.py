"""An Argo CD application is in the project default, which has no borders.

The project `default` exists in every installation and allows every source, destination and kind until
somebody narrows it. An application in it may bring whatever its repository holds.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import ArgoApplication
from casemate.model.severity import Confidence, Severity


@control(
    "governance-argo-default-project",
    title="Argo CD application in the project default",
    severity=Severity.LOW,
    consequence=Consequence.CLUSTER,
    remedy="Make a project that names its sources, destinations and kinds, and move the application there",
    confidence=Confidence.LIKELY,
    standards=("OWASP-Kubernetes-2022:K03",),
    area="k8s_rbac",
)
def argo_default_project(application: ArgoApplication) -> Iterator[Fault]:
    project = application.spec.project
    if project in {None, "", "default"}:
        yield Fault(
            message="the application is in the project default, which allows everything",
            at=("spec", "project"),
            why=("spec.project is default" if project else "spec.project is not set, which is default",),
        )

"""A role may have a deployment tool make things with the tool's rights.

Argo CD and Flux apply what an Application, a Kustomization or a HelmRelease points to. They often hold
cluster-admin, so that whoever writes such an object holds it too, unless a project or an impersonated
service account confines it. Argo Workflows and Tekton run pods as the service account that is asked for.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.cloud import DEPLOY_BY_CONTROLLER, RUN_BY_CONTROLLER
from casemate.analysis.rbac.controllers import controller_of
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_OWN = ("argo", "argocd", "flux", "tekton")


@control(
    "rbac-deploy-by-controller",
    title="Role that deploys with the rights of a controller",
    severity=Severity.MEDIUM,
    confidence=Confidence.POSSIBLE,
    consequence=Consequence.RIGHTS,
    remedy="Confine the tool: an AppProject with allowed destinations, or a service account that Flux"
    " impersonates",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1610",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def deploy_by_controller(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    if controller_of(role) not in _OWN:
        yield from dangers(role, known, kubernetes, DEPLOY_BY_CONTROLLER, RUN_BY_CONTROLLER)

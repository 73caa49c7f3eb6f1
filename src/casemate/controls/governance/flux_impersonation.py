"""Flux applies what it fetched with its own rights.

Without a service account a Kustomization or HelmRelease is applied as the controller, which is
cluster-admin in a default installation: whoever writes to the source owns the cluster.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import FluxDeployment
from casemate.model.severity import Confidence, Severity


@control(
    "governance-flux-impersonation",
    title="Flux applies as cluster-admin",
    severity=Severity.MEDIUM,
    consequence=Consequence.CLUSTER,
    remedy="Name a service account with the rights that are needed in spec.serviceAccountName",
    confidence=Confidence.LIKELY,
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def flux_impersonation(deployment: FluxDeployment) -> Iterator[Fault]:
    spec = deployment.spec
    if spec.service_account_name or spec.kube_config is not None or deployment.ref.namespace == "flux-system":
        return
    yield Fault(
        message="what Flux fetches is applied with the controller's rights",
        at=("spec", "serviceAccountName"),
        why=(
            "serviceAccountName is not set",
            "the controller is cluster-admin unless it was installed with a default service account",
        ),
    )

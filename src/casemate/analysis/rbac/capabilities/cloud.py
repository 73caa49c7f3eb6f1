"""Powers that come by what runs in the cluster or around it: clouds, kubeadm, deployment tools."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, WRITE, Capability, both, each, rights
from casemate.analysis.rbac.capabilities.workloads import CHANGES_PODS, ENTERS_PODS, MAKES_PODS
from casemate.model.severity import Severity

CLUSTER_CONFIGS = ("aws-auth", "extension-apiserver-authentication", "coredns", "kube-proxy")
IDENTITY_ANNOTATIONS = (
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
)
"""What gives a service account an identity of the cloud."""
_RUNS_AS = (*MAKES_PODS, *CHANGES_PODS, *ENTERS_PODS, *rights("create", "", "serviceaccounts/token"))

WRITE_CLUSTER_CONFIG = Capability(
    id="write-cluster-config",
    gives="ConfigMaps of kube-system say who logs in to EKS as whom (aws-auth), whom added APIs"
    " believe (extension-apiserver-authentication), and how names resolve (coredns)",
    ways=each(
        rights(CHANGE, "", "configmaps", strong=CLUSTER_CONFIGS),
    ),
    source="k8s.io/apiserver pkg/authentication/request/headerrequest; EKS user guide, aws-auth ConfigMap",
    cluster=Severity.MEDIUM,
    inside=Severity.MEDIUM,
    strong=Severity.HIGH,
    places=("kube-system",),
    spelled=True,
)
CLOUD_IDENTITIES = Capability(
    id="annotate-service-accounts",
    gives="an annotation gives a service account an identity of the cloud, and its pods have that",
    ways=both(rights(CHANGE, "", "serviceaccounts"), _RUNS_AS),
    source="the webhooks of EKS, GKE and Azure for workload identity: " + ", ".join(IDENTITY_ANNOTATIONS),
    cluster=Severity.MEDIUM,
    inside=Severity.MEDIUM,
    escalates=True,
    spelled=True,
)
DEPLOY_BY_CONTROLLER = Capability(
    id="deploy-by-controller",
    gives="a controller makes what the object asks for, with its own rights, which are often those of an"
    " administrator",
    ways=each(
        rights(WRITE, "argoproj.io", "applications", "applicationsets", "appprojects"),
        rights(WRITE, "kustomize.toolkit.fluxcd.io", "kustomizations"),
        rights(WRITE, "helm.toolkit.fluxcd.io", "helmreleases"),
    ),
    source="the documentation of Argo CD (projects) and Flux (multi-tenancy lockdown)",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
    escalates=True,
    spelled=True,
)
RUN_BY_CONTROLLER = Capability(
    id="run-by-controller",
    gives="a controller runs the steps of a workflow as whichever service account of the namespace it names",
    ways=each(
        rights("create", "argoproj.io", "workflows", "cronworkflows"),
        rights("create", "tekton.dev", "taskruns", "pipelineruns"),
    ),
    source="Argo Workflows spec.serviceAccountName; Tekton taskRunTemplate.serviceAccountName",
    cluster=Severity.MEDIUM,
    inside=Severity.LOW,
    spelled=True,
)
AZURE_EXCEPTIONS = Capability(
    id="azure-identity-exceptions",
    gives="pods with an exception reach the metadata service of their node, and its identity",
    ways=each(rights(WRITE, "aadpodidentity.k8s.io", "azurepodidentityexceptions")),
    source="Azure AD Pod Identity, application exceptions; IceKube",
    cluster=Severity.LOW,
    inside=Severity.LOW,
    spelled=True,
)
ALL = (WRITE_CLUSTER_CONFIG, CLOUD_IDENTITIES, DEPLOY_BY_CONTROLLER, RUN_BY_CONTROLLER, AZURE_EXCEPTIONS)

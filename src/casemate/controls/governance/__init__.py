"""Governance: what keeps a cluster in order, and what GitOps may do in it."""

SUBJECTS = (
    "Workload",
    "ReplicatedWorkload",
    "Namespace",
    "PodDisruptionBudget",
    "ConfigMap",
    "ArgoProject",
    "ArgoApplication",
    "FluxDeployment",
    "FluxSource",
)

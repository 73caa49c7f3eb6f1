"""Controllers that many clusters run, by the names and labels of their roles.

Their roles are wide because their work is; the answer about one is softened where its rights do not
lead to others. The name proves nothing, so that it only softens.
"""

from casemate.model.rbac import Role

_LABELS = (
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/instance",
    "app",
    "k8s-app",
)
NAMES = (
    "argo",
    "argocd",
    "aws-load-balancer-controller",
    "calico",
    "cert-manager",
    "cilium",
    "cluster-autoscaler",
    "contour",
    "crossplane",
    "external-dns",
    "external-secrets",
    "flux",
    "gatekeeper",
    "ingress-nginx",
    "istio",
    "istiod",
    "karpenter",
    "keda",
    "knative",
    "kube-state-metrics",
    "kyverno",
    "linkerd",
    "longhorn",
    "metallb",
    "metallb-system",
    "metrics-server",
    "nginx-ingress",
    "openebs",
    "prometheus",
    "prometheus-operator",
    "reloader",
    "rook-ceph",
    "sealed-secrets",
    "secrets-store-csi-driver",
    "strimzi",
    "tekton",
    "traefik",
    "velero",
)
_BEGINNINGS = tuple(f"{name}{end}" for name in NAMES for end in "-:")


def controller_of(role: Role) -> str | None:
    """The controller that a role comes with, as its name and labels say; None where they name none."""
    said = (role.ref.name or "", *(role.labels.get(label, "") for label in _LABELS))
    for text in said:
        if text in NAMES or text.startswith(_BEGINNINGS):
            return next(name for name in NAMES if text == name or text.startswith((f"{name}-", f"{name}:")))
    return None

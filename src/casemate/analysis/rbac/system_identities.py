"""Users and groups of Kubernetes itself, which no directory knows.

Source: apiserver pkg/authentication/user and pkg/authentication/serviceaccount, cluster-bootstrap token/api,
and cmd/kubeadm/app/constants and app/phases/kubeconfig of Kubernetes.
"""

from casemate.model.rbac import USER

RESERVED = ("system:", "eks:")
"""Prefixes of names that Kubernetes and its providers keep for themselves."""
_USERS = frozenset(
    (
        "system:anonymous",
        "system:apiserver",
        "system:kube-proxy",
        "system:kube-controller-manager",
        "system:kube-scheduler",
    )
)
_BY_KUBEADM = frozenset(("kubernetes-admin", "kubernetes-super-admin", "kube-apiserver-kubelet-client"))
_GROUPS = frozenset(
    (
        "system:masters",
        "system:nodes",
        "system:monitoring",
        "system:authenticated",
        "system:unauthenticated",
        "system:serviceaccounts",
        "system:bootstrappers",
    )
)
_GROUP_BY_KUBEADM = "kubeadm:cluster-admins"
_NODE, _TOKEN, _TOKENS = "system:node:", "system:bootstrap:", "system:bootstrappers:"


def made_by(kind: str, name: str) -> str:
    """What brings a user or group without anybody's doing, in words; empty where nothing does."""
    if kind == USER:
        if name in _USERS:
            return "Kubernetes itself uses this name"
        if name.startswith(_NODE):
            return "this is the name of a kubelet"
        if name.startswith(_TOKEN):
            return "this is the name of a bootstrap token"
        return "kubeadm makes a certificate of this name" if name in _BY_KUBEADM else ""
    if name in _GROUPS:
        return "Kubernetes itself uses this group"
    if name.startswith(_TOKENS):
        return "bootstrap tokens name groups of this form"
    return "kubeadm puts the administrator's certificate into this group" if name == _GROUP_BY_KUBEADM else ""

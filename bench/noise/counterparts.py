"""Which of our controls answer the question of a peer's check, and why the answers may differ."""

from typing import NamedTuple


class Counterpart(NamedTuple):
    """Our controls for a peer's check; `why` says what the peer reports beyond them."""

    controls: tuple[str, ...]
    why: str


def _by(names: str, why: str) -> Counterpart:
    return Counterpart(tuple(names.split()), why)


_INHERITED = "the pod's own setting holds for the container, or the check looks at one of the two only"
_PRIVILEGED = "a privileged container has neither a filter nor fewer capabilities: that is reported instead"
_HOST_NETWORK = "in the node's own network a hostPort opens nothing more: hostNetwork is reported"
_NO_IMAGE = "the image's name is a placeholder that cannot be pulled, or stands in a patch"
_LIMITS = "the file holds init containers or a pod-wide limit that the peer reads otherwise"
_OWN_ACCOUNT = "the pod names an account of its own, so the token is one that somebody decided about"
_UID = (
    "a high uid avoids a clash with accounts of the node, which matters only where a container already "
    "reaches the node's files; root itself is reported"
)
_UNSET_NAMESPACE = (
    "the namespace is not set in the file: it is the one that the person who applies it chooses. "
    "`default` written out is reported"
)
_NETWORK_POLICY = (
    "absence in a folder proves nothing: it is asked only where every NetworkPolicy was read "
    "(`complete:` in casemate.yaml, or a cluster)"
)
_ABSENCE = (
    "absence in a folder proves nothing: it is asked only where that kind was read completely "
    "(`complete:` in casemate.yaml, or a cluster)"
)
_RIGHTS = "the role is one that Kubernetes itself brings, or grants less than the check takes it to"
_ORDINARY = "a right that many controllers need, by which nobody gains more than it says"
_PULL = (
    "IfNotPresent is sound for a tag that does not move; what matters is a private image that another "
    "pod on the node may use without credentials"
)
_PSP = "a PodSecurityPolicy is judged as one object: what it allows, and what replaces it"

COUNTERPARTS: dict[str, dict[str, Counterpart]] = {
    "checkov": {
        "CKV_K8S_1": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_2": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_3": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_4": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_5": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_6": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_7": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_8": _by("pod-liveness-probe", "jobs, bare pods and containers without ports get no probe"),
        "CKV_K8S_9": _by("pod-readiness-probe", "jobs, bare pods and containers without ports get no probe"),
        "CKV_K8S_10": _by("pod-requests", "a limit is a request where none is given"),
        "CKV_K8S_11": _by("pod-cpu-limit", _LIMITS),
        "CKV_K8S_12": _by("pod-requests", "a limit is a request where none is given"),
        "CKV_K8S_13": _by("pod-memory-limit", _LIMITS),
        "CKV_K8S_14": _by("image-latest image-untagged", _NO_IMAGE),
        "CKV_K8S_15": _by("image-pull-policy image-latest image-untagged", _PULL),
        "CKV_K8S_16": _by("pod-privileged", ""),
        "CKV_K8S_17": _by("pod-host-pid", ""),
        "CKV_K8S_18": _by("pod-host-ipc", ""),
        "CKV_K8S_19": _by("pod-host-network", ""),
        "CKV_K8S_20": _by("pod-privilege-escalation", _INHERITED),
        "CKV_K8S_21": _by("governance-default-namespace", _UNSET_NAMESPACE),
        "CKV_K8S_22": _by("pod-writable-root-filesystem", ""),
        "CKV_K8S_23": _by("pod-runs-as-root", _INHERITED),
        "CKV_K8S_24": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_25": _by(
            "pod-capability-all pod-capability-files pod-capability-identity pod-capability-kernel "
            "pod-capability-network pod-capability-processes pod-capability-unknown",
            "the added capability is one that every container has anyway, such as CHOWN",
        ),
        "CKV_K8S_26": _by("pod-host-port", _HOST_NETWORK),
        "CKV_K8S_27": _by("pod-engine-socket", ""),
        "CKV_K8S_28": _by("pod-capabilities-not-dropped", _PRIVILEGED),
        "CKV_K8S_29": _by(
            "pod-runs-as-root pod-privilege-escalation pod-seccomp-unset pod-capabilities-not-dropped "
            "pod-writable-root-filesystem",
            "the parts of a security context are asked about one by one",
        ),
        "CKV_K8S_30": _by(
            "pod-runs-as-root pod-privilege-escalation pod-seccomp-unset pod-capabilities-not-dropped "
            "pod-writable-root-filesystem",
            "the parts of a security context are asked about one by one",
        ),
        "CKV_K8S_31": _by("pod-seccomp-unset pod-seccomp-unconfined", _PRIVILEGED),
        "CKV_K8S_32": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_35": _by("secret-as-environment", ""),
        "CKV_K8S_36": _by("admission-pod-security-policy", _PSP),
        "CKV_K8S_37": _by("pod-capabilities-not-dropped", _PRIVILEGED),
        "CKV_K8S_38": _by("pod-service-account-token pod-default-service-account", _OWN_ACCOUNT),
        "CKV_K8S_40": _by("pod-runs-as-root", _UID),
        "CKV_K8S_43": _by("image-not-pinned image-latest image-untagged", _NO_IMAGE),
        "CKV_K8S_49": _by("rbac-wildcards rbac-full-access", _RIGHTS),
        "CKV2_K8S_6": _by("network-namespace-not-isolated", _NETWORK_POLICY),
    },
    "kube-score": {
        "container-resources": _by("pod-memory-limit pod-cpu-limit pod-requests", _LIMITS),
        "container-ephemeral-storage-request-and-limit": _by("pod-ephemeral-storage-limit", _LIMITS),
        "container-security-context-user-group-id": _by("pod-runs-as-root pod-root-group", _UID),
        "pod-networkpolicy": _by("network-namespace-not-isolated", _NETWORK_POLICY),
        "container-security-context-readonlyrootfilesystem": _by("pod-writable-root-filesystem", ""),
        "container-image-pull-policy": _by("image-pull-policy image-latest image-untagged", _PULL),
        "service-targets-pod": _by("reference-service-selects-nothing", _ABSENCE),
        "container-image-tag": _by("image-latest image-untagged", _NO_IMAGE),
        "deployment-replicas": _by("", "one replica is a choice about availability, not a fault"),
        "deployment-has-poddisruptionbudget": _by("governance-missing-disruption-budget", _ABSENCE),
        "deployment-has-host-podantiaffinity": _by(
            "", "the scheduler spreads replicas over nodes by default"
        ),
        "networkpolicy-targets-pod": _by("reference-network-policy-selects-nothing", _ABSENCE),
        "pod-probes": _by("pod-readiness-probe pod-liveness-probe", "asked where the container has ports"),
        "pod-probes-identical": _by("", "two equal probes are a matter of taste, not a fault"),
        "service-type": _by("network-node-port", ""),
        "horizontalpodautoscaler-has-target": _by("reference-autoscaler-target", _ABSENCE),
        "horizontalpodautoscaler-replicas": _by(
            "", "one replica is a choice about availability, not a fault"
        ),
        "container-security-context-privileged": _by("pod-privileged", ""),
        "stable-version": _by("manifest-removed-api", ""),
        "statefulset-has-poddisruptionbudget": _by("governance-missing-disruption-budget", _ABSENCE),
        "statefulset-has-host-podantiaffinity": _by(
            "", "the scheduler spreads replicas over nodes by default"
        ),
        "statefulset-has-servicename": _by("reference-governing-service", _ABSENCE),
        "ingress-targets-service": _by("reference-ingress-backend", _ABSENCE),
        "deployment-pod-selector-labels-match-template-metadata-labels": _by(
            "reference-selector-mismatch", "a patch of a kustomization, which is no object"
        ),
        "deployment-strategy": _by("", "Recreate is a choice about availability, not a fault"),
    },
    "trivy": {
        "KSV-0001": _by("pod-privilege-escalation", _INHERITED),
        "KSV-0003": _by("pod-capabilities-not-dropped", _PRIVILEGED),
        "KSV-0004": _by("pod-capabilities-not-dropped", _PRIVILEGED),
        "KSV-0006": _by("pod-engine-socket", ""),
        "KSV-0008": _by("pod-host-ipc", ""),
        "KSV-0009": _by("pod-host-network", ""),
        "KSV-0010": _by("pod-host-pid", ""),
        "KSV-0011": _by("pod-cpu-limit", _LIMITS),
        "KSV-0012": _by("pod-runs-as-root", _INHERITED),
        "KSV-0013": _by("image-latest image-untagged", _NO_IMAGE),
        "KSV-0014": _by("pod-writable-root-filesystem", ""),
        "KSV-0015": _by("pod-requests", "a limit is a request where none is given"),
        "KSV-0016": _by("pod-requests", "a limit is a request where none is given"),
        "KSV-0017": _by("pod-privileged", ""),
        "KSV-0018": _by("pod-memory-limit", _LIMITS),
        "KSV-0020": _by("pod-runs-as-root", _UID),
        "KSV-0021": _by("pod-runs-as-root pod-root-group", _UID),
        "KSV-0022": _by(
            "pod-capability-all pod-capability-files pod-capability-identity pod-capability-kernel "
            "pod-capability-network pod-capability-processes pod-capability-unknown",
            "the added capability is one that every container has anyway, such as CHOWN",
        ),
        "KSV-0023": _by(
            "pod-host-path pod-host-path-root pod-host-path-etc pod-host-path-proc pod-host-path-sys "
            "pod-host-path-logs pod-host-path-kubelet pod-host-path-runtime pod-host-path-devices "
            "pod-host-path-etcd pod-engine-socket",
            "",
        ),
        "KSV-0024": _by("pod-host-port", _HOST_NETWORK),
        "KSV-0028": _by("pod-volume-type", ""),
        "KSV-0030": _by("pod-seccomp-unset pod-seccomp-unconfined", _PRIVILEGED),
        "KSV-0037": _by("", "the object says where it belongs; add-ons belong into kube-system"),
        "KSV-0041": _by("rbac-secrets", _RIGHTS),
        "KSV-0045": _by("rbac-wildcards rbac-full-access", _RIGHTS),
        "KSV-0046": _by("rbac-wildcards rbac-full-access", _RIGHTS),
        "KSV-0047": _by("rbac-node-proxy", _RIGHTS),
        "KSV-0048": _by("rbac-create-pods", _RIGHTS),
        "KSV-0049": _by("", _ORDINARY),
        "KSV-0056": _by("", _ORDINARY),
        "KSV-0104": _by("pod-seccomp-unset pod-seccomp-unconfined", _PRIVILEGED),
        "KSV-0106": _by(
            "pod-capabilities-not-dropped",
            "the container drops ALL and adds what it needs, which is judged by what each capability gives",
        ),
        "KSV-0109": _by("secret-in-config-map", "a script that reads a secret, and holds none"),
        "KSV-0110": _by("governance-default-namespace", _UNSET_NAMESPACE),
        "KSV-0111": _by("rbac-cluster-admin", _RIGHTS),
        "KSV-0117": _by(
            "",
            "a low port gives no right over anything; containerd 2.0 and Docker 20.10 open them to all",
        ),
        "KSV-0118": _by(
            "pod-runs-as-root pod-privilege-escalation pod-seccomp-unset pod-capabilities-not-dropped",
            "the parts of a security context are asked about one by one",
        ),
        "KSV-0121": _by(
            "pod-host-path-root pod-host-path-etc pod-host-path-proc pod-host-path-sys pod-host-path-logs "
            "pod-host-path-kubelet pod-host-path-runtime pod-host-path-devices pod-host-path-etcd "
            "pod-engine-socket",
            "",
        ),
        "KSV-0125": _by(
            "image-registry-not-allowed",
            "which registries are trusted is for the team to say in casemate.yaml",
        ),
    },
}

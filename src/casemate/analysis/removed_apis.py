"""Versions of the API that Kubernetes gave up, or will: from which release on, and for what.

Source: the release markers of k8s.io/api v0.32 and v0.37 (zz_generated.prerelease-lifecycle.go), by which
the API server itself stops serving a version; for what those no longer hold, the deprecated API migration
guide of the Kubernetes documentation and versions.yaml of pluto.
"""

import msgspec


class Retirement(msgspec.Struct, frozen=True):
    """Minor releases of Kubernetes 1.x at which a version of a kind was deprecated and is gone.

    `removed` is None where no release is named. `replacement` is the API version that takes its place from
    the release `available` on, empty where there is none; `same` says that the object can be taken over as
    it is.
    """

    deprecated: int
    removed: int | None
    replacement: str = ""
    available: int = 0
    same: bool = False


_ROWS: tuple[tuple[str, str, Retirement], ...] = (
    ("extensions/v1beta1", "DaemonSet Deployment ReplicaSet", Retirement(8, 16, "apps/v1", 9)),
    ("extensions/v1beta1", "NetworkPolicy", Retirement(9, 16, "networking.k8s.io/v1", 8, same=True)),
    ("extensions/v1beta1", "PodSecurityPolicy", Retirement(10, 16)),
    ("extensions/v1beta1", "Ingress", Retirement(14, 22, "networking.k8s.io/v1", 19)),
    ("apps/v1beta1", "ControllerRevision Deployment StatefulSet", Retirement(8, 16, "apps/v1", 9)),
    (
        "apps/v1beta2",
        "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
        Retirement(9, 16, "apps/v1", 9, same=True),
    ),
    ("networking.k8s.io/v1beta1", "Ingress", Retirement(19, 22, "networking.k8s.io/v1", 19)),
    (
        "networking.k8s.io/v1beta1",
        "IngressClass",
        Retirement(19, 22, "networking.k8s.io/v1", 19, same=True),
    ),
    ("networking.k8s.io/v1alpha1", "IPAddress ServiceCIDR", Retirement(30, 33, "networking.k8s.io/v1", 33)),
    (
        "networking.k8s.io/v1beta1",
        "IPAddress ServiceCIDR",
        Retirement(34, 37, "networking.k8s.io/v1", 33, same=True),
    ),
    ("policy/v1beta1", "PodSecurityPolicy", Retirement(21, 25)),
    ("policy/v1beta1", "PodDisruptionBudget", Retirement(21, 25, "policy/v1", 21)),
    ("batch/v1beta1", "CronJob", Retirement(21, 25, "batch/v1", 21, same=True)),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", Retirement(22, 25, "autoscaling/v2", 23)),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", Retirement(23, 26, "autoscaling/v2", 23, same=True)),
    (
        "rbac.authorization.k8s.io/v1alpha1",
        "ClusterRole ClusterRoleBinding Role RoleBinding",
        Retirement(17, 22, "rbac.authorization.k8s.io/v1", 8),
    ),
    (
        "rbac.authorization.k8s.io/v1beta1",
        "ClusterRole ClusterRoleBinding Role RoleBinding",
        Retirement(17, 22, "rbac.authorization.k8s.io/v1", 8, same=True),
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
        Retirement(16, 22, "admissionregistration.k8s.io/v1", 16),
    ),
    (
        "admissionregistration.k8s.io/v1alpha1",
        "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        Retirement(29, 32, "admissionregistration.k8s.io/v1", 30),
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        Retirement(31, 34, "admissionregistration.k8s.io/v1", 30, same=True),
    ),
    (
        "admissionregistration.k8s.io/v1alpha1",
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
        Retirement(35, 38, "admissionregistration.k8s.io/v1beta1", 34),
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
        Retirement(37, 40, "admissionregistration.k8s.io/v1", 36),
    ),
    (
        "apiextensions.k8s.io/v1beta1",
        "CustomResourceDefinition",
        Retirement(16, 22, "apiextensions.k8s.io/v1", 16),
    ),
    (
        "apiregistration.k8s.io/v1beta1",
        "APIService",
        Retirement(19, 22, "apiregistration.k8s.io/v1", 10, same=True),
    ),
    (
        "certificates.k8s.io/v1beta1",
        "CertificateSigningRequest",
        Retirement(19, 22, "certificates.k8s.io/v1", 19),
    ),
    (
        "certificates.k8s.io/v1alpha1",
        "ClusterTrustBundle",
        Retirement(34, 37, "certificates.k8s.io/v1", 37),
    ),
    (
        "certificates.k8s.io/v1beta1",
        "ClusterTrustBundle PodCertificateRequest",
        Retirement(37, 40, "certificates.k8s.io/v1", 37),
    ),
    ("coordination.k8s.io/v1beta1", "Lease", Retirement(19, 22, "coordination.k8s.io/v1", 14, same=True)),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", Retirement(21, 25, "discovery.k8s.io/v1", 21)),
    ("events.k8s.io/v1beta1", "Event", Retirement(22, 25, "events.k8s.io/v1", 19)),
    ("node.k8s.io/v1beta1", "RuntimeClass", Retirement(22, 25, "node.k8s.io/v1", 20, same=True)),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", Retirement(14, 22, "scheduling.k8s.io/v1", 14, same=True)),
    (
        "storage.k8s.io/v1beta1",
        "CSIDriver StorageClass VolumeAttachment",
        Retirement(19, 22, "storage.k8s.io/v1", 19, same=True),
    ),
    ("storage.k8s.io/v1beta1", "CSINode", Retirement(17, 22, "storage.k8s.io/v1", 17, same=True)),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", Retirement(24, 27, "storage.k8s.io/v1", 24, same=True)),
    ("storage.k8s.io/v1beta1", "VolumeAttributesClass", Retirement(34, 37, "storage.k8s.io/v1", 34)),
    ("storage.k8s.io/v1alpha1", "CSIStorageCapacity", Retirement(21, 24, "storage.k8s.io/v1", 24)),
    ("storage.k8s.io/v1alpha1", "VolumeAttachment", Retirement(21, 24, "storage.k8s.io/v1", 13)),
    ("storage.k8s.io/v1alpha1", "VolumeAttributesClass", Retirement(32, 35, "storage.k8s.io/v1", 34)),
    (
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "FlowSchema PriorityLevelConfiguration",
        Retirement(23, 26, "flowcontrol.apiserver.k8s.io/v1", 29),
    ),
    (
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "FlowSchema PriorityLevelConfiguration",
        Retirement(26, 29, "flowcontrol.apiserver.k8s.io/v1", 29),
    ),
    (
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "FlowSchema PriorityLevelConfiguration",
        Retirement(29, 32, "flowcontrol.apiserver.k8s.io/v1", 29),
    ),
    (
        "resource.k8s.io/v1alpha3",
        "DeviceClass ResourceClaim ResourceClaimTemplate",
        Retirement(34, 37, "resource.k8s.io/v1", 34),
    ),
    (
        "resource.k8s.io/v1beta1",
        "DeviceClass ResourceClaim ResourceClaimTemplate",
        Retirement(35, 38, "resource.k8s.io/v1", 34),
    ),
    (
        "resource.k8s.io/v1beta2",
        "DeviceClass ResourceClaim ResourceClaimTemplate",
        Retirement(36, 39, "resource.k8s.io/v1", 34),
    ),
    (
        "storagemigration.k8s.io/v1beta1",
        "StorageVersionMigration",
        Retirement(37, 40, "storagemigration.k8s.io/v1", 37),
    ),
    ("v1", "ComponentStatus", Retirement(19, None)),
    ("v1", "Endpoints", Retirement(33, None, "discovery.k8s.io/v1", 21)),
)


def _by_version() -> dict[str, dict[str, Retirement]]:
    found: dict[str, dict[str, Retirement]] = {}
    for api_version, kinds, retirement in _ROWS:
        found.setdefault(api_version, {}).update(dict.fromkeys(kinds.split(), retirement))
    return found


RETIRED = _by_version()
"""What became of a kind, by its API version and then its name."""

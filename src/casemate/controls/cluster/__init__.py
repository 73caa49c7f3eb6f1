"""Clusters that one runs oneself: the control plane's programs, the kubelet, and their files."""

SUBJECTS = (
    "ComponentWorkload",
    "ReplicatedComponentWorkload",
    "ComponentSettings",
    "EncryptionConfiguration",
    "AdmissionConfiguration",
    "PodSecurityConfiguration",
    "EventRateLimit",
    "AuthenticationConfiguration",
    "AuthorizationConfiguration",
    "AuditPolicy",
    "KubeProxyConfiguration",
    "KubeletConfiguration",
    "ApiServer",
    "ControllerManager",
    "Scheduler",
    "Etcd",
    "Kubelet",
    "KubeProxy",
)

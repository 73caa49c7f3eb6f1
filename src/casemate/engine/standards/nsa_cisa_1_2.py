"""NSA and CISA, Kubernetes Hardening Guidance 1.2 (August 2022).

Source: the guide's own section headings (pod security, network separation and hardening,
authentication and authorization, audit logging and threat detection, upgrading), in their order, as
published lists of them give them, and the measures that kubescape's framework `nsaframework` and the
compliance specification `k8s-nsa-1.0` of trivy-checks tell apart within a section. The guide numbers
nothing, so the ids are words of ours, which stay as they are.
"""

from casemate.engine.standards.items import FILES, HOST, MANUAL, RUNTIME, Item, Standard, many

_PODS = "pods and what makes them"
_CONTROL_PLANE = "the flags of the control plane's components"

ITEMS: tuple[Item, ...] = (
    *many(
        FILES, "pod_security_context", _PODS,
        ("non-root", "Containers do not run as root"),
        ("immutable-file-system", "Root file systems cannot be written"),
    ),
    Item("secure-images", "Images from known places, pinned and checked", FILES, "image_signing_verify",
         "images of pods"),
    *many(
        FILES, "pod_security_context", _PODS,
        ("privileged", "No privileged containers"),
        ("host-namespaces", "No processes or memory shared with the host"),
        ("host-network", "No network or ports shared with the host"),
        ("host-paths", "No paths of the host"),
        ("capabilities", "No capabilities that are not needed"),
        ("privilege-escalation", "No gain of privileges"),
        ("seccomp", "System calls filtered"),
        ("apparmor", "AppArmor not switched off"),
        ("selinux", "SELinux label left to the platform"),
    ),
    Item("pod-security-enforcement", "Admission enforces Pod Security", FILES, "admission_pod_standards",
         "namespaces with their labels, and policies of admission"),
    Item("service-account-tokens", "Tokens only where they are needed", FILES, "workload_cloud_identity",
         _PODS),
    Item("hardening-container-environments", "Sandbox for code that is not trusted", MANUAL,
         "runtime_isolation_sandbox", "which workloads run code that is not trusted"),
    Item("namespaces", "Namespaces in use, the default one not", FILES, "admission_pod_standards",
         "objects and their namespaces"),
    Item("network-policies", "NetworkPolicies select every pod", FILES, "netpol_rules_egress",
         "every Namespace and every NetworkPolicy"),
    Item("network-exposure", "Only what must be is open to the outside", FILES, "ingress_tls_waf_authz",
         "Services, Ingresses and routes"),
    Item("resource-policies", "Resources limited", FILES, "limits_concurrency_cost", _PODS),
    Item("control-plane-hardening", "Control plane's components closed and encrypted", FILES,
         "apiserver_flags_anonymous", _CONTROL_PLANE),
    Item("etcd", "etcd reached by the API server only, over TLS", FILES, "etcd_encryption_cmk",
         "the flags of etcd"),
    Item("kubeconfig-files", "Credentials of administrators protected", HOST, "apiserver_flags_anonymous",
         "modes and owners of files"),
    Item("worker-node-segmentation", "Kubelets and nodes closed", FILES, "kubelet_config",
         "the kubelet's configuration or flags"),
    Item("encryption", "Traffic encrypted", FILES, "ingress_tls_waf_authz",
         "Services, Ingresses, Gateways and routes, and the components' flags"),
    Item("secrets", "Secrets not in plain sight, encrypted at rest", FILES, "secrets_env_encryption",
         "pods, Secrets and ConfigMaps, and the flags of kube-apiserver"),
    Item("cloud-infrastructure", "Metadata of the cloud out of reach", FILES, "node_role_and_imds",
         "NetworkPolicies, Services and pods"),
    Item("authentication", "No anonymous requests, strong logins", FILES, "cluster_authn_oidc",
         _CONTROL_PLANE),
    Item("rbac", "RBAC in use, with few rights", FILES, "k8s_rbac", "roles and their bindings"),
    Item("logging", "Audit log with a policy that fits", FILES, "audit_log_enabled",
         "the flags of kube-apiserver and its audit Policy"),
    *many(
        MANUAL, "detect_and_respond", "what is collected, where it goes and who reads it",
        ("container-logging", "Logs of nodes and containers collected"),
        ("seccomp-audit", "System calls recorded where that helps"),
        ("syslog", "Logs of the nodes' systems collected"),
        ("siem", "Logs brought together and compared"),
    ),
    Item("service-meshes", "Traffic between services seen and encrypted", MANUAL, "netpol_engine",
         "whether a service mesh is worth it"),
    Item("fault-tolerance", "Logging withstands faults", MANUAL, "detect_and_respond",
         "what happens when the logging fails"),
    *many(
        RUNTIME, "detect_and_respond", "watching of what happens",
        ("threat-detection", "Signs of an attack looked for"),
        ("alerting", "Alerts reach somebody"),
    ),
    Item("upgrading", "Versions kept up to date", FILES, "control_plane_patch",
         "versions of the components, and objects of API versions"),
)  # fmt: skip

STANDARD = Standard("nsa-cisa", "1.2", "NSA and CISA Kubernetes Hardening Guidance", "NSA-CISA-1.2", ITEMS)

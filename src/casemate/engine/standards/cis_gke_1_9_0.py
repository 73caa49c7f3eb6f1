"""CIS Google Kubernetes Engine Benchmark 1.9.0.

Source of the ids and what each is about: kube-bench, `cfg/gke-1.9.0/` (node.yaml, policies.yaml,
managedservices.yaml); its sections 1 and 2 are empty, since the control plane is run by Google. The
titles are our own words. What the CIS Kubernetes Benchmark asks too points there (`like`).
"""

from casemate.engine.standards.items import CLOUD, FILES, HOST, MANUAL, Item, Standard, as_in, many

_CIS = "CIS-Kubernetes-1.12"
_PODS = "pods and what makes them"
_RBAC = "roles and their bindings"
_CLUSTER = "the settings of the cluster at Google Cloud"
_POOLS = "the settings of the node pools at Google Cloud"
_REGISTRY = "the settings and policies of the registry at Google Cloud"

ITEMS: tuple[Item, ...] = (
    *many(
        HOST, "kubelet_config", "modes and owners of files",
        ("3.1.1", "kube-proxy's kubeconfig: mode 644 or tighter"),
        ("3.1.2", "kube-proxy's kubeconfig: owned by root"),
        ("3.1.3", "Kubelet's configuration: mode 644 or tighter"),
        ("3.1.4", "Kubelet's configuration: owned by root"),
    ),
    *as_in(
        _CIS, FILES, "k8s_rbac", _RBAC,
        ("4.1.1", "cluster-admin only where it is needed", "5.1.1"),
        ("4.1.2", "Few may read Secrets", "5.1.2"),
        ("4.1.3", "No wildcards in roles", "5.1.3"),
    ),
    *as_in(
        _CIS, FILES, "k8s_rbac", _PODS,
        ("4.1.4", "Default service accounts not in use", "5.1.5"),
        ("4.1.5", "Service account tokens only where they are needed", "5.1.6"),
    ),
    *as_in(
        _CIS, FILES, "k8s_rbac", _RBAC,
        ("4.1.6", "Group system:masters not in use", "5.1.7"),
        ("4.1.7", "Few may bind, impersonate or escalate", "5.1.8"),
    ),
    *many(
        FILES, "k8s_rbac", _RBAC,
        ("4.1.8", "No rights for the anonymous user"),
        ("4.1.9", "No added rights for all who are not logged in"),
        ("4.1.10", "No added rights for all who are logged in"),
    ),
    *as_in(
        _CIS, FILES, "admission_pod_standards", "namespaces with their labels, and policies of admission",
        ("4.2.1", "Baseline level or tighter enforced in every namespace", "5.2.1"),
    ),
    Item("4.3.1", "Network plugin enforces NetworkPolicies", MANUAL, "netpol_engine",
         "which network plugin the cluster runs"),
    *as_in(
        _CIS, FILES, "netpol_rules_egress", "every Namespace and every NetworkPolicy",
        ("4.3.2", "NetworkPolicies in every namespace", "5.3.2"),
    ),
    *as_in(
        _CIS, FILES, "secrets_env_encryption", _PODS,
        ("4.4.1", "Secrets as files, not as variables", "5.4.1"),
    ),
    Item("4.4.2", "Secrets kept outside of the cluster", MANUAL, "secrets_env_encryption",
         "whether a store outside of the cluster is worth it"),
    *as_in(
        _CIS, FILES, "image_signing_verify", "images, and what admission says of them",
        ("4.5.1", "Origin of images verified on admission", "5.5.1"),
    ),
    Item("4.6.1", "Namespaces part what should be apart", MANUAL, "admission_pod_standards",
         "which teams and applications should be apart"),
    *as_in(
        _CIS, FILES, "pod_security_context", _PODS,
        ("4.6.2", "seccomp profile of the runtime in use", "5.6.2"),
        ("4.6.3", "Security context set", "5.6.3"),
    ),
    *as_in(
        _CIS, FILES, "admission_pod_standards", "objects and their namespaces",
        ("4.6.4", "Default namespace not in use", "5.6.4"),
    ),
    *many(
        CLOUD, "base_image_or_runtime", _REGISTRY,
        ("5.1.1", "Images scanned for known vulnerabilities"),
        ("5.1.2", "Few people may change the registry"),
        ("5.1.3", "Cluster may only read from the registry"),
    ),
    *as_in(
        _CIS, FILES, "image_signing_verify", "images, and what admission says of them",
        ("5.1.4", "Trusted images only", "5.5.1"),
    ),
    Item("5.2.1", "Nodes do not run as the default account of Compute Engine", CLOUD, "node_role_and_imds",
         _POOLS),
    Item("5.2.2", "Workloads have identities of their own at Google Cloud", MANUAL, "workload_cloud_identity",
         "which workloads call Google Cloud, and with which rights"),
    Item("5.3.1", "Secrets encrypted with a key of one's own", CLOUD, "etcd_encryption_cmk", _CLUSTER),
    Item("5.4.1", "Metadata server of GKE in use", CLOUD, "node_role_and_imds", _POOLS),
    *many(
        CLOUD, "node_os_patch", _POOLS,
        ("5.5.1", "Nodes run the container-optimised system"),
        ("5.5.2", "Broken nodes replaced by themselves"),
        ("5.5.3", "Nodes upgraded by themselves"),
    ),
    Item("5.5.4", "Cluster follows a release channel", CLOUD, "control_plane_patch", _CLUSTER),
    *many(
        CLOUD, "node_os_patch", _POOLS,
        ("5.5.5", "Shielded nodes"),
        ("5.5.6", "Shielded nodes: integrity watched"),
        ("5.5.7", "Shielded nodes: secure boot"),
    ),
    Item("5.6.1", "Flow logs, also within a node", CLOUD, "detect_and_respond", _CLUSTER),
    Item("5.6.2", "Cluster native to its virtual network", CLOUD, "bastion_peering_private_path", _CLUSTER),
    *many(
        CLOUD, "api_endpoint_exposure", _CLUSTER,
        ("5.6.3", "Networks that may reach the API endpoint named"),
        ("5.6.4", "API endpoint private, not public"),
        ("5.6.5", "Nodes without public addresses"),
    ),
    Item("5.6.6", "Firewall rules around the nodes", MANUAL, "bastion_peering_private_path",
         "which traffic the nodes need"),
    Item("5.6.7", "Certificates managed by Google", CLOUD, "ingress_tls_waf_authz",
         "certificates of the load balancers at Google Cloud"),
    Item("5.7.1", "Logging and monitoring switched on", CLOUD, "audit_log_enabled", _CLUSTER),
    Item("5.7.2", "Audit log of the nodes' systems", MANUAL, "detect_and_respond",
         "whether events of the nodes' systems are collected"),
    Item("5.8.1", "No client certificate issued", CLOUD, "cluster_authn_oidc", _CLUSTER),
    Item("5.8.2", "People get rights through groups of Google", CLOUD, "cluster_authn_oidc", _CLUSTER),
    Item("5.8.3", "Legacy authorization (ABAC) off", CLOUD, "k8s_rbac", _CLUSTER),
    Item("5.9.1", "Volumes encrypted with a key of one's own", CLOUD, "etcd_encryption_cmk",
         "the settings of the disks at Google Cloud"),
    Item("5.9.2", "Boot disks encrypted with a key of one's own", CLOUD, "etcd_encryption_cmk", _POOLS),
    Item("5.10.1", "Dashboard off", CLOUD, "cluster_addons_dns_csi", _CLUSTER),
    Item("5.10.2", "No alpha cluster in production", CLOUD, "control_plane_patch", _CLUSTER),
    Item("5.10.3", "Sandbox for code that is not trusted", CLOUD, "runtime_isolation_sandbox", _POOLS),
    Item("5.10.4", "Security posture watched", CLOUD, "detect_and_respond", _CLUSTER),
)  # fmt: skip

STANDARD = Standard("cis-gke", "1.9.0", "CIS Google Kubernetes Engine Benchmark", "", ITEMS, "gke")

"""CIS Amazon EKS Benchmark 1.8.0.

Source of the ids and what each is about: kube-bench, `cfg/eks-1.8.0/` (controlplane.yaml, node.yaml,
policies.yaml, managedservices.yaml); its section 1 is empty, since the control plane is run by AWS.
The titles are our own words. What the CIS Kubernetes Benchmark asks too points there (`like`).
"""

from casemate.engine.standards.items import CLOUD, FILES, HOST, MANUAL, Item, Standard, as_in, many

_CIS = "CIS-Kubernetes-1.12"
_KUBELET = "the kubelet's configuration or flags"
_PODS = "pods and what makes them"
_RBAC = "roles and their bindings"
_CLUSTER = "the settings of the cluster at AWS"
_ECR = "the settings and policies of the registry at AWS"

ITEMS: tuple[Item, ...] = (
    Item("2.1.1", "Audit log switched on", CLOUD, "audit_log_enabled", _CLUSTER),
    Item("2.1.2", "Audit log collected and looked after", MANUAL, "audit_log_enabled",
         "where the audit log goes and who reads it"),
    *many(
        HOST, "kubelet_config", "modes and owners of files",
        ("3.1.1", "Kubelet's kubeconfig: mode 644 or tighter"),
        ("3.1.2", "Kubelet's kubeconfig: owned by root"),
        ("3.1.3", "Kubelet's configuration: mode 644 or tighter"),
        ("3.1.4", "Kubelet's configuration: owned by root"),
    ),
    *as_in(
        _CIS, FILES, "kubelet_config", _KUBELET,
        ("3.2.1", "Kubelet: no anonymous requests", "4.2.1"),
        ("3.2.2", "Kubelet: does not allow everything", "4.2.2"),
        ("3.2.3", "Kubelet: authority of client certificates named", "4.2.3"),
        ("3.2.4", "Kubelet: read-only port closed", "4.2.4"),
        ("3.2.5", "Kubelet: idle connections end", "4.2.5"),
        ("3.2.6", "Kubelet: keeps its chains of iptables", "4.2.6"),
        ("3.2.7", "Kubelet: events are not lost", "4.2.8"),
        ("3.2.8", "Kubelet: client certificate rotated", "4.2.10"),
        ("3.2.9", "Kubelet: server certificate rotated", "4.2.11"),
    ),
    *as_in(
        _CIS, FILES, "k8s_rbac", _RBAC,
        ("4.1.1", "cluster-admin only where it is needed", "5.1.1"),
        ("4.1.2", "Few may read Secrets", "5.1.2"),
        ("4.1.3", "No wildcards in roles", "5.1.3"),
        ("4.1.4", "Few may make pods", "5.1.4"),
    ),
    *as_in(
        _CIS, FILES, "k8s_rbac", _PODS,
        ("4.1.5", "Default service accounts not in use", "5.1.5"),
        ("4.1.6", "Service account tokens only where they are needed", "5.1.6"),
    ),
    Item("4.1.7", "Access to the cluster through access entries", CLOUD, "cluster_authn_oidc", _CLUSTER),
    *as_in(
        _CIS, FILES, "k8s_rbac", _RBAC,
        ("4.1.8", "Few may bind, impersonate or escalate", "5.1.8"),
        ("4.1.9", "Few may make persistent volumes", "5.1.9"),
        ("4.1.10", "Few may reach nodes through the proxy", "5.1.10"),
        ("4.1.11", "Few may change webhooks of admission", "5.1.12"),
        ("4.1.12", "Few may issue service account tokens", "5.1.13"),
    ),
    *as_in(
        _CIS, FILES, "pod_security_context", _PODS,
        ("4.2.1", "No privileged containers", "5.2.2"),
        ("4.2.2", "No processes shared with the host", "5.2.3"),
        ("4.2.3", "No memory shared with the host", "5.2.4"),
        ("4.2.4", "No network shared with the host", "5.2.5"),
        ("4.2.5", "No gain of privileges", "5.2.6"),
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
    Item("4.5.1", "Namespaces part what should be apart", MANUAL, "admission_pod_standards",
         "which teams and applications should be apart"),
    *as_in(
        _CIS, FILES, "admission_pod_standards", "objects and their namespaces",
        ("4.5.2", "Default namespace not in use", "5.6.4"),
    ),
    *many(
        CLOUD, "base_image_or_runtime", _ECR,
        ("5.1.1", "Images scanned for known vulnerabilities"),
        ("5.1.2", "Few people may change the registry"),
        ("5.1.3", "Cluster may only read from the registry"),
    ),
    *as_in(
        _CIS, FILES, "image_signing_verify", "images, and what admission says of them",
        ("5.1.4", "Images from approved registries only", "5.5.1"),
    ),
    Item("5.2.1", "Workloads have identities of their own at AWS", MANUAL, "workload_cloud_identity",
         "which workloads call AWS, and with which rights"),
    Item("5.3.1", "Secrets encrypted with a key of one's own", CLOUD, "etcd_encryption_cmk", _CLUSTER),
    *many(
        CLOUD, "api_endpoint_exposure", _CLUSTER,
        ("5.4.1", "Access to the API endpoint restricted"),
        ("5.4.2", "API endpoint private, not public"),
        ("5.4.3", "Nodes without public addresses"),
    ),
    Item("5.4.4", "Enforcement of NetworkPolicies switched on", CLOUD, "netpol_engine", _CLUSTER),
    Item("5.4.5", "TLS at load balancers", MANUAL, "ingress_tls_waf_authz",
         "certificates and listeners of the load balancers"),
    Item("5.5.1", "People log in with identities of AWS", CLOUD, "cluster_authn_oidc", _CLUSTER),
)  # fmt: skip

STANDARD = Standard("cis-eks", "1.8.0", "CIS Amazon EKS Benchmark", "", ITEMS, "eks")

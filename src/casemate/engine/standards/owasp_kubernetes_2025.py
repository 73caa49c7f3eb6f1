"""OWASP Kubernetes Top Ten, 2025.

Source of the ids and their order: the project's repository (OWASP/www-project-kubernetes-top-ten,
`2025/en/src/K01...` to `K10...`). The titles are our own words.
"""

from casemate.engine.standards.items import FILES, Item, Standard

_CONTROL_PLANE = "the components' flags and configuration"

ITEMS: tuple[Item, ...] = (
    Item("K01", "Workloads with more power than they need", FILES, "pod_security_context",
         "pods and what makes them"),
    Item("K02", "Authorization that grants too much", FILES, "k8s_rbac", "roles and their bindings"),
    Item("K03", "Secrets that are badly kept", FILES, "secrets_env_encryption",
         "pods, Secrets and ConfigMaps"),
    Item("K04", "No policy that is enforced in the whole cluster", FILES, "admission_pod_standards",
         "namespaces with their labels, and policies of admission"),
    Item("K05", "Network that is not divided", FILES, "netpol_rules_egress",
         "every Namespace and every NetworkPolicy"),
    Item("K06", "Components open to more than need them", FILES, "ingress_tls_waf_authz",
         "Services, Ingresses, routes and the components' flags"),
    Item("K07", "Components set up badly, or weak", FILES, "apiserver_flags_anonymous", _CONTROL_PLANE),
    Item("K08", "Ways from the cluster into the cloud", FILES, "workload_cloud_identity",
         "service accounts, pods and NetworkPolicies"),
    Item("K09", "Authentication that can be got around", FILES, "cluster_authn_oidc", _CONTROL_PLANE),
    Item("K10", "Too little logged and watched", FILES, "audit_log_enabled",
         "the flags of kube-apiserver and its audit Policy"),
)  # fmt: skip

STANDARD = Standard("owasp-kubernetes", "2025", "OWASP Kubernetes Top Ten", "OWASP-Kubernetes-2025", ITEMS)

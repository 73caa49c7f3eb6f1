"""OWASP Kubernetes Top Ten, 2022.

Source of the ids and their order: the project's repository (OWASP/www-project-kubernetes-top-ten,
`2022/en/src/K01...` to `K10...`). The titles are our own words.
"""

from casemate.engine.standards.items import FILES, Item, Standard

_CONTROL_PLANE = "the components' flags and configuration"

ITEMS: tuple[Item, ...] = (
    Item("K01", "Workloads with more power than they need", FILES, "pod_security_context",
         "pods and what makes them"),
    Item("K02", "Images and parts that are not known", FILES, "image_signing_verify", "images of pods"),
    Item("K03", "RBAC that grants too much", FILES, "k8s_rbac", "roles and their bindings"),
    Item("K04", "No policy that is enforced everywhere", FILES, "admission_pod_standards",
         "namespaces with their labels, and policies of admission"),
    Item("K05", "Too little logged and watched", FILES, "audit_log_enabled",
         "the flags of kube-apiserver and its audit Policy"),
    Item("K06", "Authentication that can be got around", FILES, "cluster_authn_oidc", _CONTROL_PLANE),
    Item("K07", "Network that is not divided", FILES, "netpol_rules_egress",
         "NetworkPolicies, Services, Ingresses and routes"),
    Item("K08", "Secrets that are badly kept", FILES, "secrets_env_encryption",
         "pods, Secrets and ConfigMaps"),
    Item("K09", "Components of the cluster set up badly", FILES, "apiserver_flags_anonymous", _CONTROL_PLANE),
    Item("K10", "Components that are old and weak", FILES, "control_plane_patch",
         "versions of the components, and objects of API versions"),
)  # fmt: skip

STANDARD = Standard("owasp-kubernetes", "2022", "OWASP Kubernetes Top Ten", "OWASP-Kubernetes-2022", ITEMS)

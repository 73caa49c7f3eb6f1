"""MITRE ATT&CK, Containers matrix, as of ATT&CK 15.

Source of the ids and of their order (tactic by tactic, each technique at its first one): the Containers
matrix that atomic-red-team generates from ATT&CK's data (`atomics/Indexes/Matrices/containers-matrix.md`).
By the techniques that it holds, the matrix is that of release 15. The titles are our own words. A
technique passes when what eases it was looked for and not found.
"""

from casemate.engine.standards.items import FILES, RUNTIME, Item, Standard, many

_PODS = "pods and what makes them"
_OUTSIDE = "Services, Ingresses and routes"
_RUN = "watching of what happens"

ITEMS: tuple[Item, ...] = (
    *many(
        FILES, "cluster_authn_oidc", "the flags of the control plane's components, and bindings",
        ("T1078", "Accounts that are valid"),
        ("T1078.001", "Accounts that exist by default"),
    ),
    Item("T1078.003", "Accounts of a host", RUNTIME, "detect_and_respond", _RUN),
    Item("T1133", "Remote access from outside", FILES, "ingress_tls_waf_authz", _OUTSIDE),
    Item("T1190", "Weak applications open to all", FILES, "ingress_tls_waf_authz", _OUTSIDE),
    *many(
        FILES, "k8s_rbac", "roles and their bindings",
        ("T1053", "Work planned for later"),
        ("T1053.007", "Work planned for later: CronJobs"),
    ),
    *many(
        FILES, "base_image_or_runtime", "images of pods",
        ("T1204", "A user starts it"),
        ("T1204.003", "A user starts it: an image with malice"),
    ),
    Item("T1609", "Commands of the container service", FILES, "k8s_rbac", "roles and their bindings"),
    Item("T1610", "Containers made by an intruder", FILES, "admission_pod_standards",
         "policies of admission, and bindings"),
    *many(
        FILES, "k8s_rbac", "roles and their bindings",
        ("T1098", "Accounts changed"),
        ("T1098.006", "Accounts changed: more roles in the cluster"),
        ("T1136", "Accounts made"),
    ),
    Item("T1136.001", "Accounts made: on a host", RUNTIME, "detect_and_respond", _RUN),
    Item("T1525", "Image planted in a registry", FILES, "image_signing_verify", "images of pods"),
    *many(
        FILES, "pod_security_context", _PODS,
        ("T1543", "Service made or changed"),
        ("T1543.005", "Service made or changed: of containers"),
        ("T1068", "Weakness used to gain power"),
        ("T1611", "Way out to the host"),
    ),
    *many(
        RUNTIME, "detect_and_respond", _RUN,
        ("T1036", "Disguise"),
        ("T1036.005", "Disguise: name or place of something known"),
    ),
    Item("T1070", "Traces removed", FILES, "audit_log_enabled", "the audit log's settings, and pods"),
    *many(
        FILES, "workload_cloud_identity", _PODS,
        ("T1550", "Other means of authentication"),
        ("T1550.001", "Other means of authentication: an application's token"),
    ),
    *many(
        FILES, "detect_and_respond", "the audit log's settings, admission and pods",
        ("T1562", "Defences weakened"),
        ("T1562.001", "Defences weakened: tools switched off"),
    ),
    Item("T1612", "Image built on a host", FILES, "runtime_isolation_sandbox", _PODS),
    *many(
        RUNTIME, "cluster_authn_oidc", _RUN,
        ("T1110", "Passwords tried"),
        ("T1110.001", "Passwords tried: guesses"),
        ("T1110.003", "Passwords tried: one against many accounts"),
        ("T1110.004", "Passwords tried: known from elsewhere"),
    ),
    Item("T1528", "Token of an application stolen", FILES, "workload_cloud_identity", _PODS),
    *many(
        FILES, "secrets_env_encryption", "pods, Secrets and ConfigMaps",
        ("T1552", "Credentials without protection"),
        ("T1552.001", "Credentials without protection: in files"),
        ("T1552.007", "Credentials without protection: through the container's API"),
    ),
    Item("T1046", "Services of the network looked for", FILES, "netpol_rules_egress",
         "every Namespace and every NetworkPolicy"),
    *many(
        FILES, "k8s_rbac", "roles and their bindings",
        ("T1069", "Groups and rights looked for"),
        ("T1613", "Containers and resources looked for"),
    ),
    Item("T1485", "Data destroyed", FILES, "k8s_rbac", "roles and their bindings"),
    Item("T1490", "Recovery prevented", RUNTIME, "detect_and_respond", _RUN),
    *many(
        FILES, "limits_concurrency_cost", _PODS,
        ("T1496", "Resources used for other ends"),
        ("T1498", "Network flooded"),
        ("T1499", "Workload flooded"),
    ),
)  # fmt: skip

STANDARD = Standard("mitre-attack-containers", "15", "MITRE ATT&CK for Containers", "MITRE", ITEMS)

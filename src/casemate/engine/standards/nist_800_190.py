"""NIST SP 800-190, Application Container Security Guide (September 2017).

Source of the sections: the publication's risks (3.1 to 3.5) and countermeasures (4.1 to 4.5), as
StackRox's list of the standard names them one by one (`NIST_800_190`); a risk and its countermeasure
have the same number after the first dot, so a risk points at its countermeasure (`like`). Hardware
(4.6) says nothing that a scan could answer and is left out. The titles are our own words.
"""

from casemate.engine.standards.items import CLOUD, FILES, HOST, MANUAL, RUNTIME, Item, Standard

_PODS = "pods and what makes them"
_IMAGE = "the contents of the images"
_REGISTRY = "the settings of the registries"

_SECTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("1.1", "Images: known vulnerabilities", RUNTIME, "app_dependencies", _IMAGE),
    ("1.2", "Images: faults of their configuration", FILES, "base_image_or_runtime", "images of pods"),
    ("1.3", "Images: malware", RUNTIME, "base_image_or_runtime", _IMAGE),
    ("1.4", "Images: secrets in clear text", FILES, "secrets_env_encryption", "pods, Secrets and ConfigMaps"),
    ("1.5", "Images: not to be trusted", FILES, "image_signing_verify", "images of pods"),
    ("2.1", "Registries: connections without protection", FILES, "image_signing_verify", "images of pods"),
    ("2.2", "Registries: stale images", FILES, "image_signing_verify", "images of pods"),
    ("2.3", "Registries: who may read and write", CLOUD, "image_signing_verify", _REGISTRY),
    ("3.1", "Orchestrator: administrators without bounds", FILES, "k8s_rbac", "roles and their bindings"),
    ("3.2", "Orchestrator: access without right", FILES, "cluster_authn_oidc",
     "the flags of the control plane's components"),
    ("3.3", "Orchestrator: traffic between containers not divided", FILES, "netpol_rules_egress",
     "NetworkPolicies, Services, Ingresses and routes"),
    ("3.4", "Orchestrator: workloads of unlike worth on one node", MANUAL, "runtime_isolation_sandbox",
     "which workloads must not share a node"),
    ("3.5", "Orchestrator: trust in nodes", FILES, "kubelet_config",
     "the configuration of kubelets, etcd and the API server"),
    ("4.1", "Containers: weak runtime software", HOST, "node_os_patch", "versions of the runtime's software"),
    ("4.2", "Containers: network without bounds", FILES, "netpol_rules_egress",
     "every Namespace and every NetworkPolicy"),
    ("4.3", "Containers: set up without care", FILES, "pod_security_context", _PODS),
    ("4.4", "Containers: weak applications", FILES, "app_code_event_input", _PODS),
    ("4.5", "Containers: ones that nobody planned", FILES, "admission_pod_standards",
     "namespaces with their labels, and policies of admission"),
    ("5.1", "Hosts: more to attack than need be", FILES, "node_os_patch", _PODS),
    ("5.2", "Hosts: one kernel for all", FILES, "pod_security_context", _PODS),
    ("5.3", "Hosts: weak parts", HOST, "node_os_patch", "versions of the host's software"),
    ("5.4", "Hosts: who may log in", HOST, "node_os_patch", "users and logins of the host"),
    ("5.5", "Hosts: files changed from containers", FILES, "pod_security_context", _PODS),
)  # fmt: skip

ITEMS: tuple[Item, ...] = (
    *(
        Item(f"3.{number}", title, way, area, needs, (f"NIST-800-190:4.{number}",))
        for number, title, way, area, needs in _SECTIONS
    ),
    *(Item(f"4.{number}", title, way, area, needs) for number, title, way, area, needs in _SECTIONS),
)

STANDARD = Standard(
    "nist-800-190", "2017", "NIST SP 800-190, Application Container Security Guide", "NIST-800-190", ITEMS
)

"""What people call resources: `po`, `deployment`, `deployments.apps`; and the API's name for it.

Source: ShortNames() of the registries under pkg/registry of Kubernetes.
"""

from casemate.analysis.rbac.api_resources import ApiResource, api_resources
from casemate.model.version import KubernetesVersion

_SHORT = {
    "cj": "cronjobs",
    "cm": "configmaps",
    "crd": "customresourcedefinitions",
    "crds": "customresourcedefinitions",
    "cs": "componentstatuses",
    "csr": "certificatesigningrequests",
    "deploy": "deployments",
    "ds": "daemonsets",
    "ep": "endpoints",
    "ev": "events",
    "hpa": "horizontalpodautoscalers",
    "ing": "ingresses",
    "limits": "limitranges",
    "netpol": "networkpolicies",
    "no": "nodes",
    "ns": "namespaces",
    "pc": "priorityclasses",
    "pdb": "poddisruptionbudgets",
    "po": "pods",
    "psp": "podsecuritypolicies",
    "pv": "persistentvolumes",
    "pvc": "persistentvolumeclaims",
    "quota": "resourcequotas",
    "rc": "replicationcontrollers",
    "rs": "replicasets",
    "sa": "serviceaccounts",
    "sc": "storageclasses",
    "sts": "statefulsets",
    "svc": "services",
}
_LAST = ("extensions", "events.k8s.io")
"""Groups that serve what another group serves too, and are not meant where none is named."""


def resource_named(written: str, kubernetes: KubernetesVersion) -> ApiResource | None:
    """The resource of Kubernetes itself that a name means; None for one of another API.

    Without a group it is the one that kubectl would take: a short name, the plural or the singular.
    """
    name, dot, group = written.lower().partition(".")
    name = _SHORT.get(name, name)
    names = {name, f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies"}
    found = [
        resource
        for resource in api_resources(kubernetes)
        if resource.name in names and (not dot or resource.group == group)
    ]
    return min(found, key=lambda r: (r.name != name, r.group in _LAST, r.group != ""), default=None)

"""Which kinds of objects are typed, and how a plain tree becomes one of them.

The types are named, not imported: a kind that does not occur costs nothing.
"""

import importlib
from functools import cache
from typing import Any

import msgspec

from casemate.model.estate import Entity, Problem, Workload
from casemate.readers.typed import typed

TYPES: dict[tuple[str, str], str] = {
    ("", "Pod"): "running.RunningPod",
    ("", "Node"): "running.Node",
    ("", "Service"): "exposure.Service",
    ("extensions", "Ingress"): "exposure.Ingress",
    ("networking.k8s.io", "Ingress"): "exposure.Ingress",
    ("gateway.networking.k8s.io", "Gateway"): "exposure.Gateway",
    ("gateway.networking.k8s.io", "HTTPRoute"): "exposure.Route",
    ("gateway.networking.k8s.io", "GRPCRoute"): "exposure.Route",
    ("gateway.networking.k8s.io", "TLSRoute"): "exposure.Route",
    ("gateway.networking.k8s.io", "TCPRoute"): "exposure.Route",
    ("gateway.networking.k8s.io", "UDPRoute"): "exposure.Route",
    ("gateway.networking.k8s.io", "ReferenceGrant"): "exposure.ReferenceGrant",
    ("networking.istio.io", "Gateway"): "gateways.IstioGateway",
    ("networking.istio.io", "DestinationRule"): "gateways.DestinationRule",
    ("security.istio.io", "AuthorizationPolicy"): "istio_security.AuthorizationPolicy",
    ("security.istio.io", "PeerAuthentication"): "istio_security.PeerAuthentication",
    ("traefik.io", "IngressRoute"): "gateways.IngressRoute",
    ("traefik.io", "IngressRouteTCP"): "gateways.IngressRouteTcp",
    ("traefik.io", "ServersTransport"): "gateways.ServersTransport",
    ("traefik.io", "TLSOption"): "gateways.TlsOption",
    ("traefik.containo.us", "IngressRoute"): "gateways.IngressRoute",
    ("traefik.containo.us", "IngressRouteTCP"): "gateways.IngressRouteTcp",
    ("traefik.containo.us", "ServersTransport"): "gateways.ServersTransport",
    ("traefik.containo.us", "TLSOption"): "gateways.TlsOption",
    ("route.openshift.io", "Route"): "gateways.OpenShiftRoute",
    ("projectcontour.io", "HTTPProxy"): "gateways.HttpProxy",
    ("serving.knative.dev", "Service"): "functions.KnativeService",
    ("serving.knative.dev", "Configuration"): "functions.KnativeService",
    ("openfaas.com", "Function"): "functions.OpenFaasFunction",
    ("fission.io", "Function"): "functions.FissionFunction",
    ("fission.io", "Environment"): "functions.FissionEnvironment",
    ("fission.io", "Package"): "functions.FissionPackage",
    ("fission.io", "HTTPTrigger"): "functions.FissionTrigger",
    ("kubeless.io", "Function"): "functions.KubelessFunction",
    ("kubeless.io", "HTTPTrigger"): "functions.KubelessTrigger",
    ("storage.k8s.io", "StorageClass"): "storage.StorageClass",
    ("", "Namespace"): "governance.Namespace",
    ("batch", "CronJob"): "schedules.CronJob",
    ("", "ResourceQuota"): "governance.ResourceQuota",
    ("", "LimitRange"): "governance.LimitRange",
    ("apps", "Deployment"): "governance.ReplicatedWorkload",
    ("apps", "StatefulSet"): "governance.ReplicatedWorkload",
    ("extensions", "Deployment"): "governance.ReplicatedWorkload",
    ("autoscaling", "HorizontalPodAutoscaler"): "governance.HorizontalPodAutoscaler",
    ("policy", "PodDisruptionBudget"): "governance.PodDisruptionBudget",
    ("networking.k8s.io", "NetworkPolicy"): "network_policy.NetworkPolicy",
    ("extensions", "NetworkPolicy"): "network_policy.NetworkPolicy",
    ("projectcalico.org", "NetworkPolicy"): "calico.CalicoPolicy",
    ("projectcalico.org", "GlobalNetworkPolicy"): "calico.CalicoPolicy",
    ("projectcalico.org", "Tier"): "calico.CalicoTier",
    ("projectcalico.org", "NetworkSet"): "calico.NetworkSet",
    ("projectcalico.org", "GlobalNetworkSet"): "calico.NetworkSet",
    ("projectcalico.org", "HostEndpoint"): "calico.HostEndpoint",
    ("projectcalico.org", "Profile"): "calico.Profile",
    ("projectcalico.org", "StagedNetworkPolicy"): "calico.StagedPolicy",
    ("projectcalico.org", "StagedGlobalNetworkPolicy"): "calico.StagedPolicy",
    ("projectcalico.org", "StagedKubernetesNetworkPolicy"): "calico.StagedPolicy",
    ("crd.projectcalico.org", "NetworkPolicy"): "calico.CalicoPolicy",
    ("crd.projectcalico.org", "GlobalNetworkPolicy"): "calico.CalicoPolicy",
    ("crd.projectcalico.org", "Tier"): "calico.CalicoTier",
    ("crd.projectcalico.org", "NetworkSet"): "calico.NetworkSet",
    ("crd.projectcalico.org", "GlobalNetworkSet"): "calico.NetworkSet",
    ("crd.projectcalico.org", "HostEndpoint"): "calico.HostEndpoint",
    ("crd.projectcalico.org", "Profile"): "calico.Profile",
    ("crd.projectcalico.org", "StagedNetworkPolicy"): "calico.StagedPolicy",
    ("crd.projectcalico.org", "StagedGlobalNetworkPolicy"): "calico.StagedPolicy",
    ("crd.projectcalico.org", "StagedKubernetesNetworkPolicy"): "calico.StagedPolicy",
    ("cilium.io", "CiliumNetworkPolicy"): "cilium.CiliumPolicy",
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): "cilium.CiliumPolicy",
    ("cilium.io", "CiliumCIDRGroup"): "cilium.CiliumCidrGroup",
    ("policy.networking.k8s.io", "AdminNetworkPolicy"): "admin_network_policy.AdminNetworkPolicy",
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): (
        "admin_network_policy.BaselineAdminNetworkPolicy"
    ),
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"): "admin_network_policy.ClusterNetworkPolicy",
    ("argoproj.io", "AppProject"): "governance.ArgoProject",
    ("argoproj.io", "Application"): "governance.ArgoApplication",
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): "governance.FluxDeployment",
    ("helm.toolkit.fluxcd.io", "HelmRelease"): "governance.FluxDeployment",
    ("source.toolkit.fluxcd.io", "GitRepository"): "governance.FluxSource",
    ("source.toolkit.fluxcd.io", "OCIRepository"): "governance.FluxSource",
    ("source.toolkit.fluxcd.io", "HelmRepository"): "governance.FluxSource",
    ("source.toolkit.fluxcd.io", "Bucket"): "governance.FluxSource",
    ("monitoring.coreos.com", "ServiceMonitor"): "monitoring.ServiceMonitor",
    ("monitoring.coreos.com", "PodMonitor"): "monitoring.PodMonitor",
    ("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration"): "scheduler.KubeSchedulerConfiguration",
    ("apiserver.config.k8s.io", "EncryptionConfiguration"): "cluster_configs.EncryptionConfiguration",
    ("", "EncryptionConfig"): "cluster_configs.EncryptionConfiguration",
    ("apiserver.config.k8s.io", "AdmissionConfiguration"): "cluster_configs.AdmissionConfiguration",
    ("apiserver.k8s.io", "AdmissionConfiguration"): "cluster_configs.AdmissionConfiguration",
    ("pod-security.admission.config.k8s.io", "PodSecurityConfiguration"): (
        "cluster_configs.PodSecurityConfiguration"
    ),
    ("eventratelimit.admission.k8s.io", "Configuration"): "cluster_configs.EventRateLimit",
    ("apiserver.config.k8s.io", "AuthenticationConfiguration"): "cluster_configs.AuthenticationConfiguration",
    ("apiserver.config.k8s.io", "AuthorizationConfiguration"): "cluster_configs.AuthorizationConfiguration",
    ("audit.k8s.io", "Policy"): "cluster_configs.AuditPolicy",
    ("kubeproxy.config.k8s.io", "KubeProxyConfiguration"): "cluster_configs.KubeProxyConfiguration",
    ("kubelet.config.k8s.io", "KubeletConfiguration"): "kubelet_config.KubeletConfiguration",
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): "admission.WebhookConfiguration",
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): "admission.WebhookConfiguration",
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): "admission.AdmissionPolicy",
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"): "admission.AdmissionPolicy",
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"): "admission.AdmissionPolicyBinding",
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"): "admission.AdmissionPolicyBinding",
    ("policy", "PodSecurityPolicy"): "admission.PodSecurityPolicy",
    ("extensions", "PodSecurityPolicy"): "admission.PodSecurityPolicy",
    ("rbac.authorization.k8s.io", "Role"): "rbac.Role",
    ("rbac.authorization.k8s.io", "ClusterRole"): "rbac.Role",
    ("rbac.authorization.k8s.io", "RoleBinding"): "rbac.Binding",
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): "rbac.Binding",
    ("authorization.openshift.io", "Role"): "rbac.Role",
    ("authorization.openshift.io", "ClusterRole"): "rbac.Role",
    ("authorization.openshift.io", "RoleBinding"): "rbac.Binding",
    ("authorization.openshift.io", "ClusterRoleBinding"): "rbac.Binding",
    ("", "ConfigMap"): "configuration.ConfigMap",
    ("", "Secret"): "configuration.Secret",
}
"""API group and kind, and the type that holds it: `module of casemate.model.Name`."""

VERSIONS: dict[str, tuple[str, ...]] = {
    "apiserver.config.k8s.io": ("v1", "v1beta1", "v1alpha1"),
    "eventratelimit.admission.k8s.io": ("v1alpha1",),
    "kubelet.config.k8s.io": ("v1", "v1beta1", "v1alpha1"),
    "kubeproxy.config.k8s.io": ("v1alpha1",),
    "kubescheduler.config.k8s.io": ("v1", "v1beta3", "v1beta2", "v1beta1", "v1alpha2", "v1alpha1"),
    "pod-security.admission.config.k8s.io": ("v1", "v1beta1", "v1alpha1"),
}
"""The versions of configuration files, whose fields no API server converts: another one is not guessed."""


@cache
def type_of(group: str, kind: str) -> type[Entity] | None:
    """The type for a kind, None where nobody asks about its fields."""
    name = TYPES.get((group, kind))
    if name is None:
        return None
    module, _, attribute = name.rpartition(".")
    found: type[Entity] = getattr(importlib.import_module(f"casemate.model.{module}"), attribute)
    return found


def fields_of(entity_type: type[Entity], tree: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The fields that a type adds to `Entity` or `Workload`, taken from the top of an object.

    A value of another type than the API's is noted in `problems`, and the rest is kept.
    """
    body = _body(entity_type)
    present = {name: tree[name] for name in body.__struct_encode_fields__ if tree.get(name) is not None}
    value, wrong = typed(present, body, ())
    problems += wrong
    return {name: getattr(value, name) for name in body.__struct_fields__}


@cache
def _body(entity_type: type[Entity]) -> type[msgspec.Struct]:
    """A struct of the fields that a type adds to `Entity` or `Workload`, under their names in the API."""
    base = Workload if issubclass(entity_type, Workload) else Entity
    common = {field.name for field in msgspec.structs.fields(base)}
    own = [field for field in msgspec.structs.fields(entity_type) if field.name not in common]
    return msgspec.defstruct(
        entity_type.__name__,
        [(field.name, field.type, _default(field)) for field in own],
        rename={field.name: field.encode_name for field in own},
        frozen=True,
    )


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory)
    return field.default

"""Which admission plugins run: the release's defaults, with those of the flags and without the disabled.

Source: kubernetes/kubernetes pkg/kubeapiserver/options/plugins.go and admission.go, kubernetes/apiserver
pkg/server/options/admission.go (`enabledPluginNames`): a plugin that is both enabled and disabled
runs. `--admission-control`, the deprecated form, names all that run.
"""

from casemate.model.version import KubernetesVersion

_DEFAULTS = """
CertificateApproval CertificateSigning CertificateSubjectRestriction DefaultIngressClass DefaultStorageClass
DefaultTolerationSeconds LimitRanger MutatingAdmissionWebhook NamespaceLifecycle PersistentVolumeClaimResize
Priority ResourceQuota RuntimeClass ServiceAccount StorageObjectInUseProtection TaintNodesByCondition
ValidatingAdmissionWebhook PodSecurity:23 ValidatingAdmissionPolicy:26 ClusterTrustBundleAttest:27
PodTopologyLabels:33 MutatingAdmissionPolicy:32 NodeDeclaredFeatureValidator:35 PodGroupProtection:36
PodResizeValidator:37
"""
"""Plugins on by default, with the minor release from which on where it is later than 1.20."""
_OTHERS = """
AlwaysAdmit AlwaysDeny AlwaysPullImages DenyEscalatingExec:-20 DenyExecOnPrivileged:-20
DenyServiceExternalIPs:21 EventRateLimit ExtendedResourceToleration ImagePolicyWebhook
LimitPodHardAntiAffinityTopology NamespaceAutoProvision NamespaceExists NodeRestriction
OwnerReferencesPermissionEnforcement PersistentVolumeLabel:-30 PodNodeSelector PodSecurityPolicy:-24
PodTolerationRestriction SecurityContextDeny:-29
"""
"""Plugins off by default, with the first (`21`) or the last (`-24`) minor release that has them."""


def defaults(version: KubernetesVersion) -> frozenset[str]:
    """The plugins that run where no flag says otherwise."""
    words = (word.partition(":") for word in _DEFAULTS.split())
    return frozenset(name for name, _, first in words if not first or int(first) <= version.minor)


def removed(name: str, version: KubernetesVersion | None) -> bool:
    """Whether no such plugin exists: none of that name ever did, or it was removed before the release.

    Without a release, only the first.
    """
    spans = dict(word.partition(":")[::2] for word in (_DEFAULTS + _OTHERS).split())
    span = spans.get(name)
    if span is None or version is None:
        return span is None
    return span.startswith("-") and version.minor > int(span[1:])

"""Powers over certificates: logins that nobody can take back."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, WRITE, Capability, both, each, rights
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_GROUP = "certificates.k8s.io"
_SIGNERS = (
    "kubernetes.io/*",
    "kubernetes.io/kube-apiserver-client",
    "kubernetes.io/kube-apiserver-client-kubelet",
)
_APPROVAL = rights(CHANGE, _GROUP, "certificatesigningrequests/approval", namespaced=False)
_BUNDLES = KubernetesVersion(1, 37)
"""Since then ClusterTrustBundles are on by default; a beta since 1.33."""

APPROVE_CERTIFICATES = Capability(
    id="approve-certificates",
    gives="an approved request is a login under the name and the groups that it asks for",
    ways=both(rights("approve", _GROUP, "signers", namespaced=False, strong=_SIGNERS), _APPROVAL),
    source="plugin/pkg/admission/certificates of Kubernetes (approval; the group system:masters is refused)",
    cluster=Severity.HIGH,
    named=Severity.LOW,
    escalates=True,
)
MARK_APPROVED = Capability(
    id="mark-certificates-approved",
    gives="with approve on signers, which this role lacks, it gives out logins",
    ways=each(_APPROVAL),
    source="plugin/pkg/admission/certificates/approval of Kubernetes",
    cluster=Severity.LOW,
    unless=("approve-certificates",),
)
NODE_CERTIFICATES = Capability(
    id="node-certificates",
    gives="requests for the certificate of any node are approved without anybody looking",
    ways=both(
        rights("create", _GROUP, "certificatesigningrequests/nodeclient", namespaced=False),
        rights("create", _GROUP, "certificatesigningrequests", namespaced=False),
    ),
    source="pkg/controller/certificates/approver/sarapprove.go of Kubernetes",
    cluster=Severity.HIGH,
    escalates=True,
)
TRUST_BUNDLES = Capability(
    id="trust-bundles",
    gives="pods that mount a trust bundle believe the certificate authorities that its writer puts in",
    ways=each(rights(WRITE, _GROUP, "clustertrustbundles", namespaced=False, since=_BUNDLES)),
    source="plugin/pkg/admission/certificates/ctbattest of Kubernetes (a signer's asks for attest)",
    cluster=Severity.LOW,
    spelled=True,
)
ALL = (APPROVE_CERTIFICATES, MARK_APPROVED, NODE_CERTIFICATES, TRUST_BUNDLES)

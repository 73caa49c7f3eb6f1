"""etcd knows no rights by itself here: whoever it lets in reads and writes everything.

It asks for certificates with this flag, or as a side effect of --trusted-ca-file; the flag says
that it is meant, so the second is less severe.
"""

from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, settled, unreadable
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-client-cert-auth",
    title="etcd lets clients in without a certificate",
    severity=Severity.HIGH,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --client-cert-auth",
    standards=(
        "CIS-Kubernetes-1.12:2.2",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:authentication",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
    fixes=True,
)
def etcd_client_cert_auth(etcd: Etcd) -> Answers:
    setting = etcd.setting("client-cert-auth")
    if not setting.is_boolean:
        yield unreadable(setting, "neither true nor false")
    elif not setting.true:
        held = etcd.has("trusted-ca-file")
        message = "etcd is not told to ask clients for certificates"
        why = ("certificates are asked for only because --trusted-ca-file is given",) if held else ()
        fix = etcd.put("client-cert-auth", "true")
        yield from settled(etcd, setting, message, fix, Severity.LOW if held else None, why)

"""A credential for the API server is mounted, although nothing says that it is needed.

Every container of the pod can read it. An intruder asks the API server with it for whatever the
service account may do, now or after the next change of its rights.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.service_accounts import ServiceAccounts
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-service-account-token",
    title="API token mounted",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.CLUSTER,
    remedy="Set automountServiceAccountToken: false in the pod, unless its program calls the API server",
    standards=(
        "CIS-Kubernetes-1.12:5.1.6",
        "NSA-CISA-1.2:service-account-tokens",
        "MITRE:T1528",
        "MITRE:T1552.007",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
    ),
    area="workload_cloud_identity",
    fixes=True,
)
def service_account_token(pod: Pod, accounts: ServiceAccounts) -> Iterator[Fault]:
    asked = pod.spec.automount_service_account_token
    if asked is False or not pod.containers:
        return
    name = pod.service_account
    account = accounts.find(pod.namespace, name)
    if asked is None and account is not None and account.automount_token is False:
        return
    path = pod.at("automountServiceAccountToken")
    severity = Severity.LOW
    if asked:
        reason = "automountServiceAccountToken is true in the pod"
        severity = Severity.LOW if name == "default" else Severity.INFO  # somebody decided it
    else:
        known = (
            f"and service account {name} was not read" if account is None else f"nor false in account {name}"
        )
        reason = f"automountServiceAccountToken is not set in the pod, {known}"
        severity = Severity.MEDIUM if name == "default" else Severity.LOW
    yield Fault(
        message=f"the token of service account {name} is mounted into every container",
        at=path,
        why=(reason,),
        severity=severity,
        fix=Fix(safe=False, edits=(Edit("set", path, value=False),)),
    )

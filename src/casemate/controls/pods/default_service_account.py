"""A pod runs as the default service account of its namespace.

All pods that name no account share this one. A right that someone grants to it for one of them
is a right of all, and in the audit log nobody can tell them apart.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.service_accounts import ServiceAccounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-default-service-account",
    title="Default service account",
    severity=Severity.LOW,
    consequence=Consequence.CLUSTER,
    remedy="Make a service account for this workload and name it in serviceAccountName; or mount no token",
    standards=(
        "CIS-Kubernetes-1.12:5.1.5",
        "NSA-CISA-1.2:service-account-tokens",
        "MITRE:T1078.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="workload_cloud_identity",
)
def default_service_account(pod: Pod, accounts: ServiceAccounts) -> Iterator[Fault]:
    asked = pod.spec.automount_service_account_token
    if pod.service_account != "default" or asked is False or not pod.containers:
        return
    account = accounts.find(pod.namespace, "default")
    if asked is None and account is not None and account.automount_token is False:
        return
    named = bool(pod.spec.service_account_name or pod.spec.service_account)
    yield Fault(
        message="the pod runs as the default service account, which it shares with others",
        at=pod.at("serviceAccountName"),
        why=(
            "serviceAccountName is default" if named else "serviceAccountName is not set",
            "its token is mounted",
        ),
    )

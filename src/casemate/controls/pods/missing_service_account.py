"""A pod names a service account that does not exist.

The API server refuses the pod. Whoever may make service accounts in that namespace decides
what this workload runs as, and inherits whatever rights are bound to the name.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.service_accounts import ServiceAccounts
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import Ref, ServiceAccount
from casemate.model.severity import Severity


@control(
    "pod-missing-service-account",
    title="Service account that does not exist",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Make the service account, or name one that exists",
    area="workload_cloud_identity",
)
def missing_service_account(
    pod: Pod, known: Known[ServiceAccount], accounts: ServiceAccounts
) -> Iterator[Fault]:
    name = pod.service_account
    if name == "default":
        return
    if Ref("v1", "ServiceAccount", pod.namespace, name) in known or accounts.may_exist(pod.namespace, name):
        return
    field = "serviceAccountName" if pod.spec.service_account_name else "serviceAccount"
    yield Fault(
        message=f"service account {name} does not exist",
        at=pod.at(field),
        why=("every ServiceAccount was read, and there is none of that name in the namespace",),
    )

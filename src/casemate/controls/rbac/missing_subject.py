"""A binding gives a role to a service account that is not there.

Whoever may make service accounts or pods in that namespace can make one of that name and inherits the
role.
"""

from collections.abc import Iterator

from casemate.analysis.labelled_pods import may_be_same
from casemate.analysis.rbac.defaults import is_default_binding
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.strength import Strength, strength_of
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import ServiceAccount
from casemate.model.rbac import SERVICE_ACCOUNT, Binding, Subject
from casemate.model.severity import Severity


@control(
    "rbac-missing-subject",
    title="Binding to a service account that does not exist",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Remove the subject, correct its name or namespace, or add the service account",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def missing_subject(binding: Binding, accounts: Known[ServiceAccount], known: Grants) -> Iterator[Fault]:
    if is_default_binding(binding):
        return
    for index, subject in enumerate(binding.subjects):
        holder = binding.holder(subject)
        if holder.kind != SERVICE_ACCOUNT or _may_exist(holder, accounts):
            continue
        power = strength_of(binding, known) is Strength.POWER
        yield Fault(
            message=f"there is no service account {holder.name}{_where(holder)}",
            at=("subjects", index, "name"),
            why=("every service account was read",),
            severity=Severity.MEDIUM if power else Severity.LOW,
        )


def _may_exist(holder: Subject, accounts: Known[ServiceAccount]) -> bool:
    """Whether one of that name was read, or is made by Kubernetes itself in each namespace."""
    if holder.name == "default":
        return True
    return any(
        account.ref.name == holder.name and may_be_same(account.ref.namespace, holder.namespace)
        for account in accounts
    )


def _where(holder: Subject) -> str:
    return f" in namespace {holder.namespace}" if holder.namespace else ""

"""A binding gives a role to a service account that is not there.

Whoever may make service accounts or pods in that namespace can make one of that name and inherits the
role.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.absent_namespaces import AbsentNamespaces
from casemate.analysis.rbac.creators import Creators
from casemate.analysis.rbac.defaults import added_subjects
from casemate.analysis.rbac.grants import Grants, matches_nobody
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.strength import Strength, strength_of
from casemate.analysis.service_accounts import ServiceAccounts
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import ServiceAccount
from casemate.model.rbac import SERVICE_ACCOUNT, Binding, Subject
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_EVERYWHERE = "default"
"""Kubernetes makes one of this name in each namespace."""


@control(
    "rbac-missing-subject",
    title="Binding to a service account that does not exist",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Remove the subject, correct its name or namespace, or add the service account",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def missing_subject(
    binding: Binding,
    known: Grants,
    there: ServiceAccounts,
    accounts: Known[ServiceAccount],  # noqa: ARG001 # asked where every service account was read
    kubernetes: KubernetesVersion,
    holdings: Holdings,
    absent: AbsentNamespaces,
) -> Iterator[Fault]:
    for index, subject in added_subjects(binding, kubernetes):
        holder = binding.holder(subject)
        name = holder.name or ""
        idle = holder.kind != SERVICE_ACCOUNT or (binding.is_cluster and matches_nobody(holder))
        if idle or name == _EVERYWHERE or there.may_exist(holder.namespace, name):
            continue
        if holder.namespace in absent:
            continue  # the namespace itself is missing, which is another question
        power = strength_of(binding, known, kubernetes) is Strength.POWER
        yield Fault(
            message=f"there is no service account {holder.name}{_where(holder)}",
            at=("subjects", index, "name"),
            why=("every service account was read", *_creators(holder, holdings, kubernetes)),
            severity=Severity.MEDIUM if power else Severity.LOW,
        )


def _creators(holder: Subject, holdings: Holdings, kubernetes: KubernetesVersion) -> tuple[str, ...]:
    if not holder.namespace:
        return ()
    return holdings.derived(Creators).sentence("serviceaccounts", holder.namespace, kubernetes)


def _where(holder: Subject) -> str:
    return f" in namespace {holder.namespace}" if holder.namespace else ""

"""A binding is in a namespace that does not exist, or gives a role to service accounts of one.

It gives nothing today. Whoever may make a namespace of that name makes a place where the rights wait: all
service accounts there, and all who can make one.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.absent_namespaces import AbsentNamespaces
from casemate.analysis.rbac.creators import Creators
from casemate.analysis.rbac.defaults import added_subjects
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.strength import Strength, strength_of
from casemate.model.control import Consequence, Fault, Known, Unanswered, control
from casemate.model.governance import Namespace
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, Binding, Subject
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_OF_NAMESPACE = "system:serviceaccounts:"


@control(
    "rbac-missing-namespace",
    title="Binding that is about a namespace that does not exist",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Correct the namespace, add it, or take the grant away",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def missing_namespace(
    binding: Binding,
    known: Grants,
    holdings: Holdings,
    absent: AbsentNamespaces,
    kubernetes: KubernetesVersion,
    namespaces: Known[Namespace],  # noqa: ARG001 # asked where every namespace was read
) -> Iterator[Fault | Unanswered]:
    if not absent.complete:
        if _asks(binding, absent, kubernetes):
            yield Unanswered("no Namespace was read, though a cluster always has some")
        return
    own = None if binding.is_cluster else binding.ref.namespace
    if absent.may_be_absent(own):
        yield Fault(
            message=f"there is no namespace {own}, which it is in",
            at=("metadata", "namespace"),
            why=_why(holdings, kubernetes),
        )
    for index, subject in added_subjects(binding, kubernetes):
        name, field = _namespace(binding.holder(subject))
        if name is None or name == own or not absent.may_be_absent(name):
            continue
        power = strength_of(binding, known, kubernetes) is Strength.POWER
        yield Fault(
            message=f"there is no namespace {name}, whose {_whose(subject)} it names",
            at=("subjects", index, field),
            why=_why(holdings, kubernetes),
            severity=Severity.MEDIUM if power else Severity.LOW,
        )


def _namespace(holder: Subject) -> tuple[str | None, str]:
    """The namespace whose service accounts a subject means, and the field that says so."""
    if holder.kind == SERVICE_ACCOUNT:
        return holder.namespace, "namespace"
    if holder.kind == GROUP and (holder.name or "").startswith(_OF_NAMESPACE):
        return (holder.name or "").removeprefix(_OF_NAMESPACE), "name"
    return None, ""


def _whose(subject: Subject) -> str:
    return "service accounts" if subject.kind == GROUP else f"service account {subject.name}"


def _asks(binding: Binding, absent: AbsentNamespaces, kubernetes: KubernetesVersion) -> bool:
    """Whether the question arises: a namespace is named that was not read."""
    if not binding.is_cluster and absent.may_be_absent(binding.ref.namespace):
        return True
    holders = (binding.holder(subject) for _, subject in added_subjects(binding, kubernetes))
    return any(absent.may_be_absent(_namespace(holder)[0]) for holder in holders)


def _why(holdings: Holdings, kubernetes: KubernetesVersion) -> tuple[str, ...]:
    return ("every namespace was read", *holdings.derived(Creators).sentence("namespaces", "", kubernetes))

"""A binding is in a namespace that does not exist, or gives a role to service accounts of one.

It gives nothing today. Whoever may make a namespace of that name makes a place where the rights wait: all
service accounts there, and all who can make one.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.absent_namespaces import AbsentNamespaces
from casemate.analysis.rbac.creators import Creators
from casemate.analysis.rbac.defaults import is_default_binding
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.strength import Strength, strength_of
from casemate.model.control import Consequence, Fault, Known, control
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
) -> Iterator[Fault]:
    if is_default_binding(binding, kubernetes):
        return
    own = None if binding.is_cluster else binding.ref.namespace
    if absent.may_be_absent(own):
        yield Fault(
            message=f"there is no namespace {own}, which it is in",
            at=("metadata", "namespace"),
            why=_why(absent, holdings, kubernetes),
        )
    for index, subject in enumerate(binding.subjects):
        name, field = _namespace(binding.holder(subject))
        if name is None or name == own or not absent.may_be_absent(name):
            continue
        power = strength_of(binding, known, kubernetes) is Strength.POWER
        yield Fault(
            message=f"there is no namespace {name}, whose {_whose(subject)} it names",
            at=("subjects", index, field),
            why=_why(absent, holdings, kubernetes),
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


def _why(absent: AbsentNamespaces, holdings: Holdings, kubernetes: KubernetesVersion) -> tuple[str, ...]:
    if not absent.complete:  # only whether the question arises is asked
        return ()
    return ("every namespace was read", *holdings.derived(Creators).sentence("namespaces", "", kubernetes))

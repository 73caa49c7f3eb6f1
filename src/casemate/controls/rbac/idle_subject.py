"""A binding names a subject that can be nobody.

The API server refuses such a binding, or the authorizer matches it with no one: whoever was meant does not
hold the role, and a second, hastier binding tends to follow.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.grants import matches_nobody, title
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import SERVICE_ACCOUNT, Binding, Subject
from casemate.model.severity import Severity

_NO_NAMESPACE = "a service account in a ClusterRoleBinding needs a namespace"


@control(
    "rbac-idle-subject",
    title="Subject that can be nobody",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Give the subject its kind and name, and a service account its namespace",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def idle_subject(binding: Binding) -> Iterator[Fault]:
    for index, subject in enumerate(binding.subjects):
        holder = binding.holder(subject)
        why = _why(holder)
        if matches_nobody(holder) and (binding.is_cluster or why != _NO_NAMESPACE):
            yield Fault(message=f"nobody can be {title(holder)}", at=("subjects", index), why=(why,))


def _why(holder: Subject) -> str:
    if not holder.name:
        return "it has no name"
    if holder.kind == SERVICE_ACCOUNT:
        return _NO_NAMESPACE
    return "its kind is none of User, Group and ServiceAccount"

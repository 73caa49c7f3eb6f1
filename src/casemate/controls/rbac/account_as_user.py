"""A binding names a service account by its user name.

The authorizer takes it, since a service account is a user of that name. Whoever looks for what the account
holds looks for subjects of kind ServiceAccount and passes this one over; and a binding that stays when the
account's namespace is deleted is seen by fewer still. As a group the name means nobody.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.identity import account_of
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import GROUP, USER, Binding
from casemate.model.severity import Severity


@control(
    "rbac-account-as-user",
    title="Service account that is named as a user",
    severity=Severity.INFO,
    consequence=Consequence.MEANING,
    remedy="Name it as a subject of kind ServiceAccount, with its namespace",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def account_as_user(binding: Binding) -> Iterator[Fault]:
    for index, subject in enumerate(binding.subjects):
        account = account_of(subject.name) if subject.name else None
        kind = binding.kind_of(subject)
        if account is None or kind not in {USER, GROUP}:
            continue
        namespace, name = account
        if kind == USER:
            yield Fault(
                message=f"the user {subject.name} is the service account {name} of namespace {namespace}",
                at=("subjects", index, "kind"),
            )
        else:
            yield Fault(
                message=f"no group is called {subject.name}: that is the user name of a service account",
                at=("subjects", index, "kind"),
                severity=Severity.LOW,
            )

"""A binding puts a policy in force that is not there.

Nothing is asked, and nothing says so: the name was misspelled, or the policy was never applied.
"""

from collections.abc import Iterator

from casemate.model.admission import AdmissionPolicy, AdmissionPolicyBinding
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.severity import Severity


@control(
    "admission-binding-without-policy",
    title="Binding of an admission policy that is not there",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Name a policy that is there",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def binding_without_policy(
    binding: AdmissionPolicyBinding, policies: Known[AdmissionPolicy]
) -> Iterator[Fault]:
    name = binding.spec.policy_name or ""
    kind = binding.ref.kind.removesuffix("Binding")
    if not any(found.ref.kind == kind and found.ref.name == name for found in policies):
        yield Fault(
            message=f"the binding names a policy that is not there: {name or '(no name)'}",
            at=("spec", "policyName"),
            why=(f"no {kind} of that name was read",),
        )

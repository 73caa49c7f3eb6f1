"""An admission policy that no binding puts in force.

It is read, compiled and listed, and asked about nothing: what it was written to keep out is let in.
"""

from collections.abc import Iterator

from casemate.model.admission import AdmissionPolicy, AdmissionPolicyBinding
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.severity import Severity


@control(
    "admission-policy-unbound",
    title="Admission policy without a binding",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Add a binding that names the policy",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def policy_unbound(policy: AdmissionPolicy, bindings: Known[AdmissionPolicyBinding]) -> Iterator[Fault]:
    kind = f"{policy.ref.kind}Binding"
    if any(found.ref.kind == kind and found.spec.policy_name == policy.ref.name for found in bindings):
        return
    yield Fault(
        message="the policy is in force nowhere",
        at=("metadata", "name"),
        why=(f"no {kind} names it",),
    )

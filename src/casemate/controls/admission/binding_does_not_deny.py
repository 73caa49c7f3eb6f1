"""What the policy does not allow is let in all the same.

A binding that only warns or writes to the audit log is a good first step. Who forgets the second step has a
policy on paper.
"""

from collections.abc import Iterator

from casemate.model.admission import AdmissionPolicyBinding
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "admission-binding-does-not-deny",
    title="Admission policy that refuses nothing",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Put Deny among validationActions once nothing is warned about any more",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
    fixes=True,
)
def binding_does_not_deny(binding: AdmissionPolicyBinding) -> Iterator[Fault]:
    actions = binding.spec.validation_actions
    if not actions or "Deny" in actions:
        return
    path = ("spec", "validationActions")
    kept = [action for action in actions if action != "Warn"]  # the API refuses Deny beside Warn
    yield Fault(
        message="what the policy does not allow is let in",
        at=path,
        why=(f"validationActions are {', '.join(actions)}",),
        fix=Fix(safe=False, edits=(Edit("set", path, ["Deny", *kept]),)),
    )

"""What an admission policy cannot be evaluated for is let in.

An expression fails when a field is missing or a parameter is not there. With Ignore such a request passes,
and whoever writes the object may bring that about.
"""

from collections.abc import Iterator

from casemate.model.admission import AdmissionPolicy
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "admission-policy-fails-open",
    title="Admission policy that lets in what it cannot judge",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Remove failurePolicy: Fail is the default",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
    fixes=True,
)
def policy_fails_open(policy: AdmissionPolicy) -> Iterator[Fault]:
    if policy.spec.failure_policy != "Ignore":
        return
    path = ("spec", "failurePolicy")
    yield Fault(
        message="what the policy cannot be evaluated for is let in",
        at=path,
        why=("failurePolicy is Ignore",),
        severity=Severity.MEDIUM if policy.validating else Severity.LOW,
        fix=Fix(safe=False, edits=(Edit("set", path, "Fail"),)),
    )

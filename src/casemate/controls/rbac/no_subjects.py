"""A binding gives a role to nobody.

It is left over, or waits for somebody to be filled in without anybody looking at the role again.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.defaults import is_default_binding
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Binding
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-no-subjects",
    title="Binding without subjects",
    severity=Severity.INFO,
    consequence=Consequence.MEANING,
    remedy="Delete the binding, or add its subjects",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
)
def no_subjects(binding: Binding, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    if not binding.subjects and not is_default_binding(binding, kubernetes):
        yield Fault(message=f"nobody holds {binding.role_kind} {binding.role_name} by it", at=("subjects",))

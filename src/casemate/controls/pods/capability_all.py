"""A container adds every capability.

It may then load kernel modules, mount file systems and reach the node's memory: nearly all that
a privileged container may, with no flag that says so.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import softened
from casemate.analysis.pods.view import normal
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-capability-all",
    title="All capabilities",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Replace ALL by the one capability that is needed",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:capabilities",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Replace ALL by the one capability that is needed",
)
def capability_all(container: Container) -> Iterator[Fault]:
    capabilities = container.context.capabilities
    if capabilities is None or not capabilities.add or container.privileged or container.pod.windows:
        return
    for index, name in enumerate(capabilities.add):
        if normal(name) == "ALL":
            path = container.at("securityContext", "capabilities", "add", index)
            severity, why = softened(container, Severity.CRITICAL, (f"capabilities.add holds {name}",))
            yield Fault(
                message=f"container {container.name} has every capability",
                at=path,
                why=why,
                severity=severity,
                fix=Fix(safe=False, edits=(Edit("remove", path),)),
            )

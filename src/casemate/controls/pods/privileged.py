"""A privileged container has every capability and every device of its node.

There is no boundary left: whoever takes over the process can load kernel modules, mount the
node's disks and start processes outside of any container.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.softening import for_role, in_user_namespace
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-privileged",
    title="Privileged container",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove privileged: true; add the one capability that is needed, if any",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.2",
        "CIS-Kubernetes-1.12:5.2.8",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.2",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:privileged",
        "NSA-CISA-1.2:capabilities",
        "NSA-CISA-1.2:seccomp",
        "NSA-CISA-1.2:apparmor",
        "MITRE:T1543.005",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove privileged: true; add the one capability or device that is needed, if any",
)
def privileged(container: Container) -> Iterator[Fault]:
    if container.privileged:
        path = container.at("securityContext", "privileged")
        why: tuple[str, ...] = ("securityContext.privileged is true",)
        severity, why = in_user_namespace(container.pod, Severity.CRITICAL, why)
        severity, why = for_role(container.pod, severity, why)
        yield Fault(
            message=f"container {container.name} is privileged",
            at=path,
            why=why,
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("set", path, value=False),)),
        )

"""A container keeps capabilities that nobody chose.

Container engines grant about a dozen by default: forging packets, becoming any user, changing
the owner of any file. Few programs need one of them, and an intruder uses all that are there.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.root import starts_unprivileged
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-capabilities-not-dropped",
    title="Default capabilities kept",
    severity=Severity.MEDIUM,
    consequence=Consequence.ESCALATION,
    remedy="Set capabilities.drop: [ALL] and add what the program turns out to need",
    standards=(
        "PSS:restricted",
        "CIS-Kubernetes-1.12:5.2.8",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:capabilities",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Set cap_drop: [ALL], and in cap_add what the program turns out to need",
)
def capabilities_not_dropped(container: Container) -> Iterator[Fault]:
    dropped = container.dropped
    if "ALL" in dropped or container.privileged or container.pod.windows:
        return
    path = container.at("securityContext", "capabilities", "drop")
    kept = f"drops only {', '.join(sorted(dropped))}" if dropped else "drops none of the default capabilities"
    root = not starts_unprivileged(container)
    yield Fault(
        message=f"container {container.name} {kept}",
        at=path,
        why=("capabilities.drop does not hold ALL",)
        if root
        else (
            "capabilities.drop does not hold ALL",
            "not root: only programs with file capabilities get them",
        ),
        severity=Severity.MEDIUM if root else Severity.LOW,
        fix=Fix(safe=False, edits=(Edit("set", path, ("ALL",)),)),
    )

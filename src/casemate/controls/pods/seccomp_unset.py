"""No seccomp profile is set for a container.

Unless the kubelet was started with seccompDefault, the container then runs without any filter
of system calls, and every part of the kernel is within reach of an intruder.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.places import told
from casemate.analysis.pods.seccomp import seccomp_profile
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "pod-seccomp-unset",
    title="No seccomp profile",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.ESCALATION,
    remedy="Set securityContext.seccompProfile.type: RuntimeDefault for the pod",
    standards=(
        "PSS:restricted",
        "CIS-Kubernetes-1.12:5.6.2",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:seccomp",
        "MITRE:T1068",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
)
def seccomp_unset(pod: Pod, version: KubernetesVersion) -> Iterator[Fault]:
    if pod.windows or pod.context.seccomp_profile is not None:
        return
    unset = [c for c in pod.containers if not c.privileged and seccomp_profile(c, version).is_default]
    if unset:
        path = pod.at("securityContext", "seccompProfile", "type")
        yield Fault(
            message=told(unset, "has no seccomp profile", "have no seccomp profile"),
            at=path,
            why=("seccompProfile is not set; without seccompDefault on the kubelet that means no filter",),
            fix=Fix(safe=False, edits=(Edit("set", path, "RuntimeDefault"),)),
        )

"""A container may pass over the permissions of files.

DAC_READ_SEARCH opens files by their handle, outside of the container's own file system: any file
of the node can be read so. The others are for becoming root inside, for changing what belongs to
others in shared volumes, and for making devices.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import Group, added
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-capability-files",
    title="Capability over files",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove it from capabilities.add",
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
    docker="Remove it from cap_add",
)
def capability_files(container: Container) -> Iterator[Fault]:
    return added(container, Group.FILES)

"""An image comes from a registry that is not among those allowed.

What is not in an allowed registry was built, scanned and signed by nobody here. The list is
`registries.allowed` in casemate.yaml; without it nothing is asked.
"""

from collections.abc import Iterator

from casemate.analysis.images import Reference, parse
from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.settings import Settings
from casemate.model.severity import Severity


@control(
    "image-registry-not-allowed",
    title="Registry not allowed",
    severity=Severity.HIGH,
    consequence=Consequence.UNREVIEWED,
    remedy="Take the image from an allowed registry, or allow this one in casemate.yaml",
    standards=(
        "CIS-Kubernetes-1.12:5.5.1",
        "NSA-CISA-1.2:secure-images",
        "MITRE:T1204.003",
        "MITRE:T1525",
        "OWASP-Kubernetes-2022:K02",
        "NIST-800-190:4.1.5",
    ),
    area="image_signing_verify",
    docker=True,
    setting="registries.allowed",
)
def registry_not_allowed(container: Container, settings: Settings) -> Iterator[Fault]:
    allowed = settings.registries.allowed
    if not allowed:
        return
    image = parse(container.spec.image or "")
    if isinstance(image, Reference) and not any(image.is_from(pattern) for pattern in allowed):
        yield Fault(
            message=f"container {container.name}: image {image.written} is not from an allowed registry",
            at=container.at("image"),
            why=(f"it is {image.name}", f"allowed: {', '.join(allowed)}"),
        )

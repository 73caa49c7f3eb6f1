"""An image is named by the tag `latest`.

The tag moves with every push. A new pod may run something other than the pods beside it, going
back to the version before is not possible, and whoever can push decides what runs.
"""

from collections.abc import Iterator

from casemate.analysis.images import Reference, parse
from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "image-latest",
    title="Image by the tag latest",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNREVIEWED,
    remedy="Name a version and its digest, as in app:1.8@sha256:<64 hex digits>",
    standards=(
        "NSA-CISA-1.2:secure-images",
        "MITRE:T1525",
        "OWASP-Kubernetes-2022:K02",
        "NIST-800-190:4.2.2",
    ),
    area="base_image_or_runtime",
    docker=True,
)
def latest(container: Container) -> Iterator[Fault]:
    image = parse(container.spec.image or "")
    if isinstance(image, Reference) and image.tag == "latest" and image.digest is None:
        yield Fault(
            message=f"container {container.name}: image {image.written} is whatever was pushed last",
            at=container.at("image"),
            why=(f"{image.name} has the tag latest and no digest",),
        )

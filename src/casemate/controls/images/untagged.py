"""An image is named without tag or digest.

What is meant is `latest`: whatever was pushed last. A new pod may then run something other than
the pods beside it, and whoever can push to the repository decides what runs.
"""

from collections.abc import Iterator

from casemate.analysis.images import Reference, parse
from casemate.analysis.images.official import OFFICIAL
from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity

_REPLACED = "Docker Hub has no image of that name: a build tool such as Skaffold may put the real one in"


@control(
    "image-untagged",
    title="Image without a tag",
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
def untagged(container: Container) -> Iterator[Fault]:
    image = parse(container.spec.image or "")
    if isinstance(image, Reference) and image.tag is None and image.digest is None:
        replaced = "/" not in image.written and image.written not in OFFICIAL
        yield Fault(
            message=f"container {container.name}: image {image.written} has no tag, which means latest",
            at=container.at("image"),
            why=(f"it is read as {image.name}:latest", *((_REPLACED,) if replaced else ())),
            severity=Severity.LOW if replaced else None,
            confidence=Confidence.POSSIBLE if replaced else None,
        )

"""An image's name cannot be read as a reference.

The kubelet answers InvalidImageName and the container never starts. Often a variable was left
that a tool should have filled in, and nobody can say which image was reviewed.
"""

from collections.abc import Iterator

from casemate.analysis.images import BrokenReference, parse
from casemate.analysis.pods import Container
from casemate.analysis.pods.kinds import is_built_in
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "image-invalid-reference",
    title="Image that cannot be pulled",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Write it as registry/name:tag@digest, all but the tag in lower case",
    area="base_image_or_runtime",
    docker=True,
)
def invalid_reference(container: Container) -> Iterator[Fault]:
    written = container.spec.image
    image = parse(written) if written else None
    if not isinstance(image, BrokenReference):
        return
    if image.variable is None:
        message, remedy = f"container {container.name}: {written} is no image reference", None
    elif is_built_in(container.pod):
        message = f"container {container.name}: the image holds the unresolved variable {image.variable}"
        remedy = "Scan the manifest as it is applied, after the variable is filled in"
    else:
        # Operators and workflow engines fill in variables of their own resources.
        return
    yield Fault(message=message, at=container.at("image"), why=(image.reason,), remedy=remedy)

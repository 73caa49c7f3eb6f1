"""A container names no image.

The API server refuses the pod. Where some other program puts the image in, that program decides
what runs, and the manifest does not show what was reviewed.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.kinds import is_built_in
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "image-missing",
    title="No image",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Name the image, with its digest",
    area="base_image_or_runtime",
)
def missing(container: Container) -> Iterator[Fault]:
    if not container.spec.image and is_built_in(container.pod):
        yield Fault(
            message=f"container {container.name} has no image",
            at=container.at("image"),
            why=("image is required in a pod",),
        )

"""An image is named by a tag alone, without the digest of its content.

A tag can be moved: whoever can push to the repository, or has its registry's password, puts
other content behind the name that was reviewed. A digest is the content.
"""

from collections.abc import Iterator

from casemate.analysis.images import Reference, parse
from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "image-not-pinned",
    title="Image without a digest",
    severity=Severity.LOW,
    consequence=Consequence.UNREVIEWED,
    remedy="Add the digest after the tag: app:1.8@sha256:...; tools such as Renovate keep it up to date",
    standards=(
        "NSA-CISA-1.2:secure-images",
        "MITRE:T1525",
        "OWASP-Kubernetes-2022:K02",
        "NIST-800-190:4.1.5",
    ),
    area="image_signing_verify",
    docker=True,
)
def not_pinned(container: Container) -> Iterator[Fault]:
    image = parse(container.spec.image or "")
    if isinstance(image, Reference) and image.digest is None and image.tag not in {None, "latest"}:
        yield Fault(
            message=f"container {container.name}: image {image.written} is not pinned to a digest",
            at=container.at("image"),
            why=(f"the tag {image.tag} can be moved to other content",),
        )

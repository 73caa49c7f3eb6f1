"""Flux applies commits and artefacts without asking who made them.

Whoever may push, or has the token of somebody who may, decides what runs. With `verify` Flux takes only
what was signed by a known key.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import FluxSource
from casemate.model.severity import Severity

_SIGNED = ("GitRepository", "OCIRepository")


@control(
    "governance-flux-unverified-source",
    title="Flux source without signatures",
    severity=Severity.INFO,
    consequence=Consequence.UNREVIEWED,
    remedy="Set spec.verify with the keys that commits or artefacts are signed with",
    area="image_signing_verify",
)
def flux_unverified_source(source: FluxSource) -> Iterator[Fault]:
    if source.ref.kind in _SIGNED and source.spec.verify is None:
        yield Fault(
            message="Flux does not ask who signed what it applies",
            at=("spec", "verify"),
            why=("spec.verify is not set",),
        )

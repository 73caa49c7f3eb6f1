"""Flux fetches what it applies without TLS.

Whoever is on the way puts their own manifests in place, and Flux applies them.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.governance import FluxSource
from casemate.model.severity import Severity


@control(
    "governance-flux-plain-source",
    title="Flux source without TLS",
    severity=Severity.HIGH,
    consequence=Consequence.UNREVIEWED,
    remedy="Fetch by https, ssh or an OCI registry with TLS",
    standards=("NSA-CISA-1.2:encryption", "NIST-800-190:4.2.1"),
    area="image_signing_verify",
    fixes=True,
)
def flux_plain_source(source: FluxSource) -> Iterator[Fault]:
    url = source.spec.url or ""
    if url.lower().startswith(("http://", "git://")):
        scheme = url.partition(":")[0].lower()
        path = ("spec", "url")
        yield Fault(
            message=f"what is applied is fetched by {scheme}, which anybody on the way can change",
            at=path,
            why=(f"the address begins with {scheme}://",),
            fix=Fix(safe=False, edits=(Edit("set", path, f"https://{url.partition('://')[2]}"),)),
        )
    elif source.spec.insecure:
        where = ("spec", "insecure")
        yield Fault(
            message="what is applied is fetched without TLS, so anybody on the way can change it",
            at=where,
            why=("insecure is true",),
            fix=Fix(safe=False, edits=(Edit("remove", where),)),
        )

"""A function's code is fetched without knowing what it must be.

Whoever can change what stands at the address, or answer in its place, runs code of their own with
the function's rights. A digest in the object makes the platform refuse it.
"""

from collections.abc import Iterator

from casemate.analysis.functions import Code
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "function-unverified-code",
    title="Fetched code without a digest",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNREVIEWED,
    remedy="Name the archive by https, and its SHA-256 beside it",
    standards=("OWASP-Kubernetes-2022:K02", "NIST-800-190:4.4.5"),
    area="image_signing_verify",
)
def unverified_code(code: Code) -> Iterator[Fault]:
    if code.url is None:
        return
    plain = code.url.lower().startswith("http://")
    if not code.digest:
        yield Fault(
            message="the function's code is fetched, and nothing says what it must be",
            at=code.path,
            why=("no checksum is set", *(("the address is plain http",) if plain else ())),
            severity=Severity.HIGH if plain else None,
        )

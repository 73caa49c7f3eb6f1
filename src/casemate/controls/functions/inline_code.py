"""The code of a function stands in the object that runs it.

No build, no scan, no signature and no digest lie between whoever may edit the object and the code
that runs with the function's rights.
"""

from collections.abc import Iterator

from casemate.analysis.functions import Code
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "function-inline-code",
    title="Code inside of the object",
    severity=Severity.LOW,
    consequence=Consequence.UNREVIEWED,
    remedy="Build an image or archive from a repository, and name it by its digest",
    standards=("NIST-800-190:4.4.5",),
    area="image_signing_verify",
)
def inline_code(code: Code) -> Iterator[Fault]:
    if code.inline:
        yield Fault(
            message="the object holds the function's code itself",
            at=code.path,
            why=("whoever may change the object changes the code, past every build and scan",),
        )

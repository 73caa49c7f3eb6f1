"""A function can write into its own image.

Whoever gets into the process can leave programs there for the next calls of the same instance.
OpenFaaS gives functions a writable /tmp beside a read-only root.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.functions import OpenFaasFunction
from casemate.model.severity import Severity

_PATH = ("spec", "readOnlyRootFilesystem")


@control(
    "function-writable-root-filesystem",
    title="Function with a writable root file system",
    severity=Severity.LOW,
    consequence=Consequence.ESCALATION,
    remedy="Set readOnlyRootFilesystem: true; /tmp stays writable",
    standards=("NSA-CISA-1.2:immutable-file-system",),
    fixes=True,
)
def writable_root_filesystem(function: OpenFaasFunction) -> Iterator[Fault]:
    if not function.spec.read_only_root_filesystem:
        yield Fault(
            message="the function can write into its own image",
            at=_PATH,
            why=(
                "readOnlyRootFilesystem is not set, and the default is false"
                if function.spec.read_only_root_filesystem is None
                else "readOnlyRootFilesystem is false",
            ),
            fix=Fix(safe=False, edits=(Edit("set", _PATH, value=True),)),
        )

"""A function runs in a language release that gets no security fixes any more.

Holes found since then stay open, and everybody knows them. The platform keeps starting the old
runtime until somebody names a newer one.
"""

from collections.abc import Iterator

from casemate.analysis.functions import ended
from casemate.model.control import Consequence, Fault, control
from casemate.model.functions import FissionEnvironment, Function, KubelessFunction
from casemate.model.place import Path
from casemate.model.severity import Severity


@control(
    "function-end-of-life-runtime",
    title="Runtime without security fixes",
    severity=Severity.MEDIUM,
    consequence=Consequence.ESCALATION,
    remedy="Move the function to a release that is supported",
    standards=("OWASP-Kubernetes-2022:K10", "NIST-800-190:4.1.1"),
    area="base_image_or_runtime",
)
def end_of_life_runtime(function: Function) -> Iterator[Fault]:
    for path, text in _runtimes(function):
        found = ended(text)
        if found is not None:
            release, year = found
            yield Fault(
                message=f"{release} gets no security fixes since {year}",
                at=path,
                why=(f"the runtime is {text}",),
            )


def _runtimes(function: Function) -> Iterator[tuple[Path, str]]:
    if isinstance(function, KubelessFunction) and function.spec.runtime:
        yield ("spec", "runtime"), function.spec.runtime
    elif isinstance(function, FissionEnvironment) and function.spec.runtime.image:
        yield ("spec", "runtime", "image"), function.spec.runtime.image.rpartition("/")[2]

"""A call of a function may run for a long time, or for ever.

Each open call holds memory and a place in the limit of calls. Callers that never finish fill all
places, and who pays by use pays for every minute.
"""

from collections.abc import Iterator

from casemate.analysis.functions import seconds
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.functions import (
    FissionFunction,
    Function,
    KnativeService,
    KubelessFunction,
    OpenFaasFunction,
)
from casemate.model.place import Path
from casemate.model.severity import Severity

_LONGEST = 900.0
_WATCHDOG = ("exec_timeout", "read_timeout", "write_timeout")


@control(
    "function-long-timeout",
    title="Calls that may run for long",
    severity=Severity.LOW,
    consequence=Consequence.STARVATION,
    remedy="Set the timeout to a little more than a call needs; hand long work to a Job or a queue",
    standards=("MITRE:T1496",),
    area="limits_concurrency_cost",
    fixes=True,
)
def long_timeout(function: Function) -> Iterator[Fault]:
    for path, text, endless in _timeouts(function):
        limit = seconds(text)
        if limit is not None and (limit > _LONGEST or (endless and limit == 0)):
            yield Fault(
                message=f"a call may run {'for ever' if limit == 0 else f'for {limit:g} seconds'}",
                at=path,
                why=(f"{path[-1]} is {text}",),
                fix=Fix(safe=False, edits=(Edit("remove", path),)),
            )


def _timeouts(function: Function) -> Iterator[tuple[Path, str, bool]]:
    """Each timeout that is written, and whether nought means that there is none."""
    if isinstance(function, KnativeService):
        limit = function.spec.template.spec.timeout_seconds
        if limit is not None:
            yield ("spec", "template", "spec", "timeoutSeconds"), str(limit), False
    elif isinstance(function, FissionFunction):
        if function.spec.function_timeout is not None:
            yield ("spec", "functionTimeout"), str(function.spec.function_timeout), False
    elif isinstance(function, KubelessFunction):
        if function.spec.timeout:
            yield ("spec", "timeout"), function.spec.timeout, False
    elif isinstance(function, OpenFaasFunction):
        variables = function.spec.environment or {}
        for name in _WATCHDOG:
            text = variables.get(name)
            if text:
                yield ("spec", "environment", name), text, name == "exec_timeout"

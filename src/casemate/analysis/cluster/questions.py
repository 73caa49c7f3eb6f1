"""What controls of flags ask, each in one sentence: is it set, true, false, large enough.

Every answer names the flag's place, or the list it would be added to, who decided (the flag, what
starts the program, the release's default), and the edit where one is sure. Where more flags may
be given than were read, nothing is concluded from the absence of one.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.program import DEFAULT, FLAG, Program, Setting
from casemate.model.control import Fault, Fix, Unanswered
from casemate.model.severity import Severity

Answers = Iterator[Fault | Unanswered]


def must_be(
    program: Program, name: str, *, wanted: bool, message: str, severity: Severity | None = None
) -> Answers:
    """A boolean flag has the wanted value; one that is no boolean is not known."""
    setting = program.setting(name)
    if not setting.is_boolean:
        yield unreadable(setting, "neither true nor false")
    elif setting.true is not wanted:
        yield from settled(
            program, setting, message, program.put(name, "true" if wanted else "false"), severity
        )
    else:
        yield from program.missing(name)


def unreadable(setting: Setting, what: str) -> Unanswered:
    """That it cannot be told what a flag is: a variable, or a value that keeps the program from starting."""
    return Unanswered(f"what --{setting.name} is: its value is {what}")


def must_be_set(program: Program, *names: str, message: str) -> Answers:
    """All of the flags have a value, from somebody or from what starts the program.

    Their values are paths and names that nobody else knows, so there is no edit.
    """
    absent = [name for name in names if not program.has(name)]
    if absent:
        yield from settled(program, program.setting(absent[0]), message, None)


def must_be_absent(program: Program, name: str, *, message: str, severity: Severity | None = None) -> Answers:
    """A flag is not given, or is given without a value."""
    setting = program.setting(name)
    if setting.value and setting.decided_by != DEFAULT:
        yield from settled(program, setting, message, program.drop(name), severity)
    elif setting.decided_by == DEFAULT:
        yield from program.missing(name)


def must_reach(program: Program, name: str, least: int, *, message: str) -> Answers:
    """A number is at least `least`; what is no number keeps the program from starting and is not known."""
    setting = program.setting(name)
    number = setting.number
    if setting.value is not None and number is None:
        yield unreadable(setting, "no number")
    elif number is None or number < least:
        yield from settled(program, setting, message, program.put(name, str(least)))
    else:
        yield from program.missing(name)


def settled(
    program: Program,
    setting: Setting,
    message: str,
    fix: Fix | None,
    severity: Severity | None = None,
    why: tuple[str, ...] = (),
) -> Answers:
    """The fault at a setting, or that it cannot be told where the flag may be given elsewhere."""
    unknown = list(program.missing(setting.name)) if setting.decided_by != FLAG else []
    if unknown:
        yield from unknown
        return

    yield Fault(message=message, at=setting.path, why=(setting.why, *why), severity=severity, fix=fix)

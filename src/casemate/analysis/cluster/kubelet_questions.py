"""What controls of the kubelet ask of a setting, and the answer at the file that decided it."""

from collections.abc import Callable
from typing import Any

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Fault, Unanswered
from casemate.model.severity import Confidence, Severity


def must_not(
    kubelet: Kubelet,
    flag: str,
    wrong: Callable[[Any], bool],
    *,
    message: str,
    wanted: Any = None,
    severity: Severity | None = None,
    why: tuple[str, ...] = (),
) -> Answers:
    """A fault where a setting is wrong; its message may show the `{value}`."""
    value = kubelet.value(flag)
    if isinstance(value, Unanswered):
        if kubelet.is_main:
            yield value
        return
    if value is None or value.entity is not kubelet.entity or value.value is None or not wrong(value.value):
        return
    yield Fault(
        message=message.replace("{value}", str(value.value)),
        at=value.at,
        why=(value.why, *why),
        severity=severity,
        confidence=None if value.sure else Confidence.LIKELY,
        fix=None if wanted is None else kubelet.mend(flag, value, wanted),
    )

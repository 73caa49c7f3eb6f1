"""What a scan says of a standard, item by item; nothing passes because nothing was seen."""

import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from casemate.analysis.pod_security import Level
from casemate.engine.pod_levels import below
from casemate.engine.report import Report
from casemate.engine.responsibility import Duty, duty
from casemate.engine.sources import unseen
from casemate.engine.standards.items import (
    CLOUD,
    FILES,
    HOST,
    LEVEL,
    MANUAL,
    PROVIDER,
    RUNTIME,
    Item,
    Standard,
)
from casemate.model.control import OF_CONTAINERS, Control, Finding
from casemate.model.severity import Severity

PASS, FAIL, DUTY = "pass", "fail", "provider"
NOT_APPLICABLE, NOT_ASSESSED, JUDGE = "not-applicable", "not-assessed", "manual"
VERDICTS = (FAIL, NOT_ASSESSED, JUDGE, PASS, DUTY, NOT_APPLICABLE)
"""Those that ask for something first."""

_SHOWN = 3
_NEEDS = {HOST: "needs the host", CLOUD: "needs the cloud's API", RUNTIME: "needs to see it run"}


class Verdict(msgspec.Struct, frozen=True):
    """The answer to one item: who must act, why it is so, and the controls that are about it."""

    item: Item
    verdict: str
    party: str
    because: tuple[str, ...]
    controls: tuple[str, ...]


class _Answers(msgspec.Struct):
    """The answers of a report by the control that gave them, faults by the items that they go against."""

    asked: dict[str, int]
    faults: dict[str, list[Finding]]
    waived: Counter[str]
    missing: dict[str, dict[str, int]]
    in_docker: dict[str, int] = {}

    def of(self, names: tuple[str, ...]) -> "_Answers":
        """Those that concern an item of these names: not all of them are about what Docker runs by itself."""
        faults = {name: self.faults[name] for name in names if name in self.faults}
        asked = self.asked
        if any(name.startswith(OF_CONTAINERS) for name in names):
            everyone = asked.keys() | self.in_docker.keys()
            asked = {name: asked.get(name, 0) + self.in_docker.get(name, 0) for name in everyone}
        return _Answers(asked, faults, self.waived, self.missing)


def verdicts(standard: Standard, controls: Iterable[Control], report: Report) -> Iterator[Verdict]:
    """Each item of the standard once, in its order.

    `controls` are all there are. An item fails by a finding above info of one of its controls that is
    not waived; it passes only where they were asked of what the item needs (`sources`) and none of
    them failed or could not be answered.
    """
    by_name: dict[str, list[Control]] = {}
    for control in controls:
        for name in control.standards:
            by_name.setdefault(name, []).append(control)
    answers = _answers(report)
    for item in standard.items:
        names = standard.names(item)
        about = {c.id: c for name in names for c in by_name.get(name, ())}
        own = duty(item.area, report.settings.platform)
        verdict, because = _verdict(item, list(about.values()), answers.of(names), own, report)
        who = own.other if own.provider and own.other and verdict != DUTY else own.party
        yield Verdict(item, verdict, who, tuple(because), tuple(sorted(about)))


def _answers(report: Report) -> _Answers:
    faults: dict[str, list[Finding]] = {}
    for finding in (*report.findings, *report.known):
        if finding.severity > Severity.INFO:
            for name in finding.standards:
                faults.setdefault(name, []).append(finding)
    missing: dict[str, dict[str, int]] = {}
    for item in report.answers.not_assessed:
        counts = missing.setdefault(item.control.id, {})
        counts[item.missing] = counts.get(item.missing, 0) + 1
    waived = Counter(item.finding.control.id for item in report.waived)
    return _Answers(report.answers.asked, faults, waived, missing, report.answers.asked_in_docker)


def _verdict(
    item: Item, controls: Sequence[Control], answers: _Answers, own: Duty, report: Report
) -> tuple[str, list[str]]:
    if not own.applies:
        return NOT_APPLICABLE, [own.reason, *own.evidence]
    read = any(answers.asked.get(control.id) for control in controls)
    shared = own.other is not None and (read or item.way not in {FILES, HOST})
    if (own.provider and not shared) or item.way == PROVIDER:
        return DUTY, [own.reason if own.provider else "the standard gives it to the provider", *own.evidence]
    if item.way == LEVEL:
        return _level(item, report)
    faults = list({id(finding): finding for found in answers.faults.values() for finding in found}.values())
    if faults:
        return FAIL, list(_places(faults))
    if item.way == MANUAL:
        return JUDGE, [f"a person must judge: {item.needs}", *_clean(controls, answers)]
    return _without_faults(item, controls, answers, report)


def _level(item: Item, report: Report) -> tuple[str, list[str]]:
    count, found = below(report, Level[item.id.upper()])
    if found:
        rest = [f"and {len(found) - _SHOWN:,} more"] if len(found) > _SHOWN else []
        return FAIL, [f"{len(found):,} of {count:,} workloads are below it", *found[:_SHOWN], *rest]
    if not count:
        return NOT_ASSESSED, [f"not among what was read: {item.needs}"]
    return PASS, [f"every one of {count:,} workloads meets it, or is waived"]


def _without_faults(
    item: Item, controls: Sequence[Control], answers: _Answers, report: Report
) -> tuple[str, list[str]]:
    kubernetes = report.settings.kubernetes
    if controls and not any(control.applies(kubernetes) for control in controls):
        return NOT_APPLICABLE, [f"there is no such thing in Kubernetes {kubernetes}"]
    missing = [line for control in controls for line in _missing(control, answers)]
    if missing:
        return NOT_ASSESSED, missing
    asking = [control for control in controls if _has_question(control, report)]
    clean = list(_clean(asking, answers))
    if clean:
        absent = _absent(item, asking, answers, report)
        if absent:
            return NOT_ASSESSED, [*(f"not among what was read: {what}" for what in absent), *clean]
        silent = sorted(control.id for control in controls if not answers.asked.get(control.id))
        return PASS, [*clean, *([f"asked of nothing: {', '.join(silent)}"] if silent else [])]
    if item.way != FILES:
        return NOT_ASSESSED, [f"{_NEEDS[item.way]}: {item.needs}"]
    off = [c.id for c in controls if c.id in report.settings.disabled]
    if off:
        return NOT_ASSESSED, [f"{name} is switched off in {report.settings.source}" for name in off]
    if not controls:
        return NOT_ASSESSED, [f"no control answers this yet; it would take {item.needs}"]
    return NOT_ASSESSED, [f"not among what was read: {item.needs}"]


def _has_question(control: Control, report: Report) -> bool:
    """Whether the setting is there that a control asks about, where it needs one."""
    return not control.setting or bool(operator.attrgetter(control.setting)(report.settings))


def _absent(item: Item, asking: Sequence[Control], answers: _Answers, report: Report) -> list[str]:
    """The sources that were not seen, but for those that the provider answers for."""
    asked = {name for name, count in answers.asked.items() if count}
    ours = [c for c in asking if c.id in asked or not duty(c.area, report.settings.platform).provider]
    return unseen(item, ours, asked)


def _places(faults: Sequence[Finding]) -> Iterator[str]:
    yield f"{len(faults):,} finding" if len(faults) == 1 else f"{len(faults):,} findings"
    worst = sorted(faults, key=lambda finding: -finding.severity)
    for finding in worst[:_SHOWN]:
        yield f"{finding.entity.title} in {finding.entity.origin.document.file}: {finding.fault.message}"
    if len(faults) > _SHOWN:
        yield f"and {len(faults) - _SHOWN:,} more"


def _missing(control: Control, answers: _Answers) -> Iterator[str]:
    for reason, count in answers.missing.get(control.id, {}).items():
        yield f"{control.id}: {reason} ({count:,} {'object' if count == 1 else 'objects'})"


def _clean(controls: Sequence[Control], answers: _Answers) -> Iterator[str]:
    """Of how many subjects each control was asked without a fault that counts."""
    for control in controls:
        count = answers.asked.get(control.id, 0)
        if count:
            waived = answers.waived[control.id]
            note = f", {waived:,} waived" if waived else ""
            yield f"{control.id}: asked of {count:,}, no fault{note}"

"""Pod Security Standards by the levels themselves, as `casemate pss` has them.

Controls are about faults and weigh them, so they know more and less than a level; the items of this
standard are the levels, and only their own evaluation says whether one is met.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security import Level, Verdict, evaluate
from casemate.analysis.pods import Pod
from casemate.engine.report import Report
from casemate.model.estate import DOCKER, Entity, Workload


def below(report: Report, level: Level) -> tuple[int, list[str]]:
    """How many workloads were evaluated, and those below a level, each with the checks that say so.

    What Docker runs by itself has no level. A workload whose faults against the standards are all
    waived is left out.
    """
    excused = _excused(report)
    count = 0
    found: list[str] = []
    for entity, verdict in _evaluated(report):
        count += 1
        if verdict.level < level and id(entity) not in excused:
            checks = ", ".join(
                violation.check
                for violation in verdict.violations
                if violation.level <= level and not (violation.replaced and level is Level.RESTRICTED)
            )
            file = entity.origin.document.file
            found.append(f"{entity.ref} ({entity.ref.kind}) in {file} is {verdict.level.word}: {checks}")
    return count, found


def _evaluated(report: Report) -> Iterator[tuple[Entity, Verdict]]:
    for entity in report.estate.entities:
        if isinstance(entity, Workload):
            pods = [Pod(template, entity.ref) for template in entity.templates if template.engine != DOCKER]
            if pods:
                yield entity, evaluate(pods, report.settings.kubernetes)


def _excused(report: Report) -> set[int]:
    hidden = {id(item.finding.entity) for item in report.waived if _against(item.finding.standards)}
    left = {id(f.entity) for f in (*report.findings, *report.known) if _against(f.standards)}
    return hidden - left


def _against(standards: tuple[str, ...]) -> bool:
    return any(name.startswith("PSS:") for name in standards)

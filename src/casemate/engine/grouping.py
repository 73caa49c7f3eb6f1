"""Findings by what people divide their work by: party, team, namespace, workload, control or standard."""

from collections.abc import Callable, Iterable

from casemate.engine.responsibility import party
from casemate.model.control import Finding
from casemate.model.estate import Entity, Estate, Workload
from casemate.model.settings import Teams

NO_TEAM = "no team"
NO_NAMESPACE = "no namespace"
NO_STANDARD = "no standard"

Groups = dict[str, list[Finding]]
TeamOf = Callable[[Entity], str]


def grouped(findings: Iterable[Finding], by: str, team_of: TeamOf) -> Groups:
    """The findings by name of their group, the groups with the worst finding first.

    A finding stands once in each standard that it goes against, and else in one group.
    """
    found: Groups = {}
    for finding in findings:
        for name in _names(finding, by, team_of):
            found.setdefault(name, []).append(finding)
    return dict(
        sorted(found.items(), key=lambda pair: (-max(f.severity for f in pair[1]), -len(pair[1]), pair[0]))
    )


def teams(estate: Estate, settings: Teams, owner_of: Callable[[str], str | None]) -> TeamOf:
    """Who an object belongs to: what it says itself, what its Namespace says, then who owns its file."""
    spaces = {entity.ref.name: entity for entity in estate.entities if entity.ref.kind == "Namespace"}

    def team_of(entity: Entity) -> str:
        named = _stated(entity, settings)
        if named is None and entity.ref.namespace in spaces:
            named = _stated(spaces[entity.ref.namespace], settings)
        if named is None and settings.codeowners:
            named = owner_of(entity.origin.document.file)
        return named or NO_TEAM

    return team_of


def _stated(entity: Entity, settings: Teams) -> str | None:
    templates = entity.templates if isinstance(entity, Workload) else ()
    labels = (entity.labels, *(template.labels for template in templates))
    annotations = (entity.annotations, *(template.annotations for template in templates))
    for keys, places in ((settings.labels, labels), (settings.annotations, annotations)):
        for key in keys:
            for place in places:
                if place.get(key):
                    return place[key]
    return None


def _names(finding: Finding, by: str, team_of: TeamOf) -> tuple[str, ...]:
    ref = finding.entity.ref
    if by == "party":
        return (party(finding.control.area, finding.platform),)
    if by == "team":
        return (team_of(finding.entity),)
    if by == "namespace":
        return (ref.namespace or NO_NAMESPACE,)
    if by == "workload":
        return (finding.entity.title,)
    if by == "control":
        return (finding.control.id,)
    return finding.standards or (NO_STANDARD,)

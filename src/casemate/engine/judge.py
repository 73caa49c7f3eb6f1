"""Every control is asked of every subject it names; equal pod templates are asked about once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_args, get_origin

import msgspec

from casemate.analysis.pods import Container, Pod
from casemate.model.control import Control, Fault, Finding, Known, NotAssessed
from casemate.model.estate import Entity, Estate, Template, Workload
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion

_MANY = 5_000
_REMEMBERED = 10_000

Answer = tuple[Control, Fault | str, str | None]
"""A control, its fault (or what was missing to answer), and the container."""


class Answers(msgspec.Struct, eq=False):
    """All answers about an estate; `judged` and `passed_over` count its entities."""

    findings: list[Finding]
    not_assessed: list[NotAssessed]
    judged: int
    passed_over: dict[str, int]


def judge(estate: Estate, controls: Iterable[Control], settings: Settings) -> Answers:
    """Ask the controls that apply of everything in the estate, in the order it was read."""
    court = _Court(estate, controls, settings)
    made = {_key(entity): entity for entity in estate.of(Workload)}
    answers = Answers([], [], 0, {})
    for entity in estate.entities:
        owner = _owner(entity, made)
        if owner is not None:
            _count(answers, f"made by a {owner} that is judged itself")
            continue
        before = len(answers.findings)
        for control, found, container in court.about(entity):
            if isinstance(found, str):
                answers.not_assessed.append(NotAssessed(control, entity, found))
            else:
                answers.findings.append(Finding(control, entity, found, container))
        if court.knows(entity) or len(answers.findings) > before:
            answers.judged += 1
        else:
            _count(answers, f"no control asks about a {entity.ref.kind}")
    return answers


class _Court:
    """The controls by the type of their subject, with the facts they read."""

    def __init__(self, estate: Estate, controls: Iterable[Control], settings: Settings) -> None:
        self.estate = estate
        self.settings = settings
        self.facts: dict[Any, Any] = {Settings: settings, KubernetesVersion: settings.kubernetes}
        self.by_subject: dict[type, list[tuple[Control, tuple[Any, ...], str | None]]] = {}
        self.seen: dict[Any, tuple[Answer, ...]] = {}
        self.same: dict[Any, Any] | None = {} if len(estate.entities) > _MANY else None
        for control in controls:
            if control.id not in settings.disabled and control.applies(settings.kubernetes):
                facts = [self._fact(kind) for kind in control.facts]
                missing = next((fact for fact in facts if isinstance(fact, str)), None)
                self.by_subject.setdefault(control.subject, []).append((control, tuple(facts), missing))

    def knows(self, entity: Entity) -> bool:
        """Whether some control was made for this very type of entity."""
        if isinstance(entity, Workload):
            return any(subject in self.by_subject for subject in (Workload, Pod, Container))
        return type(entity) is not Entity and type(entity) in self.by_subject

    def about(self, entity: Entity) -> Iterator[Answer]:
        """All answers about an entity: its own, then those of its pods and their containers."""
        for kind in type(entity).__mro__:
            if kind in self.by_subject and issubclass(kind, Entity):
                yield from self._ask(kind, entity, None)
        if isinstance(entity, Workload):
            for template in entity.templates:
                yield from self._about_template(entity, template)

    def _about_template(self, workload: Workload, template: Template) -> tuple[Answer, ...]:
        ref = workload.ref
        notes = tuple(sorted(template.annotations.items())) if template.annotations else ()
        key = (ref.namespace, ref.kind, template.path, template.packed, notes)
        answers = self.seen.get(key)
        if answers is None:
            if len(self.seen) == _REMEMBERED:
                self.seen.clear()
            answers = self.seen[key] = tuple(self._of_pod(Pod(template, ref)))
        return answers

    def _of_pod(self, pod: Pod) -> Iterator[Answer]:
        for control, found, _ in self._ask(Pod, pod, None):
            yield control, found, None if isinstance(found, str) else _container_at(pod, found)
        for container in pod.containers:
            yield from self._ask(Container, container, container.name)

    def _ask(self, kind: type, subject: Any, container: str | None) -> Iterator[Answer]:
        same = self.same
        for control, facts, missing in self.by_subject.get(kind, ()):
            if missing is not None:
                if any(True for _ in control.ask(subject, *map(_stand_in, facts))):
                    yield control, missing, container
                continue
            settled = self.settings.severities.get(control.id)
            for fault in control.ask(subject, *facts):
                if settled is not None:
                    fault = msgspec.structs.replace(fault, severity=settled)  # noqa: PLW2901 # the team's word replaces ours
                yield control, fault if same is None else _shared(fault, same), container

    def _fact(self, kind: Any) -> Any:
        """The fact of that type, computed once; a text where it cannot be known."""
        if kind not in self.facts:
            if get_origin(kind) is Known:
                (entity_type,) = get_args(kind)
                name = entity_type.__name__
                complete = self.estate.coverage.covers(name)
                self.facts[kind] = Known(self.estate.of(entity_type)) if complete else name
                if not complete:
                    self.facts[kind] = f"not every {name} was read"
            else:
                build: Callable[[Estate], Any] = kind.of
                self.facts[kind] = build(self.estate)
        return self.facts[kind]


def _shared(fault: Fault, same: dict[Any, Any]) -> Fault:
    """A fault equal to this one, or this one with its parts shared: most parts recur in a large estate."""
    known: Fault | None = same.get(fault)
    if known is None:
        share = same.setdefault
        parts = {
            "at": share(fault.at, fault.at),
            "why": share(fault.why, fault.why),
            "fix": share(fault.fix, fault.fix),
        }
        known = msgspec.structs.replace(fault, **parts)
        same[known] = known
    return known


def _container_at(pod: Pod, fault: Fault) -> str | None:
    """The container that a fault of the pod stands in, None where the pod itself decides."""
    at = fault.at
    return next((c.name for c in pod.containers if at[: len(c.path)] == c.path), None)


def _stand_in(fact: Any) -> Any:
    """An empty kind in place of one that was not read, to learn whether the question arises."""
    return Known(()) if isinstance(fact, str) else fact


Key = tuple[str | None, str, str | None]


def _key(entity: Entity) -> Key:
    return entity.ref.namespace, entity.ref.kind, entity.ref.name


def _owner(entity: Entity, made: dict[Key, Entity]) -> str | None:
    """The kind of the controller in the estate that makes this object; none where owners form a circle."""
    first: str | None = None
    seen = {_key(entity)}
    here: Entity | None = entity
    while isinstance(here, Workload):
        key = next((key for key in _owner_keys(here) if key in made), None)
        if key in seen:
            return None
        if key is None:
            break
        seen.add(key)
        first = first or key[1]
        here = made[key]
    return first


def _owner_keys(workload: Workload) -> Iterator[Key]:
    for owner in workload.owners:
        if owner.controller is not False:
            yield workload.ref.namespace, owner.kind, owner.name


def _count(answers: Answers, reason: str) -> None:
    answers.passed_over[reason] = answers.passed_over.get(reason, 0) + 1

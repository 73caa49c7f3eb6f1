"""Every control is asked of every subject it names; equal pod templates are asked about once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Protocol, get_args, get_origin

import msgspec

from casemate.analysis.pods import Container, Pod
from casemate.analysis.pods.docker import translated
from casemate.model.control import Control, Fault, Finding, Known, NotAssessed, Unanswered
from casemate.model.estate import DOCKER, Entity, Estate, Template, Workload
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion

_MANY = 5_000
_REMEMBERED = 10_000

Answer = tuple[Control, Fault | str, str | None]
"""A control, its fault (or what was missing to answer), and the container."""
Question = tuple[Control, tuple[Any, ...], str | None]
"""A control, the facts it reads, and what is missing to ask it."""


class Part(Protocol):
    """A subject that is found inside entities: the API server in a static pod, a kubelet in a node's files.

    A control whose subject is such a type is asked of each of them; `parts_of` may look into the
    estate for the files that the entity names, and its faults' paths start at the entity.
    """

    SOURCES: ClassVar[tuple[type[Entity], ...]]

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterable[Any]:
        """The subjects of this type in one entity of a type in `SOURCES`."""


class Answers(msgspec.Struct, eq=False):
    """All answers about an estate; `judged` and `passed_over` count its entities.

    `asked` says of how many subjects of Kubernetes each control was asked, those it could not
    answer for included: a control that is missing there was asked of nothing, which is no pass.
    `asked_in_docker` says the same of what Docker runs by itself.
    """

    findings: list[Finding]
    not_assessed: list[NotAssessed]
    judged: int
    passed_over: dict[str, int]
    asked: dict[str, int] = {}
    asked_in_docker: dict[str, int] = {}


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
                answers.findings.append(Finding(control, entity, found, container, settings.platform))
        if court.knows(entity) or len(answers.findings) > before:
            answers.judged += 1
        else:
            _count(answers, f"no control asks about a {entity.ref.kind}")
    answers.asked = court.asked(in_docker=False)
    answers.asked_in_docker = court.asked(in_docker=True)
    return answers


class _Court:
    """The controls by the type of their subject, with the facts they read."""

    def __init__(self, estate: Estate, controls: Iterable[Control], settings: Settings) -> None:
        self.estate = estate
        self.settings = settings
        self.facts: dict[Any, Any] = {
            Settings: settings,
            KubernetesVersion: settings.kubernetes,
            Estate: estate,
        }
        self.by_subject: dict[Any, list[Question]] = {}
        self.in_docker: dict[Any, list[Question]] = {}
        self.parts: list[type[Part]] = []
        self.seen: dict[Any, tuple[int, tuple[Answer, ...]]] = {}
        self.same: dict[Any, Any] | None = {} if len(estate.entities) > _MANY else None
        self.times: dict[tuple[Any, bool], int] = {}
        for control in controls:
            if control.id not in settings.disabled and control.applies(settings.kubernetes):
                facts = [self._fact(kind) for kind in control.facts]
                missing = next((fact for fact in facts if isinstance(fact, str)), None)
                question = (control, tuple(facts), missing)
                self.by_subject.setdefault(control.subject, []).append(question)
                if control.docker:
                    self.in_docker.setdefault(control.subject, []).append(question)
        self.parts = [subject for subject in self.by_subject if hasattr(subject, "parts_of")]

    def knows(self, entity: Entity) -> bool:
        """Whether some control was made for this very type of entity."""
        if any(isinstance(entity, part.SOURCES) for part in self.parts):
            return True
        if isinstance(entity, Workload):
            return any(subject in self.by_subject for subject in (Workload, Pod, Container))
        return any(kind in self.by_subject for kind in type(entity).__mro__ if kind is not Entity)

    def about(self, entity: Entity) -> Iterator[Answer]:
        """All answers about an entity: its own, those of its parts, then of its pods and containers."""
        for kind in type(entity).__mro__:
            if kind in self.by_subject and issubclass(kind, Entity):
                yield from self._ask(kind, entity, None)
        for part in self.parts:
            if isinstance(entity, part.SOURCES):
                for subject in part.parts_of(entity, self.estate, self.settings):
                    yield from self._ask(part, subject, None)
        if isinstance(entity, Workload):
            for template in entity.templates:
                yield from self._about_template(entity, template)

    def asked(self, *, in_docker: bool) -> dict[str, int]:
        """Of how many subjects each control was asked."""
        questions = self.in_docker if in_docker else self.by_subject
        times = {kind: count for (kind, inside), count in self.times.items() if inside == in_docker}
        return {
            control.id: count for kind, count in times.items() for control, _, _ in questions.get(kind, ())
        }

    def _about_template(self, workload: Workload, template: Template) -> tuple[Answer, ...]:
        ref = workload.ref
        notes = tuple(sorted(template.annotations.items())) if template.annotations else ()
        key = (ref.namespace, ref.kind, template.path, template.packed, notes)
        known = self.seen.get(key)
        if known is None:
            if len(self.seen) == _REMEMBERED:
                self.seen.clear()
            pod = Pod(template, ref)
            known = self.seen[key] = (len(pod.containers), tuple(self._of_pod(pod)))
        else:
            self._tally(Pod, 1, in_docker=template.engine == DOCKER)
            self._tally(Container, known[0], in_docker=template.engine == DOCKER)
        if template.engine == DOCKER:
            return tuple(
                (control, fault if isinstance(fault, str) else translated(fault, template, control), name)
                for control, fault, name in known[1]
            )
        return known[1]

    def _of_pod(self, pod: Pod) -> Iterator[Answer]:
        in_docker = pod.template.engine == DOCKER
        for control, found, _ in self._ask(Pod, pod, None, in_docker=in_docker):
            yield control, found, None if isinstance(found, str) else _container_at(pod, found)
        for container in pod.containers:
            yield from self._ask(Container, container, container.name, in_docker=in_docker)

    def _ask(
        self, kind: Any, subject: Any, container: str | None, *, in_docker: bool = False
    ) -> Iterator[Answer]:
        same = self.same
        self._tally(kind, 1, in_docker=in_docker)
        for control, facts, missing in (self.in_docker if in_docker else self.by_subject).get(kind, ()):
            if missing is not None:
                if any(True for _ in control.ask(subject, *map(_stand_in, facts))):
                    yield control, missing, container
                continue
            settled = self.settings.severities.get(control.id)
            for fault in control.ask(subject, *facts):
                if isinstance(fault, Unanswered):
                    yield control, fault.missing, container
                    continue
                if settled is not None:
                    fault = msgspec.structs.replace(fault, severity=settled)  # noqa: PLW2901 # the team's word replaces ours
                yield control, fault if same is None else _shared(fault, same), container

    def _tally(self, kind: Any, times: int, *, in_docker: bool) -> None:
        key = (kind, in_docker)
        self.times[key] = self.times.get(key, 0) + times

    def _fact(self, kind: Any) -> Any:
        """The fact of that type, computed once; a text where it cannot be known."""
        if kind not in self.facts:
            if get_origin(kind) is Known:
                (entity_type,) = get_args(kind)
                kinds = entity_type.KINDS or (entity_type.__name__,)
                absent = next((name for name in kinds if not self.estate.coverage.covers(name)), None)
                known = absent is None
                self.facts[kind] = (
                    Known(self.estate.of(entity_type)) if known else f"not every {absent} was read"
                )
            else:
                build: Callable[..., Any] = kind.of
                release = {"kubernetes": self.settings.kubernetes} if _asks_release(build) else {}
                self.facts[kind] = build(self.estate, **release)
        return self.facts[kind]


def _asks_release(build: Callable[..., Any]) -> bool:
    """Whether a fact depends on the release: its `of` has a parameter of that name."""
    code = getattr(build, "__code__", None)
    return code is not None and "kubernetes" in code.co_varnames[: code.co_argcount]


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


def _owner(entity: Entity, made: dict[Key, Workload]) -> str | None:
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

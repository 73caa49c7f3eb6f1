"""The engine gives the answers that asking each control of each subject by hand would give."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, get_args, get_origin

import msgspec
import pytest

from casemate.analysis.pods import Container, Pod
from casemate.controls.catalogue import all_controls, controls_for
from casemate.engine.judge import Answers, judge
from casemate.model.control import Consequence, Control, Edit, Fault, Fix, Known, Unanswered, control
from casemate.model.estate import DOCKER, Coverage, Entity, Estate, Owner, ServiceAccount, Workload
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from casemate.readers.manifests import read_text

SHOP = Path(__file__).parents[2] / "examples" / "shop"
ALL = frozenset("*")
Asked = tuple[str, Any, str | None, Fault]


@pytest.fixture(scope="module")
def shop() -> list[Entity]:
    files = sorted([*SHOP.rglob("*.yaml"), *SHOP.rglob("*.json")])
    found = [item for file in files for item in read_text(file.name, file.read_bytes())]
    return [item for item in found if isinstance(item, Entity)]


def estate(entities: list[Entity], complete: frozenset[str] = ALL) -> Estate:
    return Estate(entities=tuple(entities), coverage=Coverage(complete=complete))


def by_hand(world: Estate, controls: tuple[Control, ...], settings: Settings) -> list[Asked]:
    """Every answer without a memory: each control is asked of each subject anew."""
    given: dict[Any, Any] = {Settings: settings, KubernetesVersion: settings.kubernetes, Estate: world}

    def fact(kind: Any) -> Any:
        if get_origin(kind) is Known:
            return Known(e for e in world.entities if isinstance(e, get_args(kind)[0]))
        return given[kind] if kind in given else kind.of(world)

    parts = {asked.subject for asked in controls if hasattr(asked.subject, "parts_of")}
    found: list[Asked] = []
    for entity in world.entities:
        subjects: list[tuple[Any, Any, str | None]] = [(kind, entity, None) for kind in type(entity).__mro__]
        for part in parts:
            if isinstance(entity, part.SOURCES):
                subjects += [(part, found, None) for found in part.parts_of(entity, world, settings)]
        for template in entity.templates if isinstance(entity, Workload) else ():
            pod = Pod(template, entity.ref)
            subjects.append((Pod, pod, None))
            subjects += [(Container, container, container.name) for container in pod.containers]
        for kind, subject, container in subjects:
            for asked in controls:
                if asked.subject is kind and asked.applies(settings.kubernetes):
                    for fault in asked.ask(subject, *map(fact, asked.facts)):
                        if not isinstance(fault, Fault):
                            continue
                        inside = container
                        if kind is Pod:
                            inside = next(
                                (c.name for c in subject.containers if fault.at[: len(c.path)] == c.path),
                                None,
                            )
                        found.append((asked.id, entity, inside, fault))
    return found


def told(answers: Answers) -> list[Asked]:
    return [(f.control.id, f.entity, f.container, f.fault) for f in answers.findings]


def counted(asked: list[Asked]) -> Counter[Any]:
    return Counter((name, id(entity), container, fault) for name, entity, container, fault in asked)


@pytest.mark.parametrize("minor", [20, 24, 30, 37])
def test_the_shop_by_hand(minor: int, shop: list[Entity]) -> None:
    settings = Settings(kubernetes=KubernetesVersion(1, minor))
    world = estate(shop)
    assert counted(told(judge(world, all_controls(), settings))) == counted(
        by_hand(world, all_controls(), settings)
    )


@pytest.mark.parametrize("seed", range(6))
def test_repeated_and_moved_templates_by_hand(
    seed: int, shop: list[Entity], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr("casemate.engine.judge._MANY", chance.choice((1, 10_000)))
    monkeypatch.setattr("casemate.engine.judge._REMEMBERED", chance.choice((1, 2, 10_000)))
    entities: list[Entity] = []
    for number in range(60):
        entity = chance.choice(shop)
        ref = msgspec.structs.replace(
            entity.ref,
            name=f"n{number}",
            namespace=chance.choice((None, "shop", "kube-system", entity.ref.namespace)),
        )
        entities.append(msgspec.structs.replace(entity, ref=ref))
    world = estate(entities)
    answers = judge(world, all_controls(), Settings())
    assert counted(told(answers)) == counted(by_hand(world, all_controls(), Settings()))
    assert [entities.index(finding.entity) for finding in answers.findings] == sorted(
        entities.index(finding.entity) for finding in answers.findings
    ), "in the order that was read"


def test_equal_specs_are_asked_anew_where_anything_else_that_a_pod_shows_differs() -> None:
    @control("x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
    def ask(pod: Pod) -> Iterator[Fault]:
        shown = (pod.namespace, pod.kind, pod.path, pod.template.annotations)
        yield Fault(message=str(shown), at=pod.at("hostPID"))

    texts = []
    for namespace in ("a", "b", "null"):
        for notes in ("{}", "{x: a}", "{x: b}"):
            inner = (
                f"{{metadata: {{annotations: {notes}}}, spec: {{containers: [{{name: main, image: a}}]}}}}"
            )
            head = f"metadata: {{namespace: {namespace}}}"
            texts += [
                f"{{apiVersion: apps/v1, kind: Deployment, {head}, spec: {{template: {inner}}}}}",
                f"{{apiVersion: apps/v1, kind: StatefulSet, {head}, spec: {{template: {inner}}}}}",
                f"{{apiVersion: example.com/v1, kind: Deployment, {head}, other: {inner}, another: {inner}}}",
            ]
    found = [item for text in texts * 2 for item in read_text("a.yaml", f"# c\n{text}".encode())]
    world = estate([item for item in found if isinstance(item, Entity)])
    answers = judge(world, [ask], Settings())
    assert counted(told(answers)) == counted(by_hand(world, (ask,), Settings()))
    assert len({finding.fault for finding in answers.findings}) == 3 * 3 * 4


def test_only_controls_that_can_answer_are_taken(shop: list[Entity]) -> None:
    world = estate(shop)
    assert told(judge(world, controls_for(world.entities), Settings())) == told(
        judge(world, all_controls(), Settings())
    )


def test_the_order_of_reading_changes_no_answer(shop: list[Entity]) -> None:
    mixed = list(shop)
    random.Random(1).shuffle(mixed)
    one, other = (judge(estate(entities), all_controls(), Settings()) for entities in (shop, mixed))
    assert counted(told(one)) == counted(told(other))
    assert (one.judged, one.passed_over) == (other.judged, other.passed_over)


def test_what_was_not_read_is_not_assessed_only_where_the_question_arises(shop: list[Entity]) -> None:
    known = judge(estate(shop), all_controls(), Settings())
    unknown = judge(estate(shop, frozenset()), all_controls(), Settings())
    asked = {
        c.id for c in all_controls() if any(getattr(fact, "__origin__", None) is Known for fact in c.facts)
    }
    assert asked
    assert not known.not_assessed
    assert {item.control.id for item in unknown.not_assessed} <= asked
    here = Counter((n, id(e), c, f.message) for n, e, c, f in told(known) if n not in asked)
    assert here == Counter((n, id(e), c, f.message) for n, e, c, f in told(unknown)), "severities may differ"
    doubtful = {(item.control.id, id(item.entity)) for item in unknown.not_assessed}
    sure = {(name, id(entity)) for name, entity, _, _ in told(known) if name in asked}
    assert sure <= doubtful, "what is a fault when all is known is a question when it is not"
    assert len(doubtful) < len(shop), "nobody is bothered where no account is named"


def test_one_unknown_fact_makes_the_question_unanswerable() -> None:
    @control("x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
    def ask(pod: Pod, some: Known[ServiceAccount], others: Known[Workload]) -> Iterator[Fault]:
        if not list(some) and not list(others):
            yield Fault(message="none", at=pod.path)

    (pod,) = read_text("a.yaml", b"apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n")
    assert isinstance(pod, Entity)
    answers = judge(estate([pod], frozenset(("ServiceAccount",))), [ask], Settings())
    assert [item.missing for item in answers.not_assessed] == ["not every Workload was read"]
    assert not judge(estate([pod]), [ask], Settings()).findings, "the pod itself is a workload"


# Owners


def owned(
    name: str, kind: str, *owners: Owner, namespace: str | None = "shop", privileged: bool = True
) -> Entity:
    text = f"""
apiVersion: example.com/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace or "null"}}}
spec: {{containers: [{{name: main, image: a, securityContext: {{privileged: {str(privileged).lower()}}}}}]}}
"""
    (entity,) = read_text("a.yaml", text.encode())
    assert isinstance(entity, Workload)
    return msgspec.structs.replace(entity, owners=owners)


def blamed(*entities: Entity) -> tuple[list[str | None], dict[str, int]]:
    privileged = [asked for asked in all_controls() if asked.id == "pod-privileged"]
    answers = judge(estate(list(entities)), privileged, Settings())
    assert answers.judged + sum(answers.passed_over.values()) == len(entities)
    return [finding.entity.ref.name for finding in answers.findings], answers.passed_over


def test_a_chain_of_owners_is_one_finding_wherever_it_stands() -> None:
    chain = [
        owned("pod", "Pod", Owner("ReplicaSet", "set", True)),
        owned("set", "ReplicaSet", Owner("Deployment", "cart", True)),
        owned("cart", "Deployment"),
    ]
    for entities in (chain, chain[::-1], [chain[1], chain[0], chain[2]]):
        assert blamed(*entities) == (
            ["cart"],
            {
                "made by a ReplicaSet that is judged itself": 1,
                "made by a Deployment that is judged itself": 1,
            },
        )
    assert blamed(*chain[:2]) == (["set"], {"made by a ReplicaSet that is judged itself": 1})


@pytest.mark.parametrize(
    "owner",
    [
        Owner("ReplicaSet", "other", True),
        Owner("Deployment", "cart", True),
        Owner("ReplicaSet", "cart", False),
        Owner(),
    ],
)
def test_an_owner_that_is_not_there_or_no_controller_makes_nothing(owner: Owner) -> None:
    assert blamed(owned("pod", "Pod", owner), owned("cart", "ReplicaSet"))[0] == ["pod", "cart"]


def test_an_owner_of_another_namespace_makes_nothing() -> None:
    owner = owned("cart", "ReplicaSet", namespace="other")
    assert blamed(owned("pod", "Pod", Owner("ReplicaSet", "cart", True)), owner)[0] == ["pod", "cart"]


def test_the_second_owner_counts_too() -> None:
    pod = owned("pod", "Pod", Owner("Node", "a"), Owner("Job", "gone", True), Owner("ReplicaSet", "cart"))
    assert blamed(pod, owned("cart", "ReplicaSet"))[0] == ["cart"]


def test_nobody_hides_behind_himself() -> None:
    assert blamed(owned("a", "Pod", Owner("Pod", "a", True))) == (["a"], {})
    circle = [
        owned("a", "A", Owner("B", "b")),
        owned("b", "B", Owner("C", "c")),
        owned("c", "C", Owner("A", "a")),
    ]
    assert blamed(*circle) == (["a", "b", "c"], {})
    assert blamed(owned("pod", "Pod", Owner("A", "a")), *circle)[0] == ["pod", "a", "b", "c"]


# Settings


def test_disabled_controls_are_not_asked(shop: list[Entity]) -> None:
    world = estate(shop)
    before = judge(world, all_controls(), Settings())
    off = frozenset(("pod-privileged", "image-latest"))
    after = judge(world, all_controls(), Settings(disabled=off))
    assert counted(told(after)) == counted([asked for asked in told(before) if asked[0] not in off])
    assert any(asked[0] in off for asked in told(before))
    assert after.judged == before.judged


def test_the_teams_severity_replaces_ours_even_where_the_facts_set_another(shop: list[Entity]) -> None:
    world = estate(shop)
    severities = {asked.id: Severity.INFO for asked in all_controls()}
    before = judge(world, all_controls(), Settings())
    after = judge(world, all_controls(), Settings(severities=severities))
    assert {finding.severity for finding in before.findings} > {Severity.INFO}
    assert {finding.severity for finding in after.findings} == {Severity.INFO}
    assert [finding.id for finding in after.findings] == [finding.id for finding in before.findings]


def test_every_entity_is_judged_or_passed_over_with_a_reason(shop: list[Entity]) -> None:
    judged = []
    for controls in ((), all_controls()[:1], all_controls()):
        answers = judge(estate(shop), controls, Settings())
        assert answers.judged + sum(answers.passed_over.values()) == len(shop)
        judged.append(answers.judged)
    assert judged == sorted(judged)
    assert judged[0] == 0 < judged[-1]


def test_an_entity_without_a_type_of_its_own_is_judged_where_something_is_found() -> None:
    text = b"apiVersion: v1\nkind: Event\ndata: {a: 1, a: 2}\n---\napiVersion: v1\nkind: Event\n"
    entities = [item for item in read_text("a.yaml", text) if isinstance(item, Entity)]
    answers = judge(estate(entities), all_controls(), Settings())
    assert [finding.control.id for finding in answers.findings] == ["manifest-duplicate-key"]
    assert (answers.judged, answers.passed_over) == (1, {"no control asks about a Event": 1})


class Door:
    """A subject inside an entity: each label that starts with `door`."""

    SOURCES: ClassVar = (ServiceAccount,)

    def __init__(self, name: str, others: int) -> None:
        self.name = name
        self.others = others

    @classmethod
    def parts_of(cls, entity: ServiceAccount, world: Estate, settings: Settings) -> Iterator["Door"]:
        for name in entity.labels:
            if name.startswith("door"):
                yield cls(name, len(world.entities) - 1)


@control("open", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
def door_is_open(door: Door) -> Iterator[Fault | Unanswered]:
    if door.name == "door-open":
        yield Fault(message=f"open, beside {door.others}", at=("metadata", "labels", door.name))
    if door.name == "door-hidden":
        yield Unanswered("the hidden door")


def test_parts_of_an_entity_are_subjects_and_may_be_out_of_sight() -> None:
    text = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, labels: {door-open: x, door-hidden: x, door-shut: x, window: x}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, labels: {door-open: x}}
"""
    world = estate([item for item in read_text("a.yaml", text.encode()) if isinstance(item, Entity)])
    answers = judge(world, [door_is_open], Settings())
    assert [(f.fault.message, f.entity.ref.name) for f in answers.findings] == [("open, beside 1", "a")]
    assert [(n.control.id, n.entity.ref.name, n.missing) for n in answers.not_assessed] == [
        ("open", "a", "the hidden door")
    ]
    assert answers.asked == {"open": 3}
    assert answers.judged == 1, "a ConfigMap has no doors"


def test_nothing_counts_as_asked_where_no_subject_was_there() -> None:
    assert judge(estate([]), [door_is_open], Settings()).asked == {}


@control(
    "on-both",
    title="t",
    severity=Severity.LOW,
    consequence=Consequence.NODE,
    remedy="r",
    docker=True,
    standards=("PSS:baseline", "CIS-Kubernetes-1.12:5.2.2", "NIST-800-190:4.4.3", "MITRE:T1611"),
)
def on_both(container: Container) -> Iterator[Fault]:
    yield Fault(message="here", at=container.path)


@control("pods-only", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
def pods_only(container: Container) -> Iterator[Fault]:
    yield Fault(message="here", at=container.path)


def test_docker_is_asked_only_what_makes_sense_there_and_every_subject_counts() -> None:
    text = b"{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: x}, {name: y}]}}"
    (pod,) = read_text("a.yaml", text)
    assert isinstance(pod, Workload)
    template = msgspec.structs.replace(pod.templates[0], engine=DOCKER)
    elsewhere = msgspec.structs.replace(pod.ref, kind="Service", namespace="x")
    service = msgspec.structs.replace(pod, ref=elsewhere, templates=(template,))
    answers = judge(estate([pod, pod, service, service]), [on_both, pods_only], Settings())
    assert answers.asked == {"on-both": 4, "pods-only": 4}
    assert answers.asked_in_docker == {"on-both": 4}
    assert Counter((f.control.id, f.entity.ref.kind) for f in answers.findings) == {
        ("on-both", "Pod"): 4,
        ("pods-only", "Pod"): 4,
        ("on-both", "Service"): 4,
    }
    named = {(f.entity.ref.kind, f.standards) for f in answers.findings if f.control is on_both}
    assert named == {("Pod", on_both.standards), ("Service", ("NIST-800-190:4.4.3", "MITRE:T1611"))}


def test_faults_whose_fix_holds_a_map_are_shared_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemate.engine.judge._MANY", 0)

    @control("x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
    def ask(entity: Entity) -> Iterator[Fault]:
        edits = (Edit("set", ("a",), {"b": 1}), Edit("set", ("c",), value=True))
        yield Fault(message="m", at=("a",), fix=Fix(safe=True, edits=edits))
        yield Fault(message="n", at=("a",), fix=Fix(safe=True, edits=edits[1:]))

    (entity,) = read_text("a.yaml", b"{apiVersion: v1, kind: Event, metadata: {name: a}}")
    assert isinstance(entity, Entity)
    answers = judge(estate([entity, entity]), [ask], Settings())
    assert [finding.fault.message for finding in answers.findings] == ["m", "n"] * 2
    first = answers.findings
    assert first[0].fault is first[2].fault
    assert first[1].fault is first[3].fault

"""The engine: what is asked of whom, what is not assessed, and how answers become changes."""

from collections.abc import Iterator

import pytest

from casemate.analysis.pods import Container, Pod
from casemate.controls.catalogue import all_controls, controls_for, families
from casemate.engine.changes import changes
from casemate.engine.judge import Answers, judge
from casemate.engine.report import Report
from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Control, Fault, Known, control
from casemate.model.errors import ControlError, ReadError, UsageError
from casemate.model.estate import Coverage, Entity, Estate, ServiceAccount, Skipped, Unreadable, Workload
from casemate.model.place import path_text
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.manifests import read_text

POD = """
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop}
spec: {serviceAccountName: ghost, containers: [{name: main, image: "registry.example/app:1"}]}
---
"""


def estate(text: str, complete: frozenset[str] = frozenset()) -> Estate:
    entities = tuple(item for item in read_text("a.yaml", text.encode()) if isinstance(item, Entity))
    return Estate(entities=entities, coverage=Coverage(complete=complete))


def make(ask: object, **more: object) -> Control:
    given: dict[str, object] = {
        "title": "t",
        "severity": Severity.HIGH,
        "consequence": Consequence.NODE,
        "remedy": "r",
        **more,
    }
    declared: Control = control("pod-test", **given)(ask)  # type: ignore[arg-type] # the point of the helper
    return declared


def by_control(answers: Answers) -> list[tuple[str, str, str | None]]:
    return [(f.control.id, str(f.entity.ref), f.container) for f in answers.findings]


def test_equal_templates_are_asked_about_once() -> None:
    asked = []

    def ask(container: Container) -> Iterator[Fault]:
        asked.append(container.name)
        yield Fault(message="m", at=container.path)

    world = estate("".join(POD.replace("NAME", name) for name in "abc"))
    answers = judge(world, [make(ask)], Settings())
    assert asked == ["main"]
    assert by_control(answers) == [("pod-test", f"shop/{name}", "main") for name in "abc"]
    assert len({finding.id for finding in answers.findings}) == 3


def test_a_fault_of_the_pod_names_the_container_it_stands_in() -> None:
    def ask(pod: Pod) -> Iterator[Fault]:
        yield Fault(message="in the container", at=pod.containers[0].at("image"))
        yield Fault(message="in the pod", at=pod.at("hostPID"))

    answers = judge(estate(POD), [make(ask)], Settings())
    assert [finding.container for finding in answers.findings] == ["main", None]


def test_absence_is_not_assessed_until_the_kind_is_known() -> None:
    missing = next(c for c in all_controls() if c.id == "pod-missing-service-account")
    unknown = judge(estate(POD), [missing], Settings())
    assert not unknown.findings
    assert [(n.control.id, n.missing) for n in unknown.not_assessed] == [
        ("pod-missing-service-account", "not every ServiceAccount was read")
    ]
    known = judge(estate(POD, frozenset(("ServiceAccount",))), [missing], Settings())
    assert len(known.findings) == 1
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ghost, namespace: shop}\n"
    there = judge(estate(POD + account, frozenset(("*",))), [missing], Settings())
    assert not there.findings
    assert not there.not_assessed


def test_accounts_without_a_namespace_may_be_of_any() -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ghost}\n"
    missing = next(c for c in all_controls() if c.id == "pod-missing-service-account")
    complete = frozenset(("ServiceAccount",))
    for pod in (POD, POD.replace(", namespace: shop", "")):
        assert not judge(estate(pod + account, complete), [missing], Settings()).findings
        assert judge(
            estate(pod + account.replace("ghost", "other"), complete), [missing], Settings()
        ).findings


def test_pods_are_judged_at_the_controller_that_makes_them() -> None:
    spec = "{containers: [{name: main, image: a, securityContext: {privileged: true}}]}"
    text = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: cart, namespace: shop}}
spec: {{template: {{spec: {spec}}}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {{name: cart-1, namespace: shop, ownerReferences: [{{kind: Deployment, name: cart, controller: true}}]}}
spec: {{template: {{spec: {spec}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: cart-1-a, namespace: shop, ownerReferences: [{{kind: ReplicaSet, name: cart-1}}]}}
spec: {spec}
---
apiVersion: v1
kind: Pod
metadata: {{name: orphan, namespace: shop, ownerReferences: [{{kind: ReplicaSet, name: gone}}]}}
spec: {spec}
"""
    privileged = next(c for c in all_controls() if c.id == "pod-privileged")
    answers = judge(estate(text), [privileged], Settings())
    assert [str(f.entity.ref) for f in answers.findings] == ["shop/cart", "shop/orphan"]
    assert sum(answers.passed_over.values()) == 2
    assert answers.judged == 2


def test_settings_decide() -> None:
    def ask(pod: Pod, settings: Settings, version: KubernetesVersion) -> Iterator[Fault]:
        yield Fault(message=f"{version} {len(settings.disabled)}", at=pod.path)

    declared = make(ask, since=KubernetesVersion(1, 20), until=KubernetesVersion(1, 30))
    world = estate(POD)
    assert not judge(world, [declared], Settings()).findings
    (finding,) = judge(world, [declared], Settings(kubernetes=KubernetesVersion(1, 25))).findings
    assert finding.fault.message == "1.25 0"
    assert finding.severity is Severity.HIGH
    softer = Settings(kubernetes=KubernetesVersion(1, 25), severities={"pod-test": Severity.LOW})
    assert judge(world, [declared], softer).findings[0].severity is Severity.LOW
    off = Settings(kubernetes=KubernetesVersion(1, 25), disabled=frozenset(("pod-test",)))
    answers = judge(world, [declared], off)
    assert not answers.findings
    assert answers.passed_over == {"no control asks about a Pod": 1}


def test_many_entities_share_equal_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemate.engine.judge._MANY", 1)
    monkeypatch.setattr("casemate.engine.judge._REMEMBERED", 1)

    def ask(container: Container) -> Iterator[Fault]:
        yield Fault(message="m", at=container.path)

    text = POD.replace("NAME", "a") + POD.replace("NAME", "b").replace("app:1", "app:2")
    first, second = judge(estate(text), [make(ask)], Settings()).findings
    assert first.fault is second.fault


def test_a_control_must_say_what_it_reads() -> None:
    with pytest.raises(ControlError, match="needs a type"):
        make(lambda pod: ())
    with pytest.raises(ControlError, match="needs a type"):
        make(lambda: ())


def test_known_compares_groups_not_versions() -> None:
    world = estate("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: n}\n")
    known = Known(world.of(ServiceAccount))
    (account,) = known
    assert account.ref in known
    assert "a" not in known


def test_changes_group_by_object_and_consequence() -> None:
    text = POD.replace("NAME", "a").replace(
        "{name: main,", "{name: main, securityContext: {privileged: true},"
    ) + POD.replace("NAME", "b")
    world = estate(text)
    answers = judge(world, controls_for(world.entities), Settings())
    found = changes(answers.findings)
    assert sum(len(change.findings) for change in found) == len(answers.findings)
    assert found[0].consequence is Consequence.NODE
    assert found[0].severity is Severity.CRITICAL
    assert found[0].party == "developer"
    assert [change.severity for change in found] == sorted((c.severity for c in found), reverse=True)
    assert party("an area that is not in the matrix") == "platform"


def test_the_report_counts_what_was_seen() -> None:
    text = POD.replace("NAME", "a") + "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"
    entities = estate(text).entities
    world = Estate(
        entities=entities,
        coverage=Coverage(files=1, documents=4),
        skipped=(Skipped("a.yaml", 1, "not a Kubernetes object"),),
        unreadable=(Unreadable("b.yaml", 1, 1, "no"),),
    )
    report = Report(("a",), Settings(), world, judge(world, controls_for(entities), Settings()))
    assert report.answers.judged + sum(report.skipped.values()) + len(world.unreadable) == 4
    assert sum(report.counts.values()) == len(report.findings)
    assert report.status == 3
    report.allow_unreadable = True
    assert report.status == 0
    assert report.changes


def test_families_are_imported_only_for_what_occurs() -> None:
    service = estate("apiVersion: v1\nkind: Service\nmetadata: {name: s}\n")
    taken = {found.family for found in controls_for(service.entities)}
    assert "network" in taken
    assert taken.isdisjoint({"images", "pods", "functions"})
    assert {"images", "manifests", "network", "pods"} <= set(families())


def test_words() -> None:
    assert KubernetesVersion.parse("v1.33.4") == (1, 33)
    assert KubernetesVersion.parse("latest") == NEWEST
    assert NEWEST.note is None
    assert "newer than casemate knows" in str(KubernetesVersion(1, 99).note)
    for text in ("2.0", "one", "1.", "1.3333"):
        with pytest.raises(UsageError, match="Kubernetes version"):
            KubernetesVersion.parse(text)
    assert path_text(("metadata", "annotations", "a.b/c", 0, "d")) == 'metadata.annotations["a.b/c"][0].d'
    error = ReadError("no", 3, 4)
    assert (str(error), error.line, error.column) == ("no", 3, 4)
    (workload,) = estate(POD.replace("name: NAME", "labels: {a: b}")).entities
    assert isinstance(workload, Workload)
    assert str(workload.ref) == "shop/(no name)"

"""Controls are declared by the types of their parameters; findings keep their name when lines move."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from casemate.model.control import (
    Consequence,
    Control,
    Edit,
    Fault,
    Finding,
    Fix,
    Known,
    NotAssessed,
    control,
)
from casemate.model.errors import CasemateError, ControlError, ReadError, SettingsError, UsageError
from casemate.model.estate import Coverage, Entity, Estate, Ref, ServiceAccount, Template, Workload, pack
from casemate.model.place import Document, Origin
from casemate.model.pods import Container, PodSpec
from casemate.model.settings import Settings
from casemate.model.severity import Confidence, Severity
from casemate.model.version import NEWEST, KubernetesVersion


def ask(entity: Entity, settings: Settings) -> Iterator[Fault]:
    yield Fault(message=f"{entity.ref} {settings.source}", at=("spec",))


def declared(**more: Any) -> Control:
    given = {
        "title": "t",
        "severity": Severity.MEDIUM,
        "consequence": Consequence.NODE,
        "remedy": "r",
        **more,
    }
    return control("pod-x", **given)(ask)


def entity(name: str | None = "a", namespace: str | None = "n", version: str = "apps/v1") -> Entity:
    return Entity(ref=Ref(version, "Deployment", namespace, name), origin=Origin(Document("a.yaml")))


FAULT = Fault(message="m", at=("spec", "containers", 0, "image"))


def test_a_control_is_what_its_declaration_says() -> None:
    made = declared(standards=("A:1",), area="x", fixes=True, confidence=Confidence.LIKELY)
    assert (made.id, made.title, made.severity, made.remedy) == ("pod-x", "t", Severity.MEDIUM, "r")
    assert (made.subject, made.facts, made.ask) == (Entity, (Settings,), ask)
    assert (made.standards, made.area, made.fixes, made.confidence) == (
        ("A:1",),
        "x",
        True,
        Confidence.LIKELY,
    )
    assert made.module == __name__
    assert made.family == "model", "the folder that it lives in"
    assert declared().confidence is Confidence.CERTAIN


@pytest.mark.parametrize(
    ("since", "until", "minors"),
    [
        (None, None, {20, 25, 30}),
        (25, None, {25, 30}),
        (None, 25, {20, 25}),
        (25, 25, {25}),
        (31, None, set()),
    ],
)
def test_the_releases_for_which_a_control_asks(
    since: int | None, until: int | None, minors: set[int]
) -> None:
    bounds = [None if minor is None else KubernetesVersion(1, minor) for minor in (since, until)]
    made = declared(since=bounds[0], until=bounds[1])
    assert {minor for minor in (20, 25, 30) if made.applies(KubernetesVersion(1, minor))} == minors


def test_a_function_without_types_is_no_control() -> None:
    def untyped(entity, settings) -> Iterator[Fault]:  # type: ignore[no-untyped-def] # noqa: ANN001 # the mistake
        yield Fault(message=str((entity, settings)), at=())

    def half(entity: Entity, settings) -> Iterator[Fault]:  # type: ignore[no-untyped-def] # noqa: ANN001 # the mistake
        yield Fault(message=str((entity, settings)), at=())

    def without_subject() -> Iterator[Fault]:
        yield FAULT

    for wrong in (untyped, half, without_subject):
        with pytest.raises(ControlError, match="pod-x: each parameter needs a type"):
            control("pod-x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")(
                wrong
            )


def test_what_a_fault_does_not_say_comes_from_its_control() -> None:
    plain = Finding(declared(), entity(), FAULT)
    assert (plain.severity, plain.confidence, plain.remedy) == (Severity.MEDIUM, Confidence.CERTAIN, "r")
    fault = msgspec.structs.replace(
        FAULT,
        severity=Severity.INFO,
        confidence=Confidence.POSSIBLE,
        remedy="do",
        fix=Fix(True, (Edit("set", ("a",), 1),)),
    )
    own = Finding(declared(), entity(), fault)
    assert (own.severity, own.confidence, own.remedy) == (Severity.INFO, Confidence.POSSIBLE, "do")


def test_an_id_stays_when_lines_lists_and_severities_move() -> None:
    first = Finding(declared(), entity(), FAULT, "main")
    moved = Finding(
        declared(severity=Severity.LOW, title="new", remedy="new"),
        msgspec.structs.replace(
            entity(version="apps/v1beta1"), origin=Origin(Document("b.yaml", 99), ("items", 3))
        ),
        msgspec.structs.replace(
            FAULT, at=("spec", "containers", 7, "image"), why=("because",), severity=Severity.HIGH
        ),
        "main",
    )
    assert first.id == moved.id
    assert len(first.id) == 16
    assert int(first.id, 16) >= 0


@pytest.mark.parametrize(
    "other",
    [
        Finding(declared(), entity("b"), FAULT, "main"),
        Finding(declared(), entity(None), FAULT, "main"),
        Finding(declared(), entity(namespace="m"), FAULT, "main"),
        Finding(declared(), entity(namespace=None), FAULT, "main"),
        Finding(declared(), entity(version="batch/v1"), FAULT, "main"),
        Finding(declared(), entity(), FAULT, "side"),
        Finding(declared(), entity(), FAULT),
        Finding(declared(), entity(), msgspec.structs.replace(FAULT, message="n"), "main"),
        Finding(
            declared(), entity(), msgspec.structs.replace(FAULT, at=("spec", "volumes", 0, "image")), "main"
        ),
        Finding(msgspec.structs.replace(declared(), id="pod-y"), entity(), FAULT, "main"),
    ],
    ids="name noname namespace nonamespace group container nocontainer message field control".split(),
)
def test_anything_else_is_another_id(other: Finding) -> None:
    assert other.id != Finding(declared(), entity(), FAULT, "main").id


def test_parts_of_an_id_do_not_run_into_each_other() -> None:
    one = Finding(declared(), entity("ab", "c"), FAULT)
    assert one.id != Finding(declared(), entity("b", "ca"), FAULT).id


def test_an_id_is_given_for_odd_characters_too() -> None:
    assert len(Finding(declared(), entity("\ud83d"), FAULT).id) == 16


def test_known_is_asked_by_identity_whatever_the_version() -> None:
    known = Known(iter([entity("a"), entity("b", None)]))
    assert Ref("apps/v1beta2", "Deployment", "n", "a") in known
    assert Ref("apps/v1", "Deployment", None, "b") in known
    for absent in (
        Ref("apps/v1", "Deployment", "n", "b"),
        Ref("apps/v1", "StatefulSet", "n", "a"),
        Ref("v1", "Deployment", "n", "a"),
        "a",
        None,
    ):
        assert absent not in known
    assert [item.ref.name for item in known] == ["a", "b"]
    assert list(known) == list(known), "it can be gone through again"


def test_not_assessed_says_what_is_missing() -> None:
    item = NotAssessed(declared(), entity(), "not every Secret was read")
    assert (item.control.id, item.missing) == ("pod-x", "not every Secret was read")


def test_identities() -> None:
    assert [Ref(version, "A", None, None).group for version in ("v1", "apps/v1", "a.b/v1", "/v1", "")] == [
        "",
        "apps",
        "a.b",
        "",
        "",
    ]
    assert [str(Ref("v1", "A", *key)) for key in (("n", "a"), (None, "a"), ("n", None), (None, None))] == [
        "n/a",
        "a",
        "n/(no name)",
        "(no name)",
    ]


def test_an_estate_gives_entities_of_a_type_in_order() -> None:
    place = Origin(Document("a.yaml"))
    items = [
        entity("a"),
        ServiceAccount(ref=Ref("v1", "ServiceAccount", None, "b"), origin=place),
        Workload(ref=Ref("v1", "Pod", None, "c"), origin=place, templates=()),
        entity("d"),
    ]
    world = Estate(entities=tuple(items))
    assert [item.ref.name for item in world.of(Entity)] == ["a", "b", "c", "d"]
    assert [item.ref.name for item in world.of(Workload)] == ["c"]


def test_coverage() -> None:
    assert not Coverage().covers("Secret")
    assert Coverage(complete=frozenset(("Secret",))).covers("Secret")
    assert not Coverage(complete=frozenset(("Secret",))).covers("*")
    assert Coverage(complete=frozenset(("*",))).covers("Secret")


def test_a_template_gives_its_spec_back() -> None:
    spec = PodSpec(containers=(Container(name="a", image="b"),), host_pid=True, host_ipc=False)
    template = Template(path=("spec",), metadata_path=("metadata",), packed=pack(spec))
    assert template.spec == spec
    assert pack(template.spec) == template.packed


def test_errors_are_one_tree_and_their_text_is_the_message() -> None:
    assert issubclass(SettingsError, UsageError)
    for kind in (UsageError, SettingsError, ReadError, ControlError):
        assert issubclass(kind, CasemateError)
        assert str(kind("what to do")) == "what to do"
    assert (ReadError("x").line, ReadError("x").column, ReadError("x", 3, 4).column) == (1, 1, 4)


# Words


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1.35", 35),
        ("v1.35", 35),
        ("1.35.2", 35),
        ("v1.29.3-gke.1200", 29),
        ("1.30.0+k3s1", 30),
        ("1.0", 0),
        ("1.300", 300),
        ("latest", NEWEST.minor),
    ],
)
def test_versions(text: str, minor: int) -> None:
    version = KubernetesVersion.parse(text)
    assert version == (1, minor)
    assert str(version) == f"1.{minor}"


@pytest.mark.parametrize(
    "text", ["", "1", "1.", "2.1", "1.3x", "1.3.x", "1.3000", "1.30\n", " 1.30", "newest", "v", "-1.3"]
)
def test_texts_that_are_no_version(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no Kubernetes version: write it as 1\.35, or latest"):
        KubernetesVersion.parse(text)


def test_a_later_release_has_a_note() -> None:
    assert NEWEST.note is None
    assert KubernetesVersion(1, 1).note is None
    assert KubernetesVersion(1, NEWEST.minor + 1).note == (
        f"Kubernetes 1.{NEWEST.minor + 1} is newer than casemate knows; answered with the rules of {NEWEST}"
    )


def test_severities_are_ordered_and_named() -> None:
    assert sorted(Severity) == [
        Severity.INFO,
        Severity.LOW,
        Severity.MEDIUM,
        Severity.HIGH,
        Severity.CRITICAL,
    ]
    assert [Severity.of(item.word) for item in Severity] == list(Severity)
    with pytest.raises(KeyError):
        Severity.of("worst")

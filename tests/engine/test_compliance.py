"""Nothing passes because nothing was seen; each verdict says why."""

from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.engine.compliance import VERDICTS, Verdict, verdicts
from casemate.engine.judge import Answers
from casemate.engine.report import Report
from casemate.engine.sources import unseen
from casemate.engine.standards import load
from casemate.engine.standards.items import CLOUD, FILES, HOST, MANUAL, PROVIDER, RUNTIME, Item, Standard
from casemate.model.control import Consequence, Control, Fault, Finding, NotAssessed, control
from casemate.model.estate import DOCKER, KUBERNETES, Entity, Estate, Ref, Template, Workload, pack
from casemate.model.place import Document, Origin
from casemate.model.platform import Platform
from casemate.model.pods import Container, PodSpec, SecurityContext
from casemate.model.settings import Registries, Settings
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from casemate.model.waiver import Waived, Waiver

THING = Entity(ref=Ref("v1", "ConfigMap", "ns", "a"), origin=Origin(Document("a.yaml")))


def asking(name: str, *standards: str, since: KubernetesVersion | None = None) -> Control:
    @control(
        name, title="t", severity=Severity.HIGH, consequence=Consequence.NODE, remedy="r",
        standards=standards, since=since,
    )  # fmt: skip
    def ask(entity: Workload) -> Iterator[Fault]:
        yield Fault(message=str(entity.ref), at=())

    return ask


FIRST, SECOND = asking("first", "S:1"), asking("second", "S:1", "MITRE:1")


def found(by: Control, severity: Severity | None = None) -> Finding:
    return Finding(by, THING, Fault(message=f"m{severity}", at=(), severity=severity))


def waived(by: Control) -> Waived:
    return Waived(found(by), Waiver(controls=("*",), until=date(2030, 1, 1), reason="r", file="f"))


def answer(
    way: str = FILES,
    *,
    asked: dict[str, int] | None = None,
    docker: dict[str, int] | None = None,
    findings: tuple[Finding, ...] = (),
    missing: tuple[NotAssessed, ...] = (),
    hidden: tuple[Waived, ...] = (),
    controls: tuple[Control, ...] = (FIRST, SECOND),
    area: str = "pod_security_context",
    prefix: str = "S",
    settings: Settings | None = None,
) -> Verdict:
    answers = Answers(list(findings), list(missing), 1, {}, asked or {}, docker or {})
    report = Report(("x",), settings or Settings(), Estate(entities=(THING,)), answers, list(hidden))
    standard = Standard("s", "1", "S", prefix, (Item("1", "T", way, area, "what it takes"),))
    [verdict] = verdicts(standard, controls, report)
    return verdict


def on(name: str) -> Settings:
    return Settings(platform=Platform(name=name, because=("a label",)))


def test_a_fault_fails_with_the_first_places_and_the_count() -> None:
    got = answer(asked={"first": 9}, findings=tuple(found(FIRST) for _ in range(5)))
    assert got.verdict == "fail"
    assert got.because[0] == "5 findings"
    assert got.because[1] == "ns/a (ConfigMap) in a.yaml: mNone"
    assert got.because[-1] == "and 2 more"
    assert got.controls == ("first", "second")
    assert answer(findings=(found(FIRST),)).because[0] == "1 finding"


def test_what_is_only_told_does_not_fail() -> None:
    got = answer(asked={"first": 2}, findings=(found(FIRST, Severity.INFO),))
    assert got.verdict == "pass"


def test_passes_say_of_how_many_it_was_asked() -> None:
    got = answer(asked={"first": 1200, "second": 1}, hidden=(waived(SECOND),))
    assert got.verdict == "pass"
    assert got.because == ("first: asked of 1,200, no fault", "second: asked of 1, no fault, 1 waived")


def test_passes_name_the_controls_that_were_asked_of_nothing() -> None:
    assert answer(asked={"second": 2}).because == ("second: asked of 2, no fault", "asked of nothing: first")


def test_unanswered_questions_win_over_passes() -> None:
    missing = (NotAssessed(FIRST, THING, "not every Pod was read"),) * 2
    got = answer(asked={"first": 2, "second": 2}, missing=missing)
    assert got.verdict == "not-assessed"
    assert got.because == ("first: not every Pod was read (2 objects)",)


@pytest.mark.parametrize(
    ("way", "controls", "verdict", "because"),
    [
        (FILES, (FIRST,), "not-assessed", "not among what was read: what it takes"),
        (FILES, (), "not-assessed", "no control answers this yet; it would take what it takes"),
        (HOST, (), "not-assessed", "needs the host: what it takes"),
        (CLOUD, (), "not-assessed", "needs the cloud's API: what it takes"),
        (RUNTIME, (), "not-assessed", "needs to see it run: what it takes"),
        (MANUAL, (), "manual", "a person must judge: what it takes"),
        (PROVIDER, (), "provider", "the standard gives it to the provider"),
    ],
)
def test_nothing_seen_is_no_pass(way: str, controls: tuple[Control, ...], verdict: str, because: str) -> None:
    got = answer(way, controls=controls)
    assert (got.verdict, got.because) == (verdict, (because,))


def test_files_can_fail_what_a_person_must_judge_but_not_pass_it() -> None:
    assert answer(MANUAL, findings=(found(FIRST),)).verdict == "fail"
    got = answer(MANUAL, asked={"first": 3})
    assert got.verdict == "manual"
    assert got.because[1] == "first: asked of 3, no fault"


def test_controls_of_other_releases_do_not_apply() -> None:
    late = asking("late", "S:1", since=KubernetesVersion(1, 99))
    got = answer(controls=(late,))
    assert (got.verdict, got.because) == ("not-applicable", ("there is no such thing in Kubernetes 1.37",))


def test_controls_that_are_switched_off_are_named() -> None:
    got = answer(settings=Settings(disabled=frozenset(("first",)), source="c.yaml"))
    assert (got.verdict, got.because) == ("not-assessed", ("first is switched off in c.yaml",))


def test_the_providers_duty_is_the_providers() -> None:
    got = answer(area="apiserver_flags_anonymous", settings=on("eks"))
    assert (got.verdict, got.party) == ("provider", "provider")
    assert got.because == ("the provider answers for it (eks)", "a label")


def test_what_the_provider_shares_is_judged_where_it_was_seen() -> None:
    area = "apiserver_flags_anonymous"
    assert answer(area=area, settings=on("gke")).verdict == "provider"
    seen = answer(area=area, settings=on("gke"), asked={"first": 1})
    assert (seen.verdict, seen.party) == ("pass", "platform")
    assert (
        answer(CLOUD, area="etcd_encryption_cmk", settings=on("eks"), controls=()).verdict == "not-assessed"
    )


def test_what_a_platform_does_not_have_does_not_apply() -> None:
    got = answer(area="k8s_rbac", settings=on("lambda"), findings=(found(FIRST),))
    assert got.verdict == "not-applicable"


def of(kind: type, family: str, *, setting: str = "") -> Control:
    return msgspec.structs.replace(
        FIRST, id=f"{family}-{kind.__name__}", subject=kind, module=f"x.{family}.y", setting=setting
    )


class Pod:
    """A subject of that name."""


class ApiServer:
    """A subject of that name."""


class Etcd:
    """A subject of that name."""


class ConfigMap:
    """A subject of that name."""


PODS, SERVER, STORE, MAP = of(Pod, "pods"), of(ApiServer, "cluster"), of(Etcd, "cluster"), of(ConfigMap, "a")
ROLES = of(Workload, "rbac")


@pytest.mark.parametrize(
    ("needs", "controls", "asked", "missing"),
    [
        ("pods and what makes them", (PODS, MAP), (PODS,), []),
        ("pods, Secrets and ConfigMaps", (PODS, MAP), (MAP,), ["pods"]),
        ("roles and their bindings", (ROLES, PODS), (PODS,), ["roles and their bindings"]),
        ("roles and their bindings", (ROLES, PODS), (ROLES,), []),
        ("the components' flags", (SERVER, STORE), (SERVER,), ["the flags of Etcd"]),
        ("the components' flags", (SERVER, STORE), (SERVER, STORE), []),
        ("the components' flags", (PODS,), (PODS,), ["the components"]),
        ("something else", (MAP,), (MAP,), ["something else"]),
        ("something else", (PODS,), (PODS,), []),
    ],
)
def test_a_pass_needs_all_that_the_item_names(
    needs: str, controls: tuple[Control, ...], asked: tuple[Control, ...], missing: list[str]
) -> None:
    item = Item("1", "T", FILES, "k8s_rbac", needs)
    assert unseen(item, controls, {one.id for one in asked}) == missing


def test_what_was_not_seen_is_named_beside_what_was() -> None:
    got = answer(asked={MAP.id: 3}, controls=(MAP,))
    assert got.verdict == "not-assessed"
    assert got.because == ("not among what was read: what it takes", f"{MAP.id}: asked of 3, no fault")


def test_a_control_without_its_setting_asked_nothing() -> None:
    images = of(Pod, "images", setting="registries.allowed")
    assert answer(asked={images.id: 3}, controls=(images,)).verdict == "not-assessed"
    allowed = Settings(registries=Registries(allowed=("registry.example",)))
    assert answer(asked={images.id: 3}, controls=(images,), settings=allowed).verdict == "pass"


def test_standards_about_containers_count_what_docker_runs() -> None:
    alone = answer(prefix="MITRE", docker={"second": 2})
    assert alone.because == ("second: asked of 2, no fault",)
    assert answer(docker={"second": 2}).verdict == "not-assessed"


def test_findings_of_the_baseline_still_fail() -> None:
    answers = Answers([], [], 1, {}, {"first": 1})
    report = Report(("x",), Settings(), Estate(entities=(THING,)), answers, known=[found(FIRST)])
    standard = Standard("s", "1", "S", "S", (Item("1", "T", FILES, "k8s_rbac", "n"),))
    [verdict] = verdicts(standard, (FIRST,), report)
    assert verdict.verdict == "fail"


COUNTS = st.dictionaries(st.sampled_from(["first", "second", "other"]), st.integers(0, 3))


@given(
    way=st.sampled_from([FILES, HOST, CLOUD, RUNTIME, MANUAL, PROVIDER]),
    asked=COUNTS,
    faults=st.lists(st.sampled_from([FIRST, SECOND]), max_size=2),
    missing=st.lists(st.sampled_from([FIRST, SECOND]), max_size=2),
    platform=st.sampled_from(["self", "eks", "gke", "lambda"]),
    area=st.sampled_from(["pod_security_context", "k8s_rbac", "apiserver_flags_anonymous"]),
)
def test_a_pass_was_asked_and_neither_failed_nor_stayed_open(
    way: str,
    asked: dict[str, int],
    faults: list[Control],
    missing: list[Control],
    platform: str,
    area: str,
) -> None:
    got = answer(
        way,
        asked=asked,
        findings=tuple(map(found, faults)),
        missing=tuple(NotAssessed(by, THING, "m") for by in missing),
        settings=on(platform),
        area=area,
    )
    assert got.verdict in VERDICTS
    assert got.because
    assert all(got.because)
    if got.verdict == "pass":
        assert asked.get("first") or asked.get("second")
        assert not faults
        assert not missing
    assert msgspec.to_builtins(got.item)["id"] == "1"


def pods(*contexts: str) -> Estate:
    """A pod for each word: bare, privileged, hardened, or one of Docker's."""
    made = []
    for number, word in enumerate(contexts):
        context = SecurityContext(privileged=True) if word == "privileged" else None
        spec = PodSpec(containers=(Container(name="c", security_context=context),))
        template = Template(
            path=("spec",),
            metadata_path=(),
            packed=pack(spec),
            engine=DOCKER if word == "docker" else KUBERNETES,
        )
        ref = Ref("v1", "Pod", "ns", f"p{number}")
        made.append(Workload(ref=ref, origin=Origin(Document("p.yaml")), templates=(template,)))
    return Estate(entities=(THING, *made))


def levels(
    estate: Estate, hidden: tuple[Waived, ...] = (), left: tuple[Finding, ...] = ()
) -> dict[str, Verdict]:
    report = Report(("x",), Settings(), estate, Answers(list(left), [], 1, {}), list(hidden))
    return {verdict.item.id: verdict for verdict in verdicts(load("pss"), (), report)}


def test_levels_are_evaluated_themselves() -> None:
    got = levels(pods("bare", "privileged", "docker"))
    assert got["baseline"].because == (
        "1 of 2 workloads are below it",
        "ns/p1 (Pod) in p.yaml is privileged: privileged",
    )
    assert got["restricted"].verdict == "fail"
    assert got["restricted"].because[0] == "2 of 2 workloads are below it"
    assert levels(pods(*["privileged"] * 5))["baseline"].because[-1] == "and 2 more"
    assert levels(pods("bare"))["baseline"].verdict == "pass"


def test_levels_of_nothing_are_not_assessed() -> None:
    assert {verdict.verdict for verdict in levels(pods("docker")).values()} == {"not-assessed"}


def test_a_workload_whose_faults_are_all_waived_is_left_out() -> None:
    estate = pods("privileged")
    fault = Finding(asking("p", "PSS:baseline"), estate.entities[1], Fault(message="m", at=()))
    hidden = (Waived(fault, Waiver(controls=("*",), until=date(2030, 1, 1), reason="r", file="f")),)
    assert levels(estate, hidden)["baseline"].verdict == "pass"
    assert levels(estate, hidden, (fault,))["baseline"].verdict == "fail"

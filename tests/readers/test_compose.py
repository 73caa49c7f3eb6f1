"""Compose files become services; what is wrong in them is named, and nothing crashes."""

import copy
import random
from typing import Any

import pytest
import yaml

from casemate.analysis.pods.docker import translated
from casemate.controls.catalogue import all_controls
from casemate.engine.judge import judge
from casemate.model.compose import ComposeService
from casemate.model.control import Fault, Finding, Fix
from casemate.model.estate import Entity, Estate, Skipped, Unreadable
from casemate.model.place import path_text
from casemate.model.settings import Settings
from casemate.readers.compose_values import known
from casemate.readers.manifests import read_text
from casemate.readers.objects import Read
from casemate.readers.positions import locate

FULL = """
name: ${PROJECT:-shop}
x-limits: &limits {mem_limit: 1g, cpus: 1}
services:
  web:
    <<: *limits
    image: registry.example/web:1
    privileged: "${PRIVILEGED:-true}"
    user: "1000:1000"
    read_only: true
    cap_drop: [ALL]
    cap_add: [NET_ADMIN]
    security_opt: ["no-new-privileges=true", "apparmor=unconfined", "label:disable", "systempaths=unconfined"]
    volumes:
      - ~/.ssh:/ssh:ro
      - ./src:/src
      - data:/data
      - disk:/disk
      - {type: bind, source: /var/run/docker.sock, target: /s, read_only: true}
      - {type: tmpfs, target: /tmp}
      - 'C:\\Windows:C:\\host'
      - /anonymous
    environment: {A: 1, B: , C: true, PASSWORD: "$$ecret-Kq7vTz2p"}
    command: sh -c "echo 'a b'"
    entrypoint: [/init]
    labels: [team=shop]
    healthcheck: {test: curl -u a:Kq7vTz2pLw9x http://localhost}
    ports: ["8000-8010:8000-8010"]
    sysctls: ["net.core.somaxconn=1024"]
    devices: ["/dev/sda"]
    deploy: {resources: {limits: {memory: 50M}}}
  worker:
    extends: {service: web}
    command: "unbalanced 'quote"
    environment: ["A=2", D]
    network_mode: host
    ipc: host
    pid: host
  other:
    extends: {file: base.yaml, service: base}
    profiles: [debug]
  loop: {extends: loop2}
  loop2: {extends: loop}
volumes:
  data:
  disk: {driver_opts: {type: none, o: bind, device: /srv}}
"""


def read(text: str, name: str = "compose.yaml") -> list[Read]:
    return list(read_text(name, text.encode()))


def services(text: str, name: str = "compose.yaml") -> dict[str | None, ComposeService]:
    return {item.ref.name: item for item in read(text, name) if isinstance(item, ComposeService)}


def findings(text: str) -> list[Finding]:
    entities = tuple(item for item in read(text) if isinstance(item, Entity))
    return judge(Estate(entities=entities), all_controls(), Settings()).findings


def test_a_service_is_what_docker_makes_of_it() -> None:
    found = services(FULL)
    assert list(found) == ["web", "worker", "other", "loop", "loop2"]
    web = found["web"]
    assert (web.ref.api_version, web.ref.kind, web.ref.namespace) == (
        "compose-spec.io/v1",
        "ComposeService",
        "shop",
    )
    assert web.labels == {"team": "shop"}
    spec = web.templates[0].spec
    assert spec.containers is not None
    container = spec.containers[0]
    context = container.security_context
    assert context is not None
    assert (context.privileged, context.run_as_user, context.read_only_root_filesystem) == (True, 1000, True)
    assert context.allow_privilege_escalation is False
    assert context.app_armor_profile is not None
    assert context.app_armor_profile.type == "Unconfined"
    assert context.seccomp_profile is not None
    assert context.seccomp_profile.type == "RuntimeDefault"
    assert context.proc_mount == "Unmasked"
    assert [v.host_path.path for v in spec.volumes or () if v.host_path] == [
        "/home/user/.ssh", "/srv", "/var/run/docker.sock", "C:\\Windows",
    ]  # fmt: skip
    assert [m.read_only for m in container.volume_mounts or ()] == [True, False, True, False]
    assert {v.name: v.value for v in container.env or ()} == {
        "A": "1", "B": None, "C": "true", "PASSWORD": "$ecret-Kq7vTz2p",
    }  # fmt: skip
    assert container.args == ("sh", "-c", "echo 'a b'")
    assert container.command == ("/init",)
    assert container.resources is not None
    assert container.resources.limits == {"memory": "50M", "cpu": "1"}


def test_extends_takes_over_and_joins() -> None:
    spec = services(FULL)["worker"].templates[0].spec
    assert spec.containers is not None
    container = spec.containers[0]
    assert container.image == "registry.example/web:1"
    assert {v.name: v.value for v in container.env or ()}["A"] == "2"
    assert container.args == ("unbalanced", "'quote")
    assert (spec.host_network, spec.host_pid, spec.host_ipc) == (True, True, True)


def test_nothing_follows_from_absence_in_a_part() -> None:
    assert (
        findings("services: {web: {environment: {A: b}}, x: {extends: {file: a.yaml, service: b}}}\n") == []
    )


def test_faults_point_at_compose_fields() -> None:
    places = {
        (finding.control.id, path_text(finding.fault.at), position.line)
        for finding, position in locate(findings(FULL))
        if finding.entity.ref.name == "web"
    }
    wanted = {
        ("pod-privileged", "services.web.privileged", 8),
        ("pod-engine-socket", "services.web.volumes[4]", 19),
        ("pod-proc-mount", "services.web.security_opt[3]", 13),
        ("secret-in-environment", "services.web.environment.PASSWORD", 23),
        ("secret-in-probe", "services.web.healthcheck.test", 27),
        ("compose-device", "services.web.devices[0]", 30),
    }
    assert wanted <= places
    assert not [place for place in places if "securityContext" in place[1] or "containers" in place[1]]


def test_fixes_are_edits_of_compose() -> None:
    fixes = {
        finding.control.id: finding.fault.fix
        for finding in findings("services: {web: {image: 'a.example/a:1', privileged: true, pid: host}}\n")
    }
    edits = {
        name: [(edit.op, path_text(edit.path), edit.value) for edit in fix.edits]
        for name, fix in fixes.items()
        if fix is not None
    }
    assert edits["pod-privileged"] == [("set", "services.web.privileged", False)]
    assert edits["pod-host-pid"] == [("remove", "services.web.pid", None)]
    assert edits["pod-writable-root-filesystem"] == [("set", "services.web.read_only", True)]
    assert fixes["pod-runs-as-root"] is None


def test_a_setting_is_added_where_there_is_no_list_yet() -> None:
    fixes = {
        path_text(finding.fault.at): finding.fault.fix
        for finding in findings(
            "services:\n a: {image: 'a.example/a:1'}\n b: {image: 'a.example/a:1', security_opt: ['label:user:x']}\n"
            " c: {image: 'a.example/a:1', security_opt: ['no-new-privileges:false'], user: 4000000000000}\n"
        )
        if finding.control.id == "pod-privilege-escalation"
    }
    assert fixes["services.b.security_opt"] is None
    for path, value in (
        ("services.a.security_opt", ("no-new-privileges:true",)),
        ("services.c.security_opt[0]", "no-new-privileges:true"),
    ):
        fix = fixes[path]
        assert fix is not None
        assert [(edit.op, path_text(edit.path), edit.value) for edit in fix.edits] == [("set", path, value)]


def test_what_has_no_place_stands_at_the_service() -> None:
    (service,) = services("services: {a: {image: b, volumes: ['x', '/etc:/a', '/etc:/b']}}\n").values()
    (template,) = service.templates
    control = all_controls()[0]
    fault = Fault(message="m", at=(*template.path, "tolerations", 0), fix=Fix(safe=True, edits=()))
    assert translated(fault, template, control).at == ("services", "a")
    assert [volume.name for volume in template.spec.volumes or ()] == ["/etc", "/etc "]


def test_equal_services_keep_their_own_places() -> None:
    text = "services:\n  a:\n    image: r.example/a:1\n    {}\n"
    for field in (
        "security_opt: ['seccomp:unconfined']",
        "security_opt: ['label:user:x', 'seccomp=unconfined']",
    ):
        found = findings(text.replace("{}", field))
        (one,) = [item for item in found if item.control.id == "pod-seccomp-unconfined"]
        assert path_text(one.fault.at) == f"services.a.security_opt[{field.count(',')}]"
        assert one.fault.fix is not None
        assert one.fault.fix.edits[0].op == "remove"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("a", "a"), ("${A:-b}", "b"), ("${A-b}", "b"), ("${A:+b}", ""), ("${A}", None), ("$A", None), ("$$A", "$A"),
        ("${A:?must}", None), ("${A:-${B:-c}}", "c"), ("a$", "a$"), ("${A:-}", ""), ("${", "${"),
    ],
)  # fmt: skip
def test_variables(value: str, wanted: str | None) -> None:
    assert known(value) == wanted


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("services: [a]\n", "services of a Compose file must be a map, not a list"),
        ("services: text\n", "services of a Compose file must be a map, not text"),
        ("services: {web: [a]}\n", "service web of a Compose file must be a map, not a list"),
        ("services: {web: }\n", "service web of a Compose file must be a map, not null"),
        ("services:\n  web:\n    image: a\n   x: y\n", "did not find expected"),
    ],
)
def test_what_is_wrong_is_named(text: str, error: str) -> None:
    (found,) = [item for item in read(text) if isinstance(item, Unreadable)]
    assert error in found.error


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("services: {}\n", "compose.yaml"),
        ("include: [a.yaml]\n", "docker-compose.prod.yml"),
        ("services: {web: {autowire: true}}\n", "services.yaml"),
        ("services: {web: {image: a}}\nstages: [a]\n", "ci.yaml"),
        ("services: []\n", "x.yaml"),
        ("services: {}\n", "x.yaml"),
        ("apiVersion: v1\nservices: {web: {image: a}}\n", "compose.yaml"),
    ],
)
def test_what_holds_no_service_is_passed_over(text: str, name: str) -> None:
    assert [type(item) for item in read(text, name)] == [Skipped]


def test_known_by_shape() -> None:
    assert list(services("version: '3'\nx-a: 1\nservices: {web: {image: a}}\n", "stack.yml")) == ["web"]


def test_a_key_given_twice_is_noted() -> None:
    (one,) = services("services:\n  a:\n    image: b\n    image: c\n").values()
    assert [problem.kind for problem in one.problems] == ["duplicate-key"]


ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**40, 1.5, "", "x" * 300, "${A}", "${A:-", "$", ":", "::", "a:b:c:d", "~", "é\n", [], {}, [[]],
    [None], [{}], {"": None}, {"a": {"b": []}}, "host", "/", "-----BEGIN",
)  # fmt: skip


def test_no_value_crashes() -> None:
    tree = yaml.safe_load(FULL)
    generator = random.Random(7)
    paths = list(_paths(tree, ()))
    for path in paths:
        changed = copy.deepcopy(tree)
        here = changed
        for step in path[:-1]:
            here = here[step]
        for odd in generator.sample(ODD, 5):
            here[path[-1]] = odd
            found = read(yaml.safe_dump(changed))
            entities = tuple(item for item in found if isinstance(item, Entity))
            list(locate(judge(Estate(entities=entities), all_controls(), Settings()).findings))
            assert found


def _paths(value: Any, path: tuple[Any, ...]) -> Any:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from _paths(item, (*path, step))

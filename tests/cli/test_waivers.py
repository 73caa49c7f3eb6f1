"""Waived findings leave the answer, fail no run, and are shown in every form."""

from pathlib import Path
from typing import Any

import pytest

POD = """apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  hostPID: true{comment}
  containers: [{{name: main, image: "registry.example/a:1"}}]
"""
WAIVE = '  # casemate: waive pod-host-pid until=2999-01-01 reason="it <b>measures</b>" owner=team'
SETTINGS = """waivers:
  - control: {control}
    path: {path}
    owner: team
    reason: why
    until: {until}
"""


def pod(name: str = "a", comment: str = "") -> str:
    return POD.format(name=name, comment=comment)


def settings(control: str = "pod-host-pid", path: str = "'**'", until: str = "2999-01-01") -> str:
    return SETTINGS.format(control=control, path=path, until=until)


def found(answer: Any, part: str = "findings") -> list[str]:
    return [item["control"] for item in answer[part]]


def test_a_waived_finding_is_shown_and_fails_nothing(tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(pod())
    assert run("scan", tmp_path).status == 1
    file.write_text(pod(comment=WAIVE))
    ran = run("scan", tmp_path, "--format", "json")
    assert ran.status == 0
    (waived,) = ran.answer["waived"]
    assert waived["control"] == "pod-host-pid"
    assert waived["waiver"] == {
        "owner": "team",
        "reason": "it <b>measures</b>",
        "until": "2999-01-01",
        "where": f"{file}:5",
    }
    assert "pod-host-pid" not in found(ran.answer)
    assert "waiver-too-broad" in found(ran.answer)
    assert "Waived  1 finding by 1 waiver (--verbose)" in run("scan", tmp_path).out
    text = " ".join(run("scan", tmp_path, "--verbose").out.split())
    assert "pod-host-pid until 2999-01-01, team: it <b>measures</b> (1 finding)" in text
    page = run("scan", tmp_path, "--format", "html").out
    assert '<section id="waived">' in page
    assert "it &lt;b&gt;measures&lt;/b&gt;" in page
    assert "it <b>measures</b>" not in page


@pytest.mark.parametrize(
    ("path", "waived"), [("a.yaml", 1), ("'*.yaml'", 2), ("'**/b.yaml'", 2), ("deploy/**", 1), ("x/**", 0)]
)
def test_paths_start_at_the_settings(tmp_path: Path, run: Any, path: str, waived: int) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "a.yaml").write_text(pod("a"))
    (tmp_path / "b.yaml").write_text(pod("b"))
    (tmp_path / "deploy" / "b.yaml").write_text(pod("c"))
    (tmp_path / "casemate.yaml").write_text(settings(path=path))
    assert len(run("scan", tmp_path, "--format", "json").answer["waived"]) == waived
    assert len(run("scan", ".", "--format", "json", cwd=tmp_path).answer["waived"]) == waived


def test_unused_is_said_only_where_the_whole_was_read(tmp_path: Path, run: Any) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "a.yaml").write_text(pod())
    (tmp_path / "casemate.yaml").write_text(settings("pod-privileged"))
    name = tmp_path / "casemate.yaml"
    for targets, said in (
        ((tmp_path,), 1),
        ((tmp_path / "deploy",), 0),
        ((tmp_path / "deploy", "--settings", name), 1),
    ):
        answer = run("scan", *targets, "--format", "json").answer
        assert found(answer).count("waiver-unused") == said
    answer = run("scan", ".", "--format", "json", cwd=tmp_path).answer
    (unused,) = (item for item in answer["findings"] if item["control"] == "waiver-unused")
    assert (unused["file"], unused["line"], unused["column"]) == ("casemate.yaml", 2, 5)
    assert unused["subject"]["kind"] == "Waiver"
    (tmp_path / "broken.yaml").write_text("a: [\n")
    assert "waiver-unused" not in found(run("scan", tmp_path, "--format", "json").answer)


def test_what_has_ended_covers_nothing(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(pod())
    (tmp_path / "casemate.yaml").write_text(settings(until="2020-01-01"))
    ran = run("scan", tmp_path, "--format", "json")
    assert ran.status == 1
    assert {"pod-host-pid", "waiver-expired"} <= set(found(ran.answer))
    assert ran.answer["waived"] == []


def test_answers_about_waivers_can_be_settled_but_not_waived(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(pod())
    (tmp_path / "casemate.yaml").write_text(settings("'*'") + "severities: {waiver-too-broad: info}\n")
    (tmp_path / "b.yaml").write_text(pod("b"))
    answer = run("scan", tmp_path, "--format", "json").answer
    broad = [item["severity"] for item in answer["findings"] if item["control"] == "waiver-too-broad"]
    assert broad == ["info", "info"]
    (tmp_path / "casemate.yaml").write_text(settings("'*'") + "disable: [waiver-too-broad]\n")
    assert found(run("scan", tmp_path, "--format", "json").answer) == []


def test_a_slip_in_the_settings_is_one_sentence(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(pod())
    (tmp_path / "casemate.yaml").write_text(settings("pod-host-pit"))
    ran = run("scan", tmp_path)
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert "casemate.yaml:2: there is no control pod-host-pit; did you mean pod-host-pid?" in ran.err

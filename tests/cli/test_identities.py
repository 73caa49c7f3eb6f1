"""Who decides which sources of users and groups are read: the user, never what was found."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BINDING = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, name: gone}, {kind: User, name: bob}]
"""
CSV = "name,state\njane,active\nbob,disabled\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "a.yaml").write_text(BINDING)
    (folder / "users.csv").write_text(CSV)
    (tmp_path / "users.csv").write_text(CSV)
    return folder


@pytest.fixture
def listener() -> Iterator[tuple[int, list[int]]]:
    """A port, and who has connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        seen: list[int] = []

        def accept() -> None:
            try:
                connection, _ = server.accept()
                seen.append(1)
                connection.close()
            except OSError:
                pass

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def messages(ran: Any) -> list[str]:
    return [f["message"] for f in ran.answer["findings"] if f["control"] == "rbac-unknown-identity"]


def missing(ran: Any) -> list[str]:
    return [n["missing"] for n in ran.answer["not_assessed"] if n["control"] == "rbac-unknown-identity"]


GONE, OFF = "there is no user gone", "the account of user bob is disabled"


def test_a_source_of_the_command_line(shop: Path, run: Any) -> None:
    ran = run("scan", "a.yaml", "--identities", "../users.csv", "--format", "json", cwd=shop)
    assert messages(ran) == [OFF]
    assert missing(ran) == ["whether ../users.csv holds all users (complete: [users])"]
    (shop / "casemate.yaml").write_text("complete: [User]\n")
    ran = run("scan", "a.yaml", "--identities", "../users.csv", "--format", "json", cwd=shop)
    assert messages(ran) == [GONE, OFF]
    for source in ("missing.csv", "ldap://", "a.txt"):
        ran = run("scan", "a.yaml", "--identities", source, cwd=shop)
        assert ran.status == 2
        assert ran.err.count("\n") == 1


def test_files_beside_found_settings_are_read(shop: Path, run: Any) -> None:
    (shop / "casemate.yaml").write_text("identities: [{csv: users.csv, complete: [users]}]\n")
    ran = run("scan", "a.yaml", "--format", "json", cwd=shop)
    assert messages(ran) == [GONE, OFF]
    assert "notes" not in ran.answer


@pytest.mark.parametrize(
    "path", ["../users.csv", "{top}/users.csv", "link.csv", "folder/users.csv", "~/users.csv"]
)
def test_files_elsewhere_are_not(
    path: str, shop: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (shop / "link.csv").symlink_to(tmp_path / "users.csv")
    (shop / "folder").symlink_to(tmp_path)
    entry = f"identities: [{{csv: '{path.format(top=tmp_path)}', complete: [users]}}]\n"
    (shop / "casemate.yaml").write_text(entry)
    ran = run("scan", "a.yaml", "--format", "json", cwd=shop)
    assert messages(ran) == []
    assert "it was not asked" in missing(ran)[0]
    assert "(csv) were not asked, since casemate.yaml was found beside" in ran.answer["notes"][0]
    ran = run("scan", "a.yaml", "--settings", "casemate.yaml", "--format", "json", cwd=shop)
    assert messages(ran) == [GONE, OFF]


def test_a_source_that_was_not_asked_leaves_it_open(shop: Path, run: Any) -> None:
    (shop / "casemate.yaml").write_text(
        "identities: [{csv: users.csv, complete: [users]}, {csv: ../users.csv, complete: [users]}]\n"
    )
    ran = run("scan", "a.yaml", "--format", "json", cwd=shop)
    assert messages(ran) == [OFF]
    assert len(missing(ran)) == 1


def test_no_found_file_opens_a_connection(
    shop: Path, run: Any, listener: tuple[int, list[int]], tmp_path: Path
) -> None:
    port, seen = listener
    (shop / "casemate.yaml").write_text(
        f"identities: [{{ldap: {{url: 'ldap://127.0.0.1:{port}', start-tls: false, timeout: 2}}}}]\n"
    )
    for command in (("scan", "a.yaml"), ("pss", "a.yaml"), ("fix", "a.yaml"), ("controls",)):
        ran = run(*command, cwd=shop)
        assert ran.status in {0, 1}
    assert seen == []
    # The user's word: the file is named, or its folder is trusted.
    ran = run("scan", "a.yaml", "--settings", "casemate.yaml", cwd=shop)
    assert ran.status == 3
    assert seen == [1]
    (tmp_path / "config" / "casemate").mkdir(parents=True)
    (tmp_path / "config" / "casemate" / "casemate.yaml").write_text(f"trusted: {shop}\n")
    ran = run("scan", "a.yaml", cwd=shop)
    assert ran.status == 3


def test_a_source_that_cannot_be_read_is_said(shop: Path, run: Any) -> None:
    (shop / "broken.csv").write_text("name,state\na,b,c\n")
    ran = run("scan", "a.yaml", "--identities", "broken.csv", "--format", "json", cwd=shop)
    assert ran.status == 3
    (unread,) = ran.answer["unreadable"]
    assert (unread["file"], unread["line"]) == ("broken.csv", 2)
    text = run("scan", "a.yaml", "--identities", "broken.csv", cwd=shop)
    assert "broken.csv:2:1" in text.out


def test_no_answer_is_kept(shop: Path, run: Any) -> None:
    """The same objects with another directory are another question."""
    (shop / "a.yaml").write_text(
        "---\n".join(BINDING.replace("name: a}", f"name: a{n}}}") for n in range(4000))
    )
    assert (shop / "a.yaml").stat().st_size > 512 * 1024
    (shop / "users.csv").write_text("name\nbob\ngone\n")
    arguments = ("scan", "a.yaml", "--settings", "s.yaml", "--format", "json")
    (shop / "s.yaml").write_text("identities: [{csv: users.csv, complete: [users]}]\n")
    assert messages(run(*arguments, cwd=shop)) == []
    (shop / "users.csv").write_text("name\nbob\n")
    assert len(messages(run(*arguments, cwd=shop))) == 4000

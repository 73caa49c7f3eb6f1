"""Exports of directories: LDIF, tables and SCIM answers, as they come and as they should not."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.errors import ReadError
from casemate.model.identities import Account, SourceSetting
from casemate.readers.identities import csv_table, directory, ldif, scim
from casemate.readers.identities.sources import Outcome, read_sources

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
LDIF = """version: 1

# A comment
#  that goes on
dn: uid=jane,ou=people,dc=example,
 dc=org
objectClass: inetOrgPerson
UID: ja
 ne
cn;lang-en: Jane
userPassword:: e1NTSEF9

dn:: dWlkPcOpdsOpLG91PXBlb3BsZSxkYz1leGFtcGxlLGRjPW9yZw==
objectclass: PERSON
uid:: w6l2w6k=
nsAccountLock: TRUE


dn: cn=devs,dc=example,dc=org
objectClass: groupOfNames
cn: devs
cn: developers
member: uid=jane,ou=people,dc=example,dc=org

dn: cn=host1,dc=example,dc=org
objectClass: device
objectClass: person
uid: host1
"""


def ldif_of(text: str | bytes, tmp_path: Path, **more: Any) -> Outcome:
    (tmp_path / "a.ldif").write_bytes(text if isinstance(text, bytes) else text.encode())
    return ldif.read(SourceSetting(ldif=str(tmp_path / "a.ldif"), **more), NOW)


@pytest.mark.parametrize(
    "text",
    [LDIF, LDIF.replace("\n", "\r\n"), "\ufeff" + LDIF, LDIF.rstrip("\n")],
    ids=["unix", "windows", "mark", "end"],
)
def test_an_export(text: str, tmp_path: Path) -> None:
    found = ldif_of(text, tmp_path, user_prefix="u:", complete=("users",))
    assert found.source.users == (
        Account("u:jane", "uid=jane,ou=people,dc=example,dc=org"),
        Account("u:évé", "uid=évé,ou=people,dc=example,dc=org", "nsAccountLock is true"),
    )
    assert [group.name for group in found.source.groups] == ["devs", "developers"]
    assert found.source.complete == {"User"}
    assert found.gaps == ()


def test_other_attributes(tmp_path: Path) -> None:
    found = ldif_of(LDIF, tmp_path, user_attribute="CN", group_attribute="member")
    assert [user.name for user in found.source.users] == ["Jane"]
    assert [group.name for group in found.source.groups] == ["uid=jane,ou=people,dc=example,dc=org"]


@pytest.mark.parametrize(
    ("text", "line", "error"),
    [
        ("dn: a=b\nchangetype: delete\n", 2, "a record of changes"),
        ("dn: a=b\ncontrol: 1.2\nchangetype: add\n", 2, "a record of changes"),
        (
            "dn: a=b\n\ndn: c=d\njpegPhoto:< file:///etc/passwd\n",
            4,
            "stands at an address (:<), which is not followed",
        ),
        ("dn: a=b\ncn:: ***\n", 2, "the value of cn is no base64"),
        ("dn: a=b\ncn:: YQ\n", 2, "the value of cn is no base64"),
        ("dn: a=b\nno colon\n", 2, "this is no line of LDIF"),
        ("dn: a=b\n: x\n", 2, "this is no line of LDIF"),
        ("dn: a=b\nc n: x\n", 2, "this is no line of LDIF"),
        (" dn: a=b\n", 1, "a line goes on that has not begun"),
        ("dn: a=b\n\n cn: x\n", 3, "a line goes on that has not begun"),
        ("cn: a\n", 1, "a record begins with dn:, this one with cn:"),
        ("dn: a=b\ncn: x\ndn: c=d\n", 3, "a second dn:"),
        ("version: 2\n", 1, "version 2 of LDIF is not known"),
        (b"dn: \xff\ncn: x\n", 1, "the name (DN) is not UTF-8"),
        ("dn: a=b\n-\n", 2, "this is no line of LDIF"),
    ],
)
def test_what_is_no_export(text: str | bytes, line: int, error: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        ldif_of(text, tmp_path)
    assert error in str(caught.value)
    assert caught.value.line == line


def test_what_ldapsearch_adds(tmp_path: Path) -> None:
    ending = "\n# search result\nsearch: 2\nresult: {}\n\n# numResponses: 5\n"
    assert ldif_of(LDIF + ending.format("0 Success"), tmp_path).gaps == ()
    assert ldif_of(LDIF + ending.format("4 Size limit exceeded"), tmp_path).gaps == (
        "the search that made it did not end well: 4 Size limit exceeded",
    )
    assert ldif_of(LDIF + "\nref: ldap://b/dc=x\n", tmp_path).gaps == (
        "a part of the directory is at ldap://b/dc=x, which is not in it",
    )


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "version: 1\n"])
def test_an_export_of_nobody(text: str, tmp_path: Path) -> None:
    assert ldif_of(text, tmp_path).source.users == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_entries_or_an_error(data: bytes) -> None:
    try:
        ldif.parse(data)
    except ReadError as error:
        lines = data.count(b"\n") + 1
        assert error.line in range(1, lines + 1)  # noqa: PT017 # that it may be raised is half of the law


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("uid=a,dc=b", "UID = A , DC=B", True),
        (r"cn=a\,b,dc=c", r"cn=a\2cb,dc=c", True),
        (r"cn=a\,dc=c", "cn=a,dc=c", False),
        (r"cn=\c3\a9", "cn=É", True),
        (r"cn=a\\,dc=c", r"cn=a\5C,dc=c", True),
        ("cn=a", "cn=b", False),
        ("no name", "no name", True),
    ],
)
def test_how_names_are_compared(one: str, other: str, same: bool) -> None:
    assert (directory.plain(one) == directory.plain(other)) is same


def csv_of(text: str | bytes, tmp_path: Path, **more: Any) -> Outcome:
    (tmp_path / "a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return csv_table.read(SourceSetting(csv=str(tmp_path / "a.csv"), **more), NOW)


OFF = "marked as not active"


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("username\njane\n", [("jane", "")]),
        ("\ufeffUserName;Status\r\njane;ACTIVE\r\nbob;Suspended\r\n", [("jane", ""), ("bob", OFF)]),
        (
            'Name,Active\n"o""mar, x",TRUE\nbob,false\n\n , \nzoe,\n',
            [('o"mar, x', ""), ("bob", OFF), ("zoe", "")],
        ),
        (
            "login\tdisabled\na\tyes\nb\tdisabled\nc\t\nd\tno\n",
            [("a", OFF), ("b", OFF), ("c", ""), ("d", "")],
        ),
        ("name,enabled,suspended\na,no,\nb,yes,yes\nc,1,0\n", [("a", OFF), ("b", OFF), ("c", "")]),
        ('name\n"two\nlines"\n', [("two\nlines", "")]),
    ],
)
def test_tables(text: str, users: list[tuple[str, str]], tmp_path: Path) -> None:
    found = csv_of(text, tmp_path, complete=("users", "groups"))
    assert [(user.name, user.disabled) for user in found.source.users] == users
    assert found.source.complete == {"User"}  # a list of users says nothing about groups


def test_a_table_of_users_and_groups(tmp_path: Path) -> None:
    found = csv_of("kind,mail\nuser,a@b\nGroup,devs\n", tmp_path, user_attribute="Mail", group_prefix="g:")
    assert found.source.users == (Account("a@b", "line 2"),)
    assert found.source.groups == (Account("g:devs", "line 3"),)


@pytest.mark.parametrize(
    ("text", "line", "error"),
    [
        ("", 1, "an empty table"),
        ("\n", 1, "an empty table"),
        ("mail\na@b\n", 1, "no column holds the names: one of username"),
        ("name,Name\na,b\n", 1, "the column name is there twice"),
        ("name,state\na\n", 2, "1 cells where the first line has 2"),
        ("name,state\na,b,c\n", 2, "3 cells where the first line has 2"),
        ("name,state\n,active\n", 2, "a line without a name"),
        ("name,state\nx,active\na,perhaps\n", 3, "'perhaps' does not say"),
        ("name,disabled\na,perhaps\n", 2, "'perhaps' does not say"),
        ("name,type\na,robot\n", 2, "'robot' is neither user nor group"),
        ('name\n"a\n', 2, "this is no table"),
        (b"name\nx\nb\xfcrger\n", 3, "this is not UTF-8"),
        ("name\n" + "a" * 200_000, 2, "this is no table"),
    ],
)
def test_what_is_no_table(text: str | bytes, line: int, error: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        csv_of(text, tmp_path)
    assert error in str(caught.value)
    assert caught.value.line == line


def scim_of(answer: Any, tmp_path: Path, **more: Any) -> Outcome:
    (tmp_path / "a.json").write_text(answer if isinstance(answer, str) else json.dumps(answer))
    return scim.read(SourceSetting(scim=str(tmp_path / "a.json"), **more), NOW)


USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1", "userName": "jane",
        "emails": [{"value": "x@y"}, {"value": "jane@y", "primary": True}]}  # fmt: skip
GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "2", "displayName": "devs"}


def page(*resources: Any, total: Any = None) -> dict[str, Any]:
    return {"totalResults": len(resources) if total is None else total, "Resources": list(resources)}


def test_answers_of_scim(tmp_path: Path) -> None:
    off = {"userName": "bob", "active": False}
    found = scim_of(page(USER, off, GROUP), tmp_path, user_prefix="u:", complete=("users",))
    assert found.source.users == (
        Account("u:jane", "resource 1"),
        Account("u:bob", "resource 2", "active is false"),
    )
    assert found.source.groups == (Account("devs", "resource 3"),)
    assert found.source.complete == {"User"}
    text = {"userName": "c", "active": "False"}
    assert scim_of([text], tmp_path).source.users[0].disabled


def test_pages_of_scim(tmp_path: Path) -> None:
    half = page(USER, total=2)
    assert scim_of([half, half], tmp_path).gaps == ()
    assert scim_of([half, half, page(GROUP)], tmp_path).gaps == ()
    gap = "{} of its resources are on other pages: save them too, as a list of all answers"
    assert scim_of(half, tmp_path).gaps == (gap.format(1),)
    assert scim_of([half, page(GROUP, total=2), page(GROUP, total=2)], tmp_path).gaps == (gap.format(1),)
    assert scim_of([page(USER, total=3), page(total=3)], tmp_path).gaps == (gap.format(5),)


def test_nobody_in_scim(tmp_path: Path) -> None:
    found = scim_of({"totalResults": 0}, tmp_path, complete=("groups",))
    assert not found.source.users
    assert found.source.knows == {"Group"}
    assert not found.gaps


def test_attributes_of_scim(tmp_path: Path) -> None:
    assert scim_of([USER], tmp_path, user_attribute="emails").source.users[0].name == "jane@y"
    one = {"userName": "a", "emails": [{"value": "only@y"}]}
    assert scim_of([one], tmp_path, user_attribute="emails").source.users[0].name == "only@y"
    assert scim_of([GROUP], tmp_path, group_attribute="id").source.groups[0].name == "2"
    kinds = [
        {"meta": {"resourceType": "Group"}, "displayName": "a"},
        {"displayName": "b", "members": []},
        {"meta": {"resourceType": "Device"}},
        {"schemas": [1, "x"], "displayName": "no group"},
        {"schemas": 1, "meta": 1},
    ]
    assert [group.name for group in scim_of(kinds, tmp_path).source.groups] == ["a", "b"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", "an empty file"),
        ("{", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ({}, "no answer of a SCIM service"),
        (1, "no answer of a SCIM service"),
        ([page(USER), 1], "no answer of a SCIM service"),
        ({"Resources": {}}, "Resources is no list"),
        ({"Resources": [], "totalResults": "1"}, "totalResults is no number"),
        ({"Resources": [], "totalResults": True}, "totalResults is no number"),
        ([1], "resource 1 is no map"),
        (page(1), "resource 1 of a page is no map"),
        ([{**USER, "active": "perhaps"}], "resource 1: active is neither true nor false"),
        ([{**USER, "userName": 1}], "resource 1 has no userName"),
        ([{**USER, "userName": ""}], "resource 1 has no userName"),
        ([{**GROUP, "displayName": None}], "resource 1 has no displayName"),
    ],
)
def test_what_is_no_answer(answer: Any, error: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        scim_of(answer, tmp_path)
    assert error in str(caught.value)


@pytest.mark.parametrize("emails", [None, [], [1], [{"value": "a"}, {"value": "b"}], [{"primary": True}]])
def test_no_address_that_is_meant(emails: Any, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="has no emails"):
        scim_of([{**USER, "emails": emails}], tmp_path, user_attribute="emails")


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemate.readers.identities.sources._LARGEST", 1024 * 1024)
    (tmp_path / "large.csv").write_bytes(b"name\n" + b"a\n" * 1024 * 1024)
    (tmp_path / "folder.csv").mkdir()
    settings = [
        SourceSetting(csv=str(tmp_path / name), complete=("users",))
        for name in ("large.csv", "folder.csv", "missing.csv")
    ]
    read = read_sources(settings, NOW)
    assert [item.error for item in read.unreadable] == [
        "larger than 1 MiB",
        "is a directory",
        "no such file or directory",
    ]
    assert all(source.gap and not source.complete for source in read.sources)


def test_a_gap_takes_completeness_away(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(page(USER, total=2)))
    read = read_sources((SourceSetting(scim=str(tmp_path / "a.json"), complete=("users",)),))
    assert read.sources[0].complete == frozenset()
    assert read.sources[0].gap == "it was read in part"
    assert len(read.unreadable) == 1

"""Sources of users and groups as people name them in settings and on the command line."""

from pathlib import Path

import pytest

from casemate.model.errors import SettingsError, UsageError
from casemate.readers.identities import filters
from casemate.readers.identity_settings import named
from casemate.readers.settings_file import parse_settings


def test_all_sorts_of_sources() -> None:
    text = """
identities:
  - ldif: people.ldif
    user-attribute: mail
  - {csv: /data/users.csv, complete: [users]}
  - {scim: users.json, user-prefix: "oidc:"}
  - certificates: pki
  - names: {users: [jane], groups: [devs], disabled: [bob]}
  - ldap:
      url: ldaps://ldap.example.org
      base: dc=example,dc=org
      bind-dn: cn=reader
      password-file: secret
      ca-file: ca.pem
      timeout: 3
      page-size: 100
      users: {filter: "(uid=*)", attribute: uid, base: ou=people, member-of: cn=kube}
      groups: {filter: "(cn=*)", attribute: cn}
    group-prefix: "oidc:"
    complete: [users, groups]
"""
    found = parse_settings(text.encode(), "team/casemate.yaml").identities
    assert [source.sort for source in found] == ["ldif", "csv", "scim", "certificates", "names", "ldap"]
    assert [source.path for source in found[:5]] == [
        "team/people.ldif",
        "/data/users.csv",
        "team/users.json",
        "team/pki",
        "",
    ]
    assert found[1].complete == ("users",)
    server = found[5].ldap
    assert server is not None
    assert (server.password_file, server.ca_file) == ("team/secret", "team/ca.pem")
    assert server.users.member_of == "cn=kube"


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ("people.ldif", "identities[1]: a map with one of names, ldap, ldif"),
        ("{user-prefix: x}", "identities[1]: a map with one of"),
        ("{}", "identities[1]: a map with one of"),
        ("{ldif: a, csv: b}", "one source is expected in an entry, not ldif and csv"),
        ('{ldif: ""}', "one source is expected in an entry, not none"),
        ("{ldif: a, kind: x}", "there is no key kind"),
        ("{ldif: a, withheld: x}", "there is no key withheld; keys are names, ldap"),
        ("{ldif: 1}", "ldif: text is expected, not a number"),
        ("{ldif: a, complete: [people]}", "complete: 'people' is neither users nor groups"),
        ("{ldif: a, complete: true}", "complete: a list is expected, not true or false"),
        (
            "{names: {users: [a]}, user-attribute: x}",
            "user-attribute and group-attribute are for ldif, csv, scim",
        ),
        ("{names: {people: [a]}}", "there is no key people"),
        ("{ldap: ldaps://a}", "ldap: a map or nothing is expected, not text"),
        ("{ldap: {base: a}}", "missing required field `url`"),
        ("{ldap: {url: ldaps://a, password: x}}", "there is no key password"),
        ("{ldap: {url: http://a}}", "http:// is no directory server"),
        ("{ldap: {url: ldaps://a, start-tls: true}}", "is under TLS already"),
        ("{ldap: {url: ldap://a, start-tls: false}}", "only a server on this machine"),
        ("{ldap: {url: ldaps://a, timeout: 0}}", "ldap.timeout: between 0 and 600"),
        ("{ldap: {url: ldaps://a, timeout: 1e9}}", "ldap.timeout: between 0 and 600"),
        ("{ldap: {url: ldaps://a, timeout: .nan}}", "ldap.timeout"),
        ("{ldap: {url: ldaps://a, page-size: 0}}", "ldap.page-size: between 1 and 100,000"),
        ("{ldap: {url: ldaps://a, groups: {member-of: x}}}", "ldap.groups.member-of"),
        ("{ldap: {url: ldaps://a, users: {filter: uid=a}}}", "the filter uid=a lacks a parenthesis"),
        ("{ldap: {url: 'ldaps://a/???uid=a'}}", "the filter uid=a lacks a parenthesis"),
        ("{ldap: {url: ldaps://a}, user-attribute: x}", "stand in users.attribute"),
    ],
)
def test_entries_that_are_refused(entry: str, error: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(f"identities: [{entry}]".encode(), "casemate.yaml")
    assert "casemate.yaml: identities[1]: " in str(caught.value)
    assert error in str(caught.value)


def test_what_one_word_names(tmp_path: Path) -> None:
    for name in ("a.ldif", "a.CSV", "a.tsv", "a.json", "a.pem", "a.txt"):
        (tmp_path / name).touch()
    (tmp_path / "pki.yaml").mkdir()
    sorts = {
        name: named(str(tmp_path / name))[0].sort
        for name in ("a.ldif", "a.CSV", "a.tsv", "a.json", "a.pem", "pki.yaml")
    }
    assert list(sorts.values()) == ["ldif", "csv", "csv", "scim", "certificates", "certificates"]
    assert named("LDAPS://a/dc=x")[0].sort == "ldap"
    with pytest.raises(UsageError, match=r"told by its ending, one of .ldif"):
        named(str(tmp_path / "a.txt"))
    with pytest.raises(UsageError, match=r"there is no .*missing\.csv: --identities takes"):
        named(str(tmp_path / "missing.csv"))
    with pytest.raises(UsageError, match="lacks the host"):
        named("ldaps://")


def test_a_list_of_sources(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("- ldif: a.ldif\n- csv: b.csv\n")
    assert [source.path for source in named(str(file))] == [str(tmp_path / "a.ldif"), str(tmp_path / "b.csv")]
    file.write_text("identities: [{ldif: a.ldif}]\n")
    assert named(str(file))[0].sort == "ldif"
    for text in ("", "a: b\n", "identities: [{ldif: a}]\nmore: 1\n", "ldif: a\n"):
        file.write_text(text)
        with pytest.raises(SettingsError, match="a list of sources is expected"):
            named(str(file))
    file.write_text("- [\n")
    with pytest.raises(SettingsError, match=r"sources\.yaml:"):
        named(str(file))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("(a=b)", "a306040161040162"),
        ("(a=)", "a305040161" + "0400"),
        (r"(a=\2a\c3\a9)", "a308040161" + "0403" + "2ac3a9"),
        ("(a=*)", "870161"),
        ("(a=*b*c*)", "a40b0401613006810162810163"),
        ("(a=b*)", "a4080401613003800162"),
        ("(a=*b)", "a4080401613003820162"),
        ("(a>=b)", "a506040161040162"),
        ("(a<=b)", "a606040161040162"),
        ("(a~=b)", "a806040161040162"),
        ("(a:=b)", "a906820161830162"),
        ("(a:dn:1.2:=b)", "a90e8103312e328201618301628401ff"),
        ("(:1.2:=b)", "a9088103312e32830162"),
        ("(!(a=b))", "a208a306040161040162"),
        ("(&)", "a000"),
        ("(|(a=b)(c=*))", "a10ba306040161040162870163"),
        (" (a;x-y=b) ", "a30a0405613b782d79040162"),
    ],
)
def test_filters(text: str, data: str) -> None:
    assert filters.encode(text).hex() == data


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "lacks a parenthesis"),
        ("a=b", "lacks a parenthesis"),
        ("(a=b", "lacks a closing parenthesis"),
        ("(&(a=b)", "lacks a closing parenthesis"),
        ("(&(a=b)x)", "lacks a closing parenthesis"),
        ("(!)", "lacks a parenthesis"),
        ("(a=b)(c=d)", "goes on after its end"),
        ("(a=(b)", "holds a parenthesis in a value"),
        ("()", "which is no comparison"),
        ("(=b)", "which is no comparison"),
        ("(a b=c)", "which is no comparison"),
        ("(:=b)", "which is no comparison"),
        (r"(a=\zz)", "begins no escape"),
        (r"(a=b\2)", "begins no escape"),
        ("(!" * 100 + "(a=b)" + ")" * 100, "nested too deeply"),
    ],
)
def test_texts_that_are_no_filters(text: str, error: str) -> None:
    with pytest.raises(UsageError, match=error):
        filters.encode(text)


def test_a_value_without_meaning_in_a_filter() -> None:
    value = "a*(b)\\\0c"
    assert filters.escape(value) == r"a\2a\28b\29\5c\00c"
    assert filters.encode(f"(cn={filters.escape(value)})").endswith(value.encode())

"""The reader of directories against servers that hang, lie, or are Active Directory."""

import datetime as dt
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from casemate.model.errors import ReadError, UsageError
from casemate.model.identities import Ldap, Search, SourceSetting
from casemate.readers.identities import address, ber, ldap, messages
from casemate.readers.identities.sources import Outcome, read_sources
from tests.readers.identities.fake import (
    BIND,
    EXTENDED,
    SEARCH,
    Answer,
    entry,
    message,
    reference,
    result,
    serving,
)

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
BASE = "DC=corp,DC=example"
GATE = "CN=Kube (Users),OU=Groups,DC=corp,DC=example"


def setting(port: int, **changes: Any) -> SourceSetting:
    return SourceSetting(
        ldap=Ldap(url=f"ldap://127.0.0.1:{port}", start_tls=changes.pop("start_tls", False), **changes)
    )


def read(answer: Answer, **changes: Any) -> Outcome:
    with serving(answer) as port:
        return ldap.read(setting(port, **changes), NOW)


def sid(number: int) -> bytes:
    return bytes((1, 2, 0, 0, 0, 0, 0, 5)) + (21).to_bytes(4, "little") + number.to_bytes(4, "little")


def active_directory(number: int, sort: int, body: bytes) -> Iterator[bytes]:
    """A domain of three users and two groups; Zoe is in by her primary group, Omar by a nested one."""
    if sort == BIND:
        yield result(number, messages.BIND_RESPONSE)
        return
    if sort != SEARCH:
        return
    base = ber.Elements(body).take(ber.OCTETS)
    if not base:
        yield entry(
            number,
            "",
            defaultNamingContext=[BASE],
            namingContexts=[BASE, f"CN=Configuration,{BASE}"],
            supportedCapabilities=["1.2.840.113556.1.4.800"],
        )
    elif b"distinguishedName" in body and b"objectSid" in body:
        assert b"1.2.840.113556.1.4.1941" in body
        assert b"\x82\x08memberOf\x83" in body
        assert GATE.encode() in body  # its parentheses are escaped in the text, and themselves in the bytes
        yield entry(number, GATE, objectSid=[sid(1200)])
        yield entry(number, "CN=Broken", objectSid=[b"\x01"])
    elif b"primaryGroupID" in body:
        assert b"1200" in body
        yield entry(number, f"CN=Omar,{BASE}")
        yield entry(number, f"CN=Zoe,{BASE}")
        yield entry(number, f"CN=Old,{BASE}")
    elif b"userAccountControl" in body:
        yield entry(number, f"CN=Omar,{BASE}", sAMAccountName=["omar"], userAccountControl=["512"],
                    accountExpires=["9223372036854775807"])  # fmt: skip
        yield entry(number, f"CN=Zoe,{BASE}", sAMAccountName=["Zoe"], accountExpires=["0"],
                    userAccountControl=["nonsense"])  # fmt: skip
        yield entry(number, f"CN=Off,{BASE}", sAMAccountName=["off"], userAccountControl=["514"])
        yield entry(number, f"CN=Old,{BASE}", sAMAccountName=["old"], accountExpires=["132223104000000000"])
        yield entry(number, f"CN=Guest,{BASE}", sAMAccountName=["guest"])
        yield reference(number, f"ldap://ForestDnsZones.corp.example/DC=ForestDnsZones,{BASE}")
        yield reference(number, f"ldap://corp.example/CN=Configuration,{BASE}")
    else:
        yield entry(number, GATE, sAMAccountName=["kube users"])
        yield entry(number, f"CN=x,{BASE}", cn=["nameless"])
    yield result(number, messages.DONE)


def test_active_directory() -> None:
    found = read(active_directory, users=Search(member_of=GATE))
    assert {user.name: user.disabled for user in found.source.users} == {
        "omar": "",
        "Zoe": "",
        "off": "userAccountControl has the bit ACCOUNTDISABLE",
        "old": "accountExpires ended it on 2020-01-01",
        "guest": f"not a member of {GATE}",
    }
    assert [group.name for group in found.source.groups] == ["kube users"]
    assert found.gaps == ()


def test_a_part_elsewhere_is_a_gap() -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        if sort == SEARCH and b"userAccountControl" in body:
            yield reference(number, "ldap://berlin.corp.example/DC=berlin,DC=corp,DC=example")
        yield from active_directory(number, sort, body)

    (gap,) = read(answer).gaps
    assert gap == (
        "a part of the directory is at ldap://berlin.corp.example/DC=berlin,DC=corp,DC=example, which was not asked"
    )


def silent(number: int, sort: int, body: bytes) -> Iterator[bytes]:
    yield from ()


def dripping(number: int, sort: int, body: bytes) -> Iterator[bytes]:
    for byte in result(number, messages.BIND_RESPONSE):
        time.sleep(0.1)
        yield bytes((byte,))


@pytest.mark.parametrize("answer", [silent, dripping])
def test_a_server_that_hangs(answer: Answer) -> None:
    start = time.monotonic()
    with pytest.raises(ReadError, match=r"no answer within 0\.3 seconds"):
        read(answer, timeout=0.3)
    assert time.monotonic() - start < 5


def test_a_server_that_hangs_before_tls() -> None:
    with pytest.raises(ReadError, match=r"no answer within 0\.3 seconds"):
        read(silent, timeout=0.3, start_tls=None)


def test_pages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        if sort != SEARCH or not ber.Elements(body).take(ber.OCTETS):
            yield from active_directory(number, sort, body)
            return
        page = ber.sequence(ber.integer(0), ber.text("again"))
        control = ber.sequence(ber.text("1.2.840.113556.1.4.319"), ber.tlv(ber.OCTETS, page))
        done = ber.sequence(ber.integer(0, ber.ENUMERATED), ber.text(""), ber.text(""), tag=messages.DONE)
        time.sleep(0.01)
        yield message(number, done, ber.sequence(control, tag=0xA0))

    monkeypatch.setattr("casemate.readers.identities.connection._WHOLE", 2)
    with pytest.raises(ReadError, match="no answer within"):
        read(answer, timeout=0.3)


def test_more_entries_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemate.readers.identities.connection._MOST", 2)
    with pytest.raises(ReadError, match="more than 2 entries"):
        read(active_directory)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the server does not speak LDAP"),
        (b"\x30\x84\x7f\xff\xff\xff", "sends too large a message"),
        (b"\x30\x80\x00\x00", "is no LDAP: a length of a form that is not used"),
        (b"\x30\x85\x01\x00\x00\x00\x00", "is no LDAP: a length of a form that is not used"),
        (b"\x30\x05\x02\x01", "no answer within"),
        (b"\x30\x02\x04\x00", "is no LDAP: an element with the tag 0x02 is expected"),
        (b"\x30\x03\x02\x05\x01", "is no LDAP: an element is longer than what holds it"),
        (b"\x30\x01\x02", "is no LDAP: an element is cut short"),
        (b"\x30\x02\x02\x00", "is no LDAP: a number without a value"),
        (b"\x30\x03\x02\x01\x01", "is no LDAP: an element is missing"),
        (b"\x30\x05\x02\x01\x01\x64\x00", "the server answers something else than was asked"),
        (result(0, EXTENDED + 1, 52, "going down"), "the server ends the conversation: going down"),
        (result(1, messages.BIND_RESPONSE, 8), "the login failed: the server wants a stronger login"),
        (result(1, messages.BIND_RESPONSE, 99, " odd "), r"the login failed: result code 99 \(odd\)"),
    ],
)
def test_answers_that_are_none(data: bytes, error: str) -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        yield data

    with pytest.raises(ReadError, match=error):
        read(answer, timeout=0.5)


def test_a_server_that_goes_away() -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        raise OSError
        yield b""

    with pytest.raises(ReadError, match="the server ended the conversation"):
        read(answer)


def test_a_server_without_start_tls() -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        yield result(number, messages.EXTENDED_RESPONSE, 2, "unsupported")

    with pytest.raises(ReadError, match="StartTLS failed: result code 2"):
        read(answer, start_tls=None)


def test_whoever_speaks_before_tls() -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        yield result(number, messages.EXTENDED_RESPONSE) + result(2, messages.BIND_RESPONSE)

    with pytest.raises(ReadError, match="speaks before TLS has begun"):
        read(answer, start_tls=None)


def test_no_tls_behind_the_port_of_tls() -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        yield result(number, messages.EXTENDED_RESPONSE)
        yield b"no tls at all"

    with pytest.raises(ReadError, match=r"TLS failed|speaks before TLS"):
        read(answer, start_tls=None)


@pytest.mark.parametrize("contexts", [[], ["dc=a", "dc=b"]])
def test_a_server_that_does_not_say_where_to_begin(contexts: list[str | bytes]) -> None:
    def answer(number: int, sort: int, body: bytes) -> Iterator[bytes]:
        if sort == BIND:
            yield result(number, messages.BIND_RESPONSE)
        elif sort == SEARCH:
            if contexts:
                yield entry(number, "", namingContexts=contexts)
            yield result(number, messages.DONE)

    with pytest.raises(ReadError, match=r"base is needed: the server has (none of its own|dc=a, dc=b)"):
        read(answer)


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        port = taken.getsockname()[1]
        assert_refused(port)


def assert_refused(port: int) -> None:
    read_ = read_sources((setting(port),), NOW)
    assert read_.sources[0].gap == "it could not be read"
    (unread,) = read_.unreadable
    assert (unread.file, unread.error) == (f"the directory ldap://127.0.0.1:{port}", "connection refused")


def test_two_ways_to_the_password() -> None:
    with pytest.raises(ReadError, match="exclude each other"):
        read(silent, bind_dn="cn=a", password_file="a", password_env="b")  # noqa: S106 # names


def test_a_password_that_is_no_text(tmp_path: Any) -> None:
    (tmp_path / "p").write_bytes(b"\xff")
    with pytest.raises(ReadError, match="the password is not UTF-8"):
        read(silent, bind_dn="cn=a", password_file=str(tmp_path / "p"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ldaps://ldap.example.org", "ldaps://ldap.example.org:636"),
        ("ldap://ldap.example.org:1389/", "ldap://ldap.example.org:1389"),
        ("LDAPS://[::1]/dc=x", "ldaps://[::1]:636"),
    ],
)
def test_addresses(url: str, shown: str) -> None:
    assert str(address.parse(url)) == shown


def test_all_parts_of_an_address() -> None:
    found = address.parse("ldaps://a/ou=a%20b,dc=x?mail?sub?(a=b%3f)?bindname=cn=r,dc=x")
    assert (found.base, found.attribute, found.filter, found.bind_dn) == (
        "ou=a b,dc=x", "mail", "(a=b?)", "cn=r,dc=x",
    )  # fmt: skip
    assert address.parse("ldap://a?????").bind_dn == ""
    assert address.parse("ldap://a/????!bindname=cn=r%2cdc=x").bind_dn == "cn=r,dc=x"


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.9", True), ("[::1]", True), ("10.0.0.1", False), ("a.b", False)],
)
def test_which_addresses_are_here(host: str, here: bool) -> None:
    assert address.parse(f"ldap://{host}").is_here is here


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("ldap://", "lacks the host"),
        ("ldap:///dc=x", "lacks the host"),
        ("ldapi://a", "ldapi:// is no directory server"),
        ("ldaps://user:geheim@a", "holds no user"),
        ("ldaps://a:port", "written wrongly"),
        ("ldaps://a:99999", "written wrongly"),
        ("ldaps://[a", "written wrongly"),
        ("ldaps://a/dc=x#y", "holds a #"),
        ("ldaps://a/dc=x??one", "the scope one is not followed"),
        ("ldaps://a/????!e-x=1", "the extension !e-x of the address is not known"),
    ],
)
def test_addresses_that_are_refused(url: str, error: str) -> None:
    with pytest.raises(UsageError, match=error) as caught:
        address.parse(url)
    assert "geheim" not in str(caught.value)

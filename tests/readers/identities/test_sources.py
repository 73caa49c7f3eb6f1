"""Sources as the settings state them: names in place, sources that are withheld, and BER by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.identities import Account, Ldap, Names, SourceSetting
from casemate.readers.identities import ber, messages
from casemate.readers.identities.ldap import title
from casemate.readers.identities.sources import read_sources


def test_names_in_the_settings() -> None:
    names = Names(users=("oidc:jane",), groups=("devs",), disabled=("bob",))
    setting = SourceSetting(names=names, user_prefix="oidc:", complete=("users",))
    (source,) = read_sources((setting,)).sources
    assert source.users == (Account("oidc:jane"), Account("bob", "", "listed as disabled"))
    assert source.groups == (Account("devs"),)
    assert source.user_prefix == "oidc:"
    assert source.complete == {"User"}


@pytest.mark.parametrize(
    "setting",
    [
        SourceSetting(csv="/nowhere/at/all.csv", user_prefix="x:", complete=("users",), withheld="not asked"),
        SourceSetting(ldap=Ldap(url="ldaps://[::1]:1"), user_prefix="x:", withheld="not asked"),
    ],
    ids=["file", "server"],
)
def test_a_source_that_is_withheld_is_not_opened(setting: SourceSetting) -> None:
    read = read_sources((setting,))
    (source,) = read.sources
    assert read.unreadable == ()
    assert (source.gap, source.user_prefix, source.complete) == ("not asked", "x:", frozenset())


def test_a_server_without_an_address() -> None:
    assert title(Ldap(url="ldaps://user:geheim@a")) == "a directory server"
    read = read_sources((SourceSetting(ldap=Ldap(url="ldaps://user:geheim@a")),))
    assert "holds no user" in read.unreadable[0].error
    assert "geheim" not in str(read)


@given(st.integers(-(2**70), 2**70))
def test_numbers(value: int) -> None:
    tag, content = next(ber.elements(ber.integer(value)))
    assert (tag, ber.number(content)) == (ber.INTEGER, value)


@given(st.binary(max_size=70_000))
def test_contents_of_any_length(content: bytes) -> None:
    assert list(ber.elements(ber.tlv(4, content) * 2)) == [(4, content)] * 2


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_an_error(data: bytes) -> None:
    for parse in (messages.opened, messages.entry, messages.reference, lambda d: messages.result(d, d)):
        try:
            parse(data)
        except ber.BerError as error:
            assert str(error)  # noqa: PT017 # that it may be raised is half of the law


def test_elements_one_by_one() -> None:
    parts = ber.Elements(ber.boolean(True) + ber.boolean(False) + ber.text("a"))
    assert parts.maybe(ber.INTEGER) is None
    assert parts.any() == (ber.BOOLEAN, b"\xff")
    assert parts.take(ber.BOOLEAN) == b"\x00"
    assert parts.maybe(ber.OCTETS) == b"a"
    with pytest.raises(ber.BerError):
        parts.any()

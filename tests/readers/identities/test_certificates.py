"""Client certificates, as openssl makes them and as they should not be."""

import base64
import contextlib
import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from casemate.model.errors import ReadError
from casemate.model.identities import SourceSetting
from casemate.readers.identities import certificates

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")


def make(folder: Path, name: str, subject: str, *more: str, days: str = "2") -> Path:
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-days", days, "-subj", subject,
        "-keyout", f"{name}.key", "-out", f"{name}.crt", "-addext", "basicConstraints=critical,CA:FALSE", *more,
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    return folder / f"{name}.crt"


CLIENT = ("-addext", "extendedKeyUsage=clientAuth,serverAuth")
SERVER = ("-addext", "extendedKeyUsage=serverAuth")


@needs_openssl
def test_names_and_groups(tmp_path: Path) -> None:
    make(tmp_path, "jane", "/O=devs/O=ops/CN=jane", *CLIENT)
    make(tmp_path, "eve", "/CN=old/CN=évé/OU=x")
    make(tmp_path, "server", "/O=system:nodes/CN=kube-apiserver", *SERVER)
    make(tmp_path, "noname", "/O=nobody")
    make(tmp_path, "any", "/CN=any", "-addext", "extendedKeyUsage=anyExtendedKeyUsage")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kubernetes", "-keyout", "ca.key", "-out", "ca.pem"],
        cwd=tmp_path, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    (tmp_path / "elsewhere.txt").write_text("no certificate")
    setting = SourceSetting(
        certificates=str(tmp_path), user_prefix="u:", group_prefix="g:", complete=("users",)
    )
    found = certificates.read(setting, NOW).source
    assert [user.name for user in found.users] == ["u:any", "u:évé", "u:jane"]
    assert [group.name for group in found.groups] == ["g:devs", "g:ops"]
    assert not any(user.disabled for user in found.users)
    assert found.complete == {"User"}
    later = certificates.read(setting, NOW + dt.timedelta(days=30)).source
    assert later.users[0].disabled.startswith("its certificate ended on 2")
    assert later.groups == ()
    earlier = certificates.read(setting, NOW - dt.timedelta(days=30)).source
    assert earlier.users[0].disabled.startswith("its certificate begins on 2")


@needs_openssl
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "deep").mkdir(parents=True)
    made = make(tmp_path / "out", "jane", "/CN=jane")
    (tmp_path / "in" / "link.pem").symlink_to(made)
    real = make(tmp_path / "in" / "deep", "omar", "/CN=omar")
    (tmp_path / "in" / "current.pem").symlink_to(real)
    found = certificates.read(SourceSetting(certificates=str(tmp_path / "in")), NOW).source
    assert {user.name for user in found.users} == {"omar"}
    one = certificates.read(SourceSetting(certificates=str(made)), NOW).source
    assert [user.name for user in one.users] == ["jane"]


@needs_openssl
def test_a_bundle_beside_its_key(tmp_path: Path) -> None:
    first, second = make(tmp_path, "a", "/CN=a"), make(tmp_path, "b", "/CN=b")
    bundle = tmp_path / "all.pem"
    bundle.write_bytes(
        (tmp_path / "a.key").read_bytes() + first.read_bytes() + b"\r\n# text\n" + second.read_bytes()
    )
    found = certificates.read(SourceSetting(certificates=str(bundle)), NOW).source
    assert [user.name for user in found.users] == ["a", "b"]


@needs_openssl
def test_a_moment_after_2050(tmp_path: Path) -> None:
    made = make(tmp_path, "a", "/CN=a", days="20000")
    (found,) = certificates.parse(made.read_bytes(), "a")
    assert found.ends.year > 2070


@needs_openssl
def test_every_byte_that_is_cut_is_an_error(tmp_path: Path) -> None:
    pem = make(tmp_path, "a", "/O=o/CN=a").read_bytes()
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    for size in (*range(0, 300, 7), len(der) - 1):
        with pytest.raises(ReadError, match="a broken certificate"):
            list(certificates.parse(as_pem(der[:size]), "a"))
    for place in range(0, len(der), 3):
        changed = bytearray(der)
        changed[place] ^= 0x55
        with contextlib.suppress(ReadError):  # what cannot be read is said, in the one way there is
            list(certificates.parse(as_pem(bytes(changed)), "a"))


def as_pem(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("-----BEGIN CERTIFICATE-----\nMIIB\n", "a certificate without its end"),
        ("-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n", "a broken certificate"),
        ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "a broken certificate"),
    ],
)
def test_what_is_no_certificate(text: str, error: str) -> None:
    with pytest.raises(ReadError, match=error):
        list(certificates.parse(text.encode(), "a.pem"))


def test_a_file_without_any() -> None:
    assert not list(certificates.parse(b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n", "a"))

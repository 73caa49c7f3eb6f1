"""The reader of directories against a real OpenLDAP server, which the test starts and ends by itself.

It needs Debian's package `slapd` (or `openldap` elsewhere) and the program `openssl`; it listens on this
machine only, on free ports, with its data in a temporary folder.
"""

import datetime as dt
import os
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casemate.model.errors import ReadError
from casemate.model.identities import Account, Ldap, Search, SourceSetting
from casemate.readers.identities import ldap
from casemate.readers.identities.sources import Outcome, read_sources

SLAPD = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec:/usr/local/libexec")
SCHEMAS = next((p for p in (Path("/etc/ldap/schema"), Path("/etc/openldap/schema")) if p.is_dir()), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        SLAPD is None or SCHEMAS is None or shutil.which("openssl") is None,
        reason="no slapd here: apt-get install slapd openssl",
    ),
]
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
BASE = "dc=example,dc=org"
READER = f"cn=reader,{BASE}"
PASSWORD = "S3cret, with ünïcode"  # noqa: S105 # of a server that the test makes
MANY = 2_300
"""Users: more than the usual limit of a server, and several pages."""

CONF = """
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/nis.schema
include {schema}/inetorgperson.schema
{modules}
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 104857600
suffix "{base}"
directory {folder}/data
rootdn "cn=root,{base}"
overlay ppolicy
limits dn.exact="{reader}" size=unlimited size.prtotal=unlimited size.pr=unlimited
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=secret,{base}" by * none
access to * by users read by anonymous auth
"""

HEAD = f"""dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword:: {b64encode(PASSWORD.encode()).decode()}

dn: cn=limited,{BASE}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: limited
userPassword:: {b64encode(PASSWORD.encode()).decode()}

dn: ou=people,{BASE}
objectClass: organizationalUnit
ou: people

dn: ou=secret,{BASE}
objectClass: organizationalUnit
ou: secret

dn: uid=hidden,ou=secret,{BASE}
objectClass: inetOrgPerson
uid: hidden
cn: hidden
sn: hidden

dn: ou=groups,{BASE}
objectClass: organizationalUnit
ou: groups

"""


def person(name: str, *more: str) -> str:
    lines = (
        f"dn: uid={name},ou=people,{BASE}",
        "objectClass: inetOrgPerson",
        *more,
        f"uid: {name}",
        f"cn: {name}",
        "sn: x",
    )
    return "\n".join(lines) + "\n\n"


def group(name: str, *members: str) -> str:
    lines = (
        f"dn: cn={name},ou=groups,{BASE}",
        "objectClass: groupOfNames",
        f"cn: {name}",
        *(f"member: {m}" for m in members),
    )
    return "\n".join(lines) + "\n\n"


def uid(name: str) -> str:
    return f"uid={name},ou=people,{BASE}"


def cn(name: str) -> str:
    return f"cn={name},ou=groups,{BASE}"


def entries() -> Iterator[str]:
    yield HEAD
    for number in range(MANY):
        yield person(f"user{number:05}")
    yield person("locked", "pwdAccountLockedTime: 000001010000Z")
    yield person("resting", "pwdAccountLockedTime: 20260531235900Z")
    account = ("objectClass: posixAccount", "objectClass: shadowAccount", "uidNumber: 1", "gidNumber: 1")
    yield person("expired", *account, "homeDirectory: /", "shadowExpire: 20000")
    yield person("expires", *account, "homeDirectory: /", "shadowExpire: 40000")
    yield person("Jane*(odd)name", "description:: w7xuw69jb2Rl")
    # cluster holds platform, which holds inner, which holds cluster again: a circle.
    yield group("cluster", uid("user00000"), cn("platform"))
    yield group("platform", uid("user00001"), f"CN=Inner, OU=groups, {BASE.upper()}")
    yield group("inner", uid("user00002"), cn("cluster"))
    yield group("others", uid("user00003"))
    yield (
        f"dn: {cn('posix')}\nobjectClass: posixGroup\ncn: posix\ngidNumber: 5\n"
        "memberUid: user00004\nmemberUid: user00005\n\n"
    )
    yield (
        f"dn: {cn('unique')}\nobjectClass: groupOfUniqueNames\ncn: unique\n"
        f"uniqueMember: {uid('user00006')}\n\n"
    )


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def authority(folder: Path, name: str) -> None:
    openssl(
        folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
        "-keyout", f"{name}.key", "-out", f"{name}.pem", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip


class Server:
    """A running slapd."""

    def __init__(self, folder: Path) -> None:
        assert SLAPD is not None
        self.folder = folder
        self.plain, self.secure = free_port(), free_port()
        authority(folder, "ca")
        authority(folder, "stranger")
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key",
                "-out", "server.csr")  # fmt: skip
        (folder / "names").write_text("subjectAltName=DNS:localhost\n")
        openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
                "-extfile", "names", "-out", "server.pem")  # fmt: skip
        modules = next((p for p in ("/usr/lib/ldap", "/usr/lib64/openldap") if Path(p).is_dir()), None)
        load = f"modulepath {modules}\nmoduleload back_mdb\nmoduleload ppolicy" if modules else ""
        (folder / "data").mkdir()
        (folder / "slapd.conf").write_text(
            CONF.format(schema=SCHEMAS, modules=load, folder=folder, base=BASE, reader=READER)
        )
        (folder / "entries.ldif").write_text("".join(entries()))
        self.run("-T", "add", "-q", "-l", str(folder / "entries.ldif"))
        urls = f"ldap://localhost:{self.plain}/ ldaps://localhost:{self.secure}/"
        self.process = subprocess.Popen(
            [SLAPD, "-f", str(folder / "slapd.conf"), "-h", urls, "-d", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait()

    def run(self, *arguments: str) -> None:
        assert SLAPD is not None
        command = [SLAPD, *arguments, "-f", str(self.folder / "slapd.conf")]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def wait(self) -> None:
        for _ in range(200):
            assert self.process.poll() is None, "slapd ended by itself"
            try:
                socket.create_connection(("localhost", self.secure), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("slapd does not listen")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def setting(self, *, tls: bool = True, **changes: Any) -> SourceSetting:
        url = f"ldaps://localhost:{self.secure}" if tls else f"ldap://localhost:{self.plain}"
        source = {k: changes.pop(k) for k in ("user_prefix", "group_prefix", "complete") if k in changes}
        ldap_setting = {
            "url": url,
            "bind_dn": READER,
            "password_file": str(self.folder / "password"),
            "ca_file": str(self.folder / "ca.pem"),
            "timeout": 20,
            **changes,
        }
        return SourceSetting(ldap=Ldap(**ldap_setting), **source)

    def read(self, **changes: Any) -> Outcome:
        return ldap.read(self.setting(**changes), NOW)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "password").write_text(f"{PASSWORD}\n")
    found = Server(folder)
    yield found
    found.stop()


def accounts(outcome: Outcome) -> dict[str, Account]:
    return {account.name: account for account in outcome.source.users}


@pytest.mark.parametrize("changes", [{}, {"tls": False}, {"tls": False, "start_tls": True}, {"page_size": 7}])
def test_all_are_read_page_by_page(server: Server, changes: dict[str, Any]) -> None:
    found = server.read(**changes, user_prefix="oidc:", group_prefix="g:", complete=("users", "groups"))
    users = accounts(found)
    assert len([name for name in users if name.startswith("oidc:user")]) == MANY
    assert found.gaps == ()
    assert found.source.complete == {"User", "Group"}
    assert {group.name for group in found.source.groups} == {
        "g:cluster", "g:platform", "g:inner", "g:others", "g:posix", "g:unique",
    }  # fmt: skip
    assert users["oidc:user00000"] == Account("oidc:user00000", uid("user00000"))
    assert "oidc:hidden" not in users


def test_a_server_of_this_machine_may_be_asked_in_the_clear(server: Server) -> None:
    assert accounts(server.read(tls=False, start_tls=False, ca_file=""))


def test_disabled_accounts(server: Server) -> None:
    users = accounts(server.read())
    assert users["locked"].disabled == "pwdAccountLockedTime locks it until an administrator unlocks it"
    assert users["expired"].disabled == "shadowExpire ended it on 2024-10-04"
    assert not users["resting"].disabled
    assert not users["expires"].disabled
    assert not users["user00001"].disabled


@pytest.mark.parametrize(
    ("gate", "inside"),
    [
        (cn("cluster"), {"user00000", "user00001", "user00002"}),
        (cn("inner").upper().replace(",", " , "), {"user00000", "user00001", "user00002"}),
        (cn("others"), {"user00003"}),
        (cn("posix"), {"user00004", "user00005"}),
        (cn("unique"), {"user00006"}),
    ],
)
def test_who_may_log_in_is_who_is_in_a_group_at_any_depth(
    server: Server, gate: str, inside: set[str]
) -> None:
    users = accounts(server.read(users=Search(member_of=gate)))
    assert {name for name, account in users.items() if not account.disabled} == inside
    assert users["user00100"].disabled == f"not a member of {gate}"


def test_filters_and_attributes(server: Server) -> None:
    found = server.read(
        users=Search(filter=r"(&(uid=Jane\2a\28*)(!(sn=y)))", attribute="cn"),
        groups=Search(filter="(|(cn=pla*m)(cn:caseExactMatch:=inner))", base=f"ou=groups,{BASE}"),
    )
    assert [user.name for user in found.source.users] == ["Jane*(odd)name"]
    assert sorted(group.name for group in found.source.groups) == ["inner", "platform"]


def test_what_an_address_says(server: Server) -> None:
    url = f"ldaps://localhost:{server.secure}/ou=people,{BASE}?cn?sub?(uid=user0000*)?bindname={READER}"
    found = server.read(url=url.replace(" ", "%20"), bind_dn="")
    assert len(found.source.users) == 10


def test_the_password_by_a_variable(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEMATE_LDAP_PASSWORD", PASSWORD)
    assert server.read(password_file="").source.users
    monkeypatch.setenv("OTHER", PASSWORD)
    monkeypatch.delenv("CASEMATE_LDAP_PASSWORD")
    assert server.read(password_file="", password_env="OTHER").source.users  # noqa: S106 # a name


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ca_file": "stranger.pem"}, "the server's certificate is not trusted"),
        ({"ca_file": "stranger.pem", "tls": False}, "the server's certificate is not trusted"),
        ({"ca_file": ""}, "the server's certificate is not trusted"),
        ({"ca_file": "missing.pem"}, "no certificates can be read from it"),
        ({"ca_file": "password"}, "no certificates can be read from it"),
        ({"password_file": "names"}, "the login failed: the server refuses the name or the password"),
        ({"password_file": "missing"}, "no such file"),
        ({"password_file": "empty"}, "is empty or missing"),
        ({"bind_dn": "no name"}, "the login failed: a name (DN) is written wrongly"),
        ({"bind_dn": "", "password_file": ""}, "failed: the user may not read this"),
        ({"bind_dn": ""}, "a password is given, but no bind-dn"),
        ({"base": "dc=elsewhere"}, "there is no entry dc=elsewhere"),
        ({"users": Search(member_of=cn("missing"))}, "the group cn=missing"),
        ({"users": Search(base="ou=none,dc=example,dc=org")}, "there is no entry ou=none"),
    ],
)
def test_what_cannot_be_had_is_said(server: Server, changes: dict[str, Any], error: str) -> None:
    (server.folder / "empty").write_text("\n")
    changes = dict(changes)
    for key in ("ca_file", "password_file"):
        if changes.get(key):
            changes[key] = str(server.folder / changes[key])
    with pytest.raises(ReadError) as caught:
        server.read(**changes)
    assert error in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_another_name_than_that_of_the_certificate(server: Server) -> None:
    with pytest.raises(ReadError, match="not trusted"):
        server.read(url=f"ldaps://127.0.0.1:{server.secure}")


def test_a_size_limit_leaves_the_source_open(server: Server) -> None:
    setting = server.setting(bind_dn=f"cn=limited,{BASE}", complete=("users", "groups"))
    read = read_sources((setting,), NOW)
    (source,) = read.sources
    assert 0 < len(source.users) < MANY
    assert source.complete == frozenset()
    assert source.gap == "it was read in part"
    assert "size limit cut the answer" in read.unreadable[0].error


def test_a_whole_run(server: Server, tmp_path: Path, run: Any) -> None:
    (tmp_path / "binding.yaml").write_text(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n"
        "subjects:\n"
        + "".join(
            f"- {{kind: {kind}, name: '{name}'}}\n"
            for kind, name in (
                ("User", "oidc:user00001"),
                ("User", "oidc:USER00001"),
                ("User", "oidc:gone"),
                ("User", "oidc:locked"),
                ("Group", "oidc:platform"),
                ("Group", "oidc:gone"),
                ("User", "elsewhere"),
            )
        )
    )
    sources = tmp_path / "sources.yaml"
    sources.write_text(
        f"- ldap:\n    url: ldaps://localhost:{server.secure}\n    bind-dn: {READER}\n"
        f"    password-file: {server.folder}/password\n    ca-file: {server.folder}/ca.pem\n"
        "  user-prefix: 'oidc:'\n  group-prefix: 'oidc:'\n  complete: [users, groups]\n"
    )
    ran = run("scan", tmp_path / "binding.yaml", "--identities", sources, "--format", "json")
    assert ran.status == 1
    found = [f for f in ran.answer["findings"] if f["control"] == "rbac-unknown-identity"]
    assert [(f["message"], f["severity"]) for f in found] == [
        ("there is no user oidc:USER00001", "high"),
        ("there is no user oidc:gone", "high"),
        ("the account of user oidc:locked is disabled", "medium"),
        ("there is no group oidc:gone", "high"),
    ]
    assert "oidc:user00001 is known" in found[0]["why"][1]
    assert [n["missing"] for n in ran.answer["not_assessed"]] == ["a complete source of users"]

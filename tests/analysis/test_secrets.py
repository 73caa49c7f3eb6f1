"""Known formats with their checks, names with the look of their values, and what is no secret."""

import base64
import json
import time
import zlib

import msgspec
import pytest

from casemate.analysis.secrets import in_arguments, in_text, in_value, is_suspicious, known
from casemate.analysis.secrets.checks import has_checksum
from casemate.analysis.secrets.entropy import promised
from casemate.analysis.secrets.placeholders import is_name
from casemate.controls.secrets.committed import committed
from casemate.model.configuration import Secret
from casemate.model.control import Fault
from casemate.model.place import Origin
from casemate.model.severity import Confidence, Severity
from casemate.readers.manifests import read_text

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM = "Kq7vTz2pLw9xRm4nBc8sYd3fGh6jXa5eWu1oQi0kZt7rVb2nMl9pCs4gDx8hFj3yEa6wUoIqKzTrVbNmLp"


def signed(prefix: str) -> str:
    body = RANDOM[:30]
    left, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        left, rest = divmod(left, 62)
        digits = DIGITS[rest] + digits
    return f"{prefix}_{body}{digits}"


def token(header: object, payload: object, signature: str = RANDOM[:43]) -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, payload)
    )
    return ".".join((*parts, signature))


HS = {"alg": "HS256", "typ": "JWT"}
PEM = "-----BEGIN {0}-----\n" + RANDOM + "\n" + RANDOM + "\n-----END {0}-----\n"
SSH = "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----"


def openssh(cipher: bytes) -> str:
    raw = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher + bytes(range(90))
    return SSH.format(base64.b64encode(raw).decode())


HEX = "a8f5f167f44f4964e6c998dee827110c"
FOUND = [
    (f"AKIAQ4ZK7W2MXPT6VRB5 {RANDOM[:40]}", "an AWS access key with its secret", 4),
    ("AKIAQ4ZK7W2MXPT6VRB5", "the id of an AWS access key", 1),
    (signed("ghp"), "a GitHub token", 3),
    (f"github_pat_{RANDOM[:22]}_{RANDOM[:59]}", "a GitHub token", 3),
    (f"glpat-{RANDOM[:20]}", "a GitLab token", 3),
    (f"xoxb-123456789012-123456789012-{RANDOM[:24]}", "a Slack token", 3),
    (f"xapp-1-A0KQ7VTZ2-1234567890-{HEX}", "a Slack token", 3),
    (f"https://hooks.slack.com/services/T03PQ7XK9/B04ZW8RM2/{RANDOM[:24]}", "a Slack webhook", 2),
    (f"sk_live_{RANDOM[:24]}", "a Stripe key", 4),
    (f"rk_test_{RANDOM[:24]}", "a Stripe key for tests", 1),
    (f"AIza{RANDOM[:35]}", "a Google API key", 2),
    (f"GOCSPX-{RANDOM[:28]}", "a Google OAuth client secret", 3),
    ("AccountKey=" + base64.b64encode(bytes(range(64))).decode(), "an Azure account key", 4),
    ("SharedAccessKey=" + base64.b64encode(bytes(range(32))).decode(), "an Azure account key", 4),
    (f"https://a.example/?sv=1&sig={RANDOM[:43]}%3D", "a shared access signature of Azure", 3),
    (token(HS, {"sub": "a"}), "a JSON Web Token", 3),
    (token(HS, {"exp": 4_000_000_000}), "a JSON Web Token", 3),
    (token(HS, {"exp": 1_600_000_000}), "a JSON Web Token", 1),
    (token(HS, {"role": "anon"}), "a JSON Web Token", 1),
    (token({"alg": "none"}, {"sub": "a"}, ""), "a JSON Web Token", 1),
    (token(HS, {"iss": "kubernetes/serviceaccount"}), "a service account token of Kubernetes", 3),
    (PEM.format("RSA PRIVATE KEY"), "a private key", 3),
    (PEM.format("ENCRYPTED PRIVATE KEY"), "a private key under a passphrase", 2),
    (PEM.format("PGP PRIVATE KEY BLOCK"), "a PGP private key", 3),
    (openssh(b"none"), "an SSH private key", 3),
    (openssh(b"aes256-ctr"), "an SSH private key under a passphrase", 2),
    (signed("npm"), "an npm token", 3),
    (f"pypi-AgEIcHlwaS5vcmc{RANDOM[:60]}", "a PyPI token", 3),
    (f"dckr_pat_{RANDOM[:27]}", "a Docker Hub token", 3),
    (f"hf_{RANDOM[:34]}", "a Hugging Face token", 3),
    (f"sk-{RANDOM[:20]}T3BlbkFJ{RANDOM[:20]}", "an OpenAI key", 3),
    (f"sk-ant-api03-{RANDOM}{RANDOM[:9]}AA"[:120], "an Anthropic key", 3),
    (f"SG.{RANDOM[:22]}.{RANDOM[:43]}", "a SendGrid key", 3),
    (f"1234567890:AA{RANDOM[:33]}", "the token of a Telegram bot", 3),
    (f"https://discord.com/api/webhooks/123456789012345678/{RANDOM[:68]}", "a Discord webhook", 2),
    (f"dop_v1_{HEX}{HEX}", "a DigitalOcean token", 3),
    (f"hvs.{RANDOM[:24]}", "a Vault token", 3),
    ("AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE", "a private key of age", 4),
    ("postgres://shop:Vq83kdLw02@db/shop", "a connection string with a password", 3),
    ("https://shop:shop@db/shop", "a URL with a password", 2),
    ('{"auth": "' + base64.b64encode(b"shop:Vq83kdLw02").decode() + '"}', "a login of an image registry", 3),
    ("client-key-data: " + base64.b64encode(PEM.format("PRIVATE KEY").encode()).decode(), "a kubeconfig with a client key", 4),
    ("admin:$2y$05$" + RANDOM[:53], "the hash of a password", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "severity"), FOUND, ids=[f"{kind}-{n}" for n, (_, kind, _) in enumerate(FOUND)]
)
def test_formats(text: str, kind: str, severity: int) -> None:
    found = [
        (match.kind, int(match.severity))
        for match in known(f"a {text} b" if "\n" not in text and "$2y" not in text else text)
    ]
    assert (kind, severity) in found


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        f"ghp_{RANDOM[:36]}", "npm_" + "a" * 36, "AIza" + "x" * 35,
        "SharedAccessKey=" + "-" * 43 + "=",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        token(HS, {"sub": "1234567890", "name": "John Doe"}), token({"a": 1}, {"b": 1}), token(HS, []),
        "eyJhbGciOiJIUzI1NiJ9.eyJ%%%", "eyJhbGciOiJIUzI1NiJ9.eyJhbGciOiJIUzI1.x",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", PEM.format("PUBLIC KEY"), PEM.format("CERTIFICATE"),
        "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 80 + "\n-----END", "client-key-data: " + RANDOM[:44],
        "postgres://user:password@db/x", "postgres://$(USER):abcdefgh@db", "postgres://a:$(PW)@db", "postgres://db/x",
        "//a:Vq83kdLw02@b", '{"auth": "' + base64.b64encode(b"shop").decode() + '"}', '{"auth": "%%%%%%%%"}', '{"auth": "AAAAAAAAA"}',
        '{"auth": "' + base64.b64encode(b"shop:<token>").decode() + '"}', "author: someone-else",
    ],
)  # fmt: skip
def test_no_formats(text: str) -> None:
    assert not [match for match in known(text) if int(match.severity) > 1]


def test_a_real_token_of_github_has_its_checksum() -> None:
    # published by its owner after it was revoked
    assert has_checksum("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")
    assert not has_checksum("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18")


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("DB_PASSWORD", "Kq7vTz2p", "a password"), ("dbpassword", "Kq7vTz2p", "a password"), ("pw2", "Kq7vTz2p!", "a password"),
        ("PASSWORD", "hunter", "a guessable password"), ("PASSWORD", "12345678", "a guessable password"),
        ("PASSWORD", "my-long-name", "a guessable password"), ("PASSWORD", "horsebattery", "a guessable password"),
        ("GRAFANA_PASSWORD", "grafanaPassword", "a guessable password"),
        ("PASSWORD", "$2y$05$abcdefghijkl", "the hash of a password"), ("API_KEY", HEX, "a key"), ("apiKey", HEX, "a key"),
        ("client_secret", HEX, "a secret"), ("TOKEN", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "a token"),
        ("SECRET_KEY", "changeme", "a guessable secret"),
        ("PASSWORD_SECRET", "somesamplepassword", "a guessable secret"), ("TOKEN", "ab12cd34ab", "a token"),
        ("DISCORD_TOKEN", f"M{RANDOM[:23]}.{RANDOM[:6]}.{RANDOM[:27]}", "the token of a Discord bot"),
        ("AWS_SECRET_ACCESS_KEY", "wJa3rXUtnFEM1/K7MDkNG/bPxRf2CYzzAbLqKqYp", "an AWS secret access key"),
        ("X", "PASSWORD=Kq7vTz2p", "a password"), ("X", "a\npassword: Kq7vTz2p\n", "a password"),
        ("PASSWORD", "Kq7v Tz2p", "a password"),
    ],
)  # fmt: skip
def test_named(name: str, value: str, kind: str) -> None:
    found = in_value(name, value)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD", ""), ("PASSWORD", "x"), ("PASSWORD", "yes"), ("PASSWORD", "123"), ("PASSWORD", "/a/b"),
        ("PASSWORD", "a/b/c.txt"), ("PASSWORD", "x" * 5000), ("PASSWORD", "open the big door"), ("PASSWORD", "a.b(x)"),
        ("PASSWORD", "registry.example/a/b:1"), ("PASSWORD", "SOME_OTHER_NAME"), ("PASSWORD", "sha256:abcdef"),
        ("PASSWORD", "shop.pem"), ("PASSWORD", "https://a"), ("PASSWORD", "todo"), ("X_PASSWORD", "{cipher}" + HEX), ("X", "PASSWORD: not set"), ("PASSWORD", "YOUR_PASSWORD"),
        ("TOKEN", "3600"), ("TOKEN", "shop-api-token"), ("TOKEN", "short"), ("TOKEN", "with blanks 123456"),
        ("TOKEN", "abcdefghijkl"), ("ACCESS_KEY", "minio"), ("SECRET", "com.example.Secret"),
        ("USE_PASSWORD", "Kq7vTz2p"), ("NEXT_TOKEN", HEX), ("imagePullSecret", HEX), ("PRIMARY_KEY", HEX), ("key", HEX),
        ("N" * 101 + "_PASSWORD", "Kq7vTz2p"), ("1", "Kq7vTz2p"), ("TOKEN", "getToken(1)"), ("SENTRY_DSN", HEX),
    ],
)  # fmt: skip
def test_not_named(name: str, value: str) -> None:
    assert in_value(name, value) is None


def test_files() -> None:
    text = (
        "# password: Kq7vTz2p\n// token: no\n  password: Kq7vTz2p\n<password>Kq7vTz2pA</password>\n"
        "mysql -uroot -pKq7vTz2p shop\nAuthorization: Bearer Kq7vTz2pKq7v\ncurl -u a:Kq7vTz2p http://x\n"
        "curl -u a:$PASS http://x\nrun --token " + HEX + "\nlabels: {a: 'password=Kq7vTz2p', b: 'x'}\n"
        "password_type: Kq7vTz2p\npassword = settings.password\nsome password here\n"
    )
    found = [text[match.start : match.end] for match in in_text(text)]
    assert found == ["Kq7vTz2p", "Kq7vTz2pA", "Kq7vTz2p", "Kq7vTz2pKq7v", "Kq7vTz2p", HEX, "Kq7vTz2p"]


def test_one_place_is_one_secret() -> None:
    (found,) = in_text(f"token: {signed('ghp')}\n")
    assert found.kind == "a GitHub token"


def test_command_lines() -> None:
    words = ["--password", "Kq7vTz2p", "--token", "--token", signed("ghp"), "--secret", "$(A)", "--password"]
    assert [(index, match.kind) for index, match in in_arguments(words)] == [
        (1, "a password"),
        (4, "a GitHub token"),
    ]


def test_a_secret_of_a_chart_may_be_made_anew_each_time() -> None:
    (secret,) = read_text(
        "a.yaml", b"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {p: Kq7vTz2p1}\n"
    )
    assert isinstance(secret, Secret)
    rendered = msgspec.structs.replace(
        secret, origin=Origin(secret.origin.document, (), "as rendered by helm")
    )
    faults = [
        fault for item in (secret, rendered) for fault in committed.ask(item) if isinstance(fault, Fault)
    ]
    assert [(fault.severity, fault.confidence) for fault in faults] == [
        (Severity.HIGH, Confidence.LIKELY),
        (Severity.MEDIUM, Confidence.POSSIBLE),
    ]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([signed("ghp")], True),
        (["AKIA"], True),
        (["My-Secret"], True),
        (["shop", "debug"], False),
        ([], False),
    ],
)
def test_one_check_over_many_values(values: list[str], wanted: bool) -> None:  # a case's answer
    assert is_suspicious(["app"] * len(values), values) is wanted


def test_names_of_things() -> None:
    assert is_name("shop-db-1")
    assert is_name("com.example.Shop")
    assert not is_name("a8f5f167-f44f4964")
    assert promised("") is None


@pytest.mark.parametrize(
    "text",
    ["password=" * 20_000, "a" * 200_000, "-----BEGIN PRIVATE KEY-----" * 5_000, "://" * 60_000, "://a:" * 40_000,
     "eyJ" * 60_000, "password='" * 20_000, "--password " * 20_000, "curl -u " * 20_000, "mysql " * 30_000, "<a>" * 60_000,
     "password: " + "x." * 60_000, "token " * 30_000, '"password": "' + "\\" * 100_000, "[" * 100_000 + "password=x"],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_time_is_linear(text: str) -> None:
    start = time.process_time()
    in_text(text)
    in_value("PASSWORD", text)
    assert time.process_time() - start < 5  # far above what it takes; quadratic time is minutes


def test_commands_and_files_that_take_a_password() -> None:
    text = (
        "docker login -u bot -p Kq7vTz2pA r.example\nsshpass -p Kq7vTz2pB ssh a@b\nredis-cli -h c -a Kq7vTz2pC ping\n"
        "machine git.example login bot password Kq7vTz2pD\nkubectl create x --from-literal=password=Kq7vTz2pE\n"
        'proxy_set_header Authorization "Basic Kq7vTz2pKq7vF=";\n' + "define('DB_PASSWORD', 'Kq7vTz2pG');\n"
        'docker login -u bot -p "$PASS" r.example\nsshpass -p $1 ssh\nredis-cli -a ${P} ping\n'
        'cmd: "psql \\"host=db password=$PGPASSWORD\\""\nrun --level=secret=Kq7vTz2pX\n'
    )
    found = [text[match.start : match.end] for match in in_text(text)]
    assert found == [*(f"Kq7vTz2p{letter}" for letter in "ABCDE"), "Kq7vTz2pKq7vF=", "Kq7vTz2pG"]


@pytest.mark.parametrize(
    "text", ["# Größe\nDB_PASSWORD=Kq7vTz2p\n", "\ufeffDB_PASSWORD=Kq7vTz2p\n", "İ\nTOKEN=" + HEX]
)
def test_letters_of_other_alphabets_hide_nothing(text: str) -> None:
    (found,) = in_text(text)
    assert text[found.start : found.end] in {"Kq7vTz2p", HEX}


@pytest.mark.parametrize(
    "text",
    [
        "input Login { password: String!, token: ID }\n", "login.password=Password\n", '{"confirm_password": "Confirm password"}',
        '{"apiKey": "API-Schlüssel", "token": "Zugangsschlüssel 12"}', '{"apiKey": "API-Schl\\u00fcssel"}', 'fetch(url, {credentials: "include"})', "password: {type: string}\n",
        "password: AgB" + "x8Tq" * 170 + "\n",
    ],
)  # fmt: skip
def test_words_types_and_sealed_values_are_none(text: str) -> None:
    assert in_text(text) == []

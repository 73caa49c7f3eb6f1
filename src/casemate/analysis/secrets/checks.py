"""The checks of known formats: what a text of the right shape must fulfil to be a secret.

GitHub and npm end a token with the CRC-32 of what is before it, in base 62; a JWT's header and
payload are JSON; keys in base64 have a length; a registry's login is `user:password` in base64.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Any

import msgspec

from casemate.analysis.expressions import Expression
from casemate.analysis.secrets.placeholders import is_placeholder, is_reference, is_something_else
from casemate.model.severity import Confidence, Severity

_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_CERTAIN, _LIKELY, _POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RELEASED = 1_750_000_000
"""Mid 2025: a token that ran out before is certainly out of date, whatever the clock says now."""
_EMULATOR = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key of Azure's storage emulator, which is published and opens nothing."""

Weighed = tuple[str, Severity, Confidence, str]
"""A kind, how bad it is, how sure it is, and why."""
Check = Callable[[re.Match[str]], Weighed | None]


def has_checksum(token: str) -> bool:
    """Whether the last six characters are the CRC-32 of the rest behind the prefix, in base 62."""
    body, given = token.partition("_")[2][:-6], token[-6:]
    left = zlib.crc32(body.encode())
    digits = ""
    for _ in range(6):
        left, rest = divmod(left, 62)
        digits = _BASE62[rest] + digits
    return digits == given


def plain(kind: str, severity: Severity = _HIGH, confidence: Confidence = _CERTAIN, why: str = "") -> Check:
    """A format that is long and odd enough to need no check but against placeholders."""

    def check(match: re.Match[str]) -> Weighed | None:
        value = match["value" if "value" in match.re.groupindex else 0]
        tail = re.sub(r"[^A-Za-z0-9]", "", value[-16:])
        if len(set(tail)) < 5 or value.upper().endswith("EXAMPLE") or is_placeholder(value):
            return None
        return kind, severity, confidence, why

    return check


def checksummed(kind: str, severity: Severity) -> Check:
    """A token whose last characters must be the checksum of the rest."""

    def check(match: re.Match[str]) -> Weighed | None:
        return (kind, severity, _CERTAIN, "its checksum is right") if has_checksum(match[0]) else None

    return check


def _decoded(text: str) -> bytes | None:
    """Base64 of either alphabet, with or without padding."""
    text = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _json(text: str) -> dict[str, Any] | None:
    raw = _decoded(text)
    try:
        found = msgspec.json.decode(raw) if raw else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def jwt(match: re.Match[str]) -> Weighed | None:
    """Three parts, of which the first two are JSON. RFC 7519."""
    header, payload = _json(match["header"]), _json(match["payload"])
    if header is None or payload is None or not isinstance(header.get("alg"), str):
        return None
    if payload.get("sub") == "1234567890":
        return None  # the example that every introduction shows
    kind = "a JSON Web Token"
    if "kubernetes" in str(payload.get("iss", "")):
        kind = "a service account token of Kubernetes"
    if header["alg"].lower() == "none" or not match["signature"]:
        return kind, _LOW, _CERTAIN, "it is not signed: who believes it believes anybody"
    expires = payload.get("exp")
    if isinstance(expires, (int, float)) and expires < _RELEASED:
        return kind, _LOW, _CERTAIN, "it ran out long ago"
    if payload.get("role") == "anon":
        return kind, _LOW, _LIKELY, "its role is anon: such a token is made to be public"
    if isinstance(expires, (int, float)):
        return kind, _HIGH, _CERTAIN, "it is signed, and runs out at a time that it names"
    return kind, _HIGH, _CERTAIN, "it is signed and never runs out"


def pem(match: re.Match[str]) -> Weighed | None:
    """A private key in PEM, OpenSSH or OpenPGP armour. RFC 7468."""
    label, body = match["label"], match["body"]
    compact = re.sub(r"\\n|\\r|[\s\"',+]", "", body)
    letters = re.sub(r"[^A-Za-z0-9/=]", "", compact)
    if len(letters) < 40 or "..." in body or len(set(letters)) < 12:
        return None
    kind = "a PGP private key" if "PGP" in label else "a private key"
    encrypted = "ENCRYPTED" in label or "ENCRYPTED" in body
    if "OPENSSH" in label:
        kind = "an SSH private key"
        start = _decoded(letters[:80])
        encrypted = start is not None and start[:15] == b"openssh-key-v1\0" and start[19:23] != b"none"
    if encrypted:
        return f"{kind} under a passphrase", _MEDIUM, _CERTAIN, "it is worth as much as its passphrase"
    return kind, _HIGH, _CERTAIN, ""


def account_key(match: re.Match[str]) -> Weighed | None:
    """A key of an Azure account: 32 or 64 bytes in base64."""
    value = match["value"]
    raw = _decoded(value)
    if value == _EMULATOR or raw is None or len(raw) not in {32, 64}:
        return None
    return "an Azure account key", _CRITICAL, _CERTAIN, f"it is {len(raw)} bytes in base64"


def aws_pair(match: re.Match[str]) -> Weighed | None:
    """The id of an AWS access key with a secret of 40 characters behind it."""
    secret = match["value"]
    mixed = any(map(str.isdigit, secret)) and secret.lower() != secret != secret.upper()
    if not mixed or secret.upper().endswith("EXAMPLEKEY") or is_something_else(secret):
        return None
    return "an AWS access key with its secret", _CRITICAL, _CERTAIN, "its id stands beside it"


def login(match: re.Match[str]) -> Weighed | None:
    """A login of a registry, as `docker login` keeps it in its settings."""
    raw = _decoded(match["value"])
    user, colon, password = (raw or b"").partition(b":")
    text = password.decode("utf-8", "replace")
    if not user or not colon or not text.isprintable() or not is_literal(text):
        return None
    return "a login of an image registry", _HIGH, _CERTAIN, "it is user:password in base64"


def client_key(match: re.Match[str]) -> Weighed | None:
    """A private key within a kubeconfig."""
    raw = _decoded(match["value"][:64])
    if raw is None or not raw.startswith(b"-----BEGIN"):
        return None
    return "a kubeconfig with a client key", _CRITICAL, _CERTAIN, "it opens the cluster to whoever holds it"


_EXAMPLE_USERS = frozenset(("user", "username", "usr", "foo", "login", "name", "me"))
_EXAMPLE_PASSWORDS = frozenset(("password", "pass", "passwd", "pwd", "secret", "bar", "pw", "token", "xxx"))


_SCHEME = Expression(r"[A-Za-z][A-Za-z0-9+.-]{1,30}\Z")


def url(match: re.Match[str]) -> Weighed | None:
    """User and password in a URL, RFC 3986 section 3.2.1."""
    user, password = match["user"], match["value"]
    scheme = _SCHEME.search(match.string, max(0, match.start() - 31), match.start())
    if scheme is None or not is_literal(password) or is_reference(user):
        return None
    if user.lower() in _EXAMPLE_USERS and password.lower() in _EXAMPLE_PASSWORDS:
        return None
    kind = "a URL with a password" if scheme[0].startswith("http") else "a connection string with a password"
    weak = len(password) < 8 or password.lower() in _EXAMPLE_PASSWORDS or password == user
    return (
        kind,
        _MEDIUM if weak else _HIGH,
        _LIKELY,
        "it is guessable: short, or a common word" if weak else "",
    )


def is_literal(value: str) -> bool:
    """Whether it is a value of its own, not a reference, a placeholder or a word of configuration."""
    return bool(value) and not (is_reference(value) or is_placeholder(value) or is_something_else(value))


def password_hash(_: re.Match[str]) -> Weighed | None:
    """A line of an htpasswd or shadow file."""
    return "the hash of a password", _LOW, _CERTAIN, "a weak password can be found from its hash"

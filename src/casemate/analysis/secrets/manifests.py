"""The values that a Secret in a file really holds: no placeholders, user names or certificates."""

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.expressions import Expression
from casemate.analysis.secrets.entropy import is_weak
from casemate.analysis.secrets.formats import known
from casemate.analysis.secrets.placeholders import is_placeholder, is_reference
from casemate.analysis.secrets.search import in_text
from casemate.model.configuration import Secret
from casemate.model.place import Path
from casemate.model.severity import Confidence, Severity

_LONGEST = 200_000
_OPEN = Expression(
    r"(?:.*[-_. ])?(?:login|port|server|endpoint|region|bucket|database|db|namespace|mail|realm|issuer|type|"
    r"scheme|mode|enabled|url|uri|ca\.crt|tls\.crt|cert|crt|pub|expiration|description|id|client[-_]?id|"
    r"tenant[-_]?id|account|version|log[-_]?level)\Z|usage-.*\Z|.*(?:name|user|host|address|email|-groups)\Z",
    re.IGNORECASE,
)
"""Keys of values that may be known: who logs in, and where."""
_CERTIFICATE = Expression(
    r"-----BEGIN (?:CERTIFICATE|[A-Z ]{0,20}PUBLIC KEY|X509 CRL|DH PARAMETERS)|ssh-(?:rsa|ed25519) "
)
_RELEASE = "helm.sh/release.v1"
_WORDS = frozenset("true false yes no null none nil".split())


class Value(msgspec.Struct, frozen=True):
    """A value of a Secret: where it stands, how bad it is, and what it is, where its format says so."""

    path: Path
    severity: Severity
    confidence: Confidence
    kind: str | None


def values(secret: Secret) -> Iterator[Value]:
    """Each value that is a secret, in the order they stand; values that SOPS encrypted are none."""
    if secret.type == _RELEASE:
        return
    for key, value in (secret.string_data or {}).items():
        yield from _judged(key, value or "", ("stringData", key))
    for key, value in (secret.data or {}).items():
        if value:
            yield from _judged(key, value if value.startswith("ENC[") else _decoded(value), ("data", key))


def _judged(key: str, text: str, path: Path) -> Iterator[Value]:
    text = text.strip()
    if (
        not text
        or text.lower() in _WORDS
        or is_placeholder(text)
        or _is_outside(text)
        or _CERTIFICATE.match(text)
    ):
        return
    in_lines = "\n" in text
    found = max(in_text(text) if in_lines else known(text), key=lambda match: match.severity, default=None)
    if found is not None:
        yield Value(path, max(found.severity, Severity.MEDIUM), found.confidence, found.kind)
    elif not in_lines and not _OPEN.match(key):
        weak = is_weak(key, text)
        yield Value(
            path,
            Severity.MEDIUM if weak else Severity.HIGH,
            Confidence.LIKELY,
            "a guessable value" if weak else None,
        )


def _is_outside(text: str) -> bool:
    """Whether the value is a reference to something else, in a value of one line."""
    return "\n" not in text and is_reference(text)


def _decoded(value: str) -> str:
    """What base64 stands for; the text itself where it is none, as in templates."""
    compact = "".join(value[:_LONGEST].split())
    try:
        raw = base64.b64decode(compact[: len(compact) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return value
    return raw.decode("utf-8", "replace")

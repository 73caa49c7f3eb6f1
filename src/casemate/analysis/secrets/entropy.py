"""A name says that its value is secret; does the value look as if it were?

A password may be any word, so every literal counts that is not plainly something else; a short or
common one is told apart, since it may be an example (and is in force all the same). A token or a
key is made by a machine: mixed characters, many of them different.
"""

import enum
import math
import re
from collections import Counter
from functools import lru_cache

from casemate.analysis.expressions import Expression
from casemate.analysis.secrets.match import Match
from casemate.analysis.secrets.placeholders import (
    is_name,
    is_number,
    is_placeholder,
    is_reference,
    is_something_else,
)
from casemate.model.severity import Confidence, Severity

_LONGEST = 4096
_PARTS = Expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NEUTRAL = frozenset(
    "value string text plain plaintext base64 b64 default current prod dev test base raw data env".split()
)
_PASSWORDS = frozenset(
    "password passwd pwd passphrase passcode pass pw credentials creds requirepass masterauth".split()
)
_JOINED = ("password", "passwd", "passphrase", "requirepass")
_JOINED_KEYS = tuple(
    "apikey secretkey accesskey privatekey authkey authtoken accesstoken apitoken clientsecret bottoken "
    "refreshtoken apisecret".split()
)
_KEYED = frozenset(
    "api secret private access auth encryption signing master session account storage jwt hmac shared app "
    "crypt cipher cookie encrypt signature secure subscription service license deploy root".split()
)
_SWITCHES = frozenset(
    "no not has is use uses using enable enabled disable disabled allow allowed require required requires "
    "needs min max minimum maximum show hide forgot validate verify generate without default_ public "
    "checksum hash digest fingerprint version revision existing csrf xsrf page next continue "
    "proxy fastcgi uwsgi scgi lost invalid num count".split()
)
_WEAK = frozenset(
    "password passwd pass secret admin root user test testing example changeme changeit default postgres "
    "mysql mongo redis guest demo sample foo bar foobar qwerty letmein welcome hunter2 toor "
    "oracle neo4j rabbitmq "
    "minio minioadmin elastic grafana wordpress drupal supersecret topsecret mysecret secretkey mypassword "
    "mysecretpassword rootpassword dbpassword 123456 12345678 1234".split()
)
_HASH = Expression(
    r"\$(?:apr1|1|2[abxy]|5|6|y|argon2\w*|scrypt|pbkdf2[\w-]*)\$|"
    r"\{(?:S?SHA\d*|bcrypt|pbkdf2|scrypt|argon2)\}|pbkdf2[_:]|scrypt:|SCRAM-SHA-"
)
_UUID = Expression(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.IGNORECASE)
_DISCORD = Expression(r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}\Z")
_AWS_NAME = Expression(r"secret_?access_?key", re.IGNORECASE)
_AWS_SECRET = 40
_NAMING = Expression(r"(?<!secret)[_.-]?access[_.-]?key\Z", re.IGNORECASE)
"""An access key names its owner; its secret is another value."""
_TELLING = Expression(
    r"passw|secret|change.?me|example|sample|default|admin|root|test|demo|fake|insecure|123456|1234\Z"
)
_SAMPLE = Expression(r"passw|change.?me|mysecret|supersecret|sample")
_SHORT = 8
_RANDOM_BITS = 3.0


class Holds(enum.Enum):
    """What a name promises of its value."""

    PASSWORD = "a password"  # noqa: S105 # words for people
    SECRET = "a secret"  # noqa: S105 # words for people
    TOKEN = "a token"  # noqa: S105 # words for people
    KEY = "a key"


@lru_cache(maxsize=8192)
def promised(name: str) -> Holds | None:
    """What a name such as `DB_PASSWORD`, `apiKey` or `client-secret` says that its value is."""
    if len(name) > 100:
        return None
    words = [word.lower() for word in _PARTS.findall(name)]
    while words and (words[-1] in _NEUTRAL or words[-1].isdigit()):
        words.pop()
    if not words or not _SWITCHES.isdisjoint(words):
        return None
    last = words[-1]
    before = words[-2] if len(words) > 1 else ""
    if last in _PASSWORDS or last.endswith(_JOINED):
        return Holds.PASSWORD
    if last == "secret":
        return Holds.SECRET if before not in {"pull", "tls", "cert", "certificate"} else None
    if last == "token":
        return Holds.TOKEN
    is_key = (last == "key" and before in _KEYED) or last.endswith(_JOINED_KEYS)
    return Holds.KEY if is_key else None


def bits(value: str) -> float:
    """Shannon's entropy of a text, in bits per character."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())


def is_random(value: str) -> bool:
    """Whether a machine made it: ten characters or more of two kinds, most of them different."""
    if len(value) < 10 or not value.isascii() or "\\u" in value or any(char.isspace() for char in value):
        return False
    if _UUID.match(value):
        return True
    digits = sum(char.isdigit() for char in value)
    mixed = digits > 1 or (value.lower() != value != value.upper() and not value[1:].islower())
    return mixed and bits(value) >= min(_RANDOM_BITS, math.log2(len(value)) * 0.8) and not is_name(value)


def assigned(name: str, value: str, start: int = 0) -> Match | None:
    """The secret that a value is by its name, None where it is none; `start` is where the value stands.

    References, placeholders, paths, URLs, numbers, switches, names and public keys are none.
    """
    holds = promised(name)
    if holds is None or not 2 < len(value) <= _LONGEST:
        return None
    if is_reference(value) or is_placeholder(value) or is_something_else(value):
        return None
    severity, confidence, kind, why = Severity.HIGH, Confidence.LIKELY, holds.value, ""
    if _HASH.match(value):
        severity, kind = Severity.LOW, "the hash of a password"
        why = "a hash is no password, but a weak password can be found from it"
    elif holds is Holds.PASSWORD:
        if value.count(" ") > 1:
            return None
        if is_weak(name, value):
            severity, kind = Severity.MEDIUM, "a guessable password"
            why = "it is short or a common word: it may be an example, and is in force all the same"
    elif is_number(value) or not is_random(value):
        low = value.lower()
        is_word = low in _WEAK or (value.isalnum() and _SAMPLE.search(low) is not None)
        if holds is Holds.TOKEN or not is_word or _NAMING.search(name):
            return None
        severity, confidence, kind = Severity.MEDIUM, Confidence.POSSIBLE, "a guessable secret"
        why = "it is a common word: it may be an example"
    elif len(value) == _AWS_SECRET and _AWS_NAME.search(name):
        severity, kind = Severity.CRITICAL, "an AWS secret access key"
    elif holds is Holds.TOKEN and _DISCORD.match(value):
        kind = "the token of a Discord bot"
    elif bits(value) < _RANDOM_BITS:
        confidence = Confidence.POSSIBLE
    return Match(
        kind=kind,
        severity=severity,
        confidence=confidence,
        start=start,
        end=start + len(value),
        name=name,
        why=why,
    )


def is_weak(name: str, value: str) -> bool:
    """Whether a password is guessed at once: short, a common word, letters of one case, or its own name."""
    low = value.lower()
    plain = re.sub(r"[^a-z]", "", low)
    if plain in _WEAK or len(value) < _SHORT or value.isdigit() or _TELLING.search(low):
        return True
    return (
        plain == re.sub(r"[^a-z]", "", name.lower())
        or (value.isalpha() and value[1:].islower())
        or is_name(low)
    )

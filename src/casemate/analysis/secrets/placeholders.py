"""Values that stand where a secret would, and are none: references, placeholders, paths, names, numbers."""

import re

from casemate.analysis.expressions import Expression

_REFERENCE = Expression(
    r"\$\(|\$\{|\{\{|\$\[|<%|%\(\w+\)s|#\{|\[\[|"
    r"\A(?:\$\$?[A-Za-z_]\w*|\$\d|%\w+%|@\w+@|env[:.]\S*|file:\S*|(?:ref\+|vault:|secretref:|"
    r"awssm:|awsssm:|gcpsm:|akv:)"
    r"\S*|op://\S*|\{cipher\}.*|arn:\S*|projects/\S*|ENC\[.*|ENC\(.*|\*\w+|!\w+.*|[\w.]+\(.*\)?;?)\Z",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDER = Expression(
    r"\A(?:<.*>|\[.*\]|\(.*\)|__\w+__|(.)\1*|.*\.\.\.+.*|.*…+.*|.*\*\*\*+.*|.*x{4,}.*|"
    r"(?:my|the|your|some|a|an|enter|insert|put|add|fill|set|use)[-_ ].*(?:here|below|value)|"
    r"(?:enter|insert|put|add|fill)[-_ ].*|your.+|.*\b(?:placeholder|redacted|removed|masked|dummy|todo|"
    r"tbd|fixme|replace|replaced|replaceme|sanitized|hidden)\b.*|.*(?:replace[-_ ]?(?:me|this|with)|"
    r"placeholder|redacted|fill[-_ ]?(?:me|in)|to[-_ ]be[-_ ]|your[-_ ]).*|.{8,}EXAMPLE(?:KEY)?)\Z",
    re.IGNORECASE | re.DOTALL,
)
_WORDS = frozenset(
    "true false yes no on off null none nil undefined unset empty enabled disabled enable disable default "
    "auto required optional always never any all string str text bool boolean int integer "
    "number object array "
    "varchar char prompt ask basic bearer plain file env md5 trust peer password_file n/a na y "
    "n hmac rsa jwt oauth "
    "oauth2 not must should is are was the has cannot please missing invalid "
    "incorrect wrong for and or ldap native internal external random generate "
    "generated manual local stdin include omit same-origin".split()
)
_NUMBER = Expression(r"[+-]?\d+(?:\.\d+)?(?:[a-z%]{0,3})\Z", re.IGNORECASE)
_PATH = Expression(r"(?:/|\./|\.\./|~|[A-Za-z]:\\).*\Z", re.DOTALL)
_RELATIVE = Expression(r"(?:[A-Za-z_.]?[a-z0-9_.-]{1,40}/)+[A-Za-z_.]?[a-z0-9_.-]{1,40}\Z")
_FILE = Expression(
    r"[\w.-]{1,80}\.(?:pem|crt|cer|key|pub|json|ya?ml|txt|conf|cfg|ini|properties|jks|p12|pfx)\Z"
)
_URL = Expression(r"[a-z][a-z0-9+.-]{1,30}://", re.IGNORECASE)
_IMAGE = Expression(r"[a-z0-9.-]+(?::\d+)?(?:/[a-z0-9._-]+)+:[\w.-]+(?:@sha256:[0-9a-f]{64})?\Z")
_VARIABLE = Expression(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_DIGEST = Expression(r"sha(?:1|224|256|384|512)[:-]\S+\Z|md5[:-]\S+\Z", re.IGNORECASE)
_PUBLIC = Expression(
    r"\A(?:-----BEGIN (?:[A-Z0-9]+ )*(?:PUBLIC KEY|CERTIFICATE)|ssh-(?:rsa|dss|ed25519) |ecdsa-sha2-|age1)"
)
_DOTTED = Expression(r"[A-Za-z_][A-Za-z_-]*(?:\.[A-Za-z_][A-Za-z_-]*)+\Z")
_NAME = Expression(r"[a-z0-9]{1,20}(?:[-.][a-z0-9]{1,20})+\Z")
_TYPE = Expression(r"(?:string|text|int|integer|id|bool|boolean|uuid|varchar)[!?]\Z", re.IGNORECASE)
_LABEL = Expression(r"(?:[A-Z][a-z]+ )?[Pp]assword(?: [a-z]+){0,3}\Z")
"""What a form shows beside a field: `Password`, `Confirm password`; in small letters it may be a value."""
_SEALED = Expression(r"Ag[A-D][A-Za-z0-9+/]{600,}={0,2}\Z")
"""What kubeseal writes: the length of an encrypted key of 4096 bits (02 00), the key, the rest."""
_LONGEST = 4096


def is_reference(value: str) -> bool:
    """Whether the value stands somewhere else: a variable, a template, an entry of a vault."""
    return _REFERENCE.search(value[:_LONGEST]) is not None


def is_placeholder(value: str) -> bool:
    """Whether it is there to be replaced, as its own words say: `<password>`, `YOUR_TOKEN_HERE`, `xxxx`."""
    return _PLACEHOLDER.match(value[:_LONGEST]) is not None


def is_something_else(value: str) -> bool:
    """Whether it is a word of configuration, a path, a URL, an image, a name, a digest or a public key."""
    if value.lower() in _WORDS or (len(value) < 4 and value.isdigit()):
        return True
    if _LABEL.match(value) and value != value.lower():
        return True
    forms = (_PATH, _RELATIVE, _FILE, _URL, _IMAGE, _VARIABLE, _DIGEST, _PUBLIC, _TYPE, _SEALED)
    return any(form.match(value) for form in forms)


def is_number(value: str) -> bool:
    """Whether it is a number, with or without a unit: `3600`, `15m`."""
    return _NUMBER.match(value) is not None


def is_name(value: str) -> bool:
    """Whether it is built like the name of an object, a host or a class: words with hyphens or dots."""
    if _DOTTED.match(value):
        return True
    if not _NAME.match(value):
        return False
    parts = re.split(r"[-.]", value)
    spoken = [part for part in parts if part.isalpha() or (part.isdigit() and len(part) < 4) or len(part) < 4]
    return len(spoken) * 2 > len(parts)

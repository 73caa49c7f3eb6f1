"""Secrets in lines of manifests, hidden before anyone sees them.

A value is hidden where its key or variable names a secret, in the data of a Secret, in a URL's
user information, and after an option such as `--password`. Names of secrets are no secrets.
"""

import re
from collections.abc import Iterator

MASK = "••••••"
_SECRET_NAME = re.compile(
    r"pass(?:word|wd|phrase)?\b|passw|secret|token|credential|api[_-]?key|private[_-]?key|access[_-]?key",
    re.IGNORECASE,
)
_PAIR = re.compile(r"^(\s*(?:- )*\"?([\w./-]+)\"?\s*:\s*)(\S.*)$")
_USER_INFO = re.compile(r"(://[^/\s:@]+:)[^@\s/]+@")
_OPTION = re.compile(r"(--?[\w-]*(?:pass|secret|token|key)[\w-]*(?:=|\s+))([^\s\"',\]]+)", re.IGNORECASE)
_FLOW_VALUE = re.compile(
    r"(name:\s*[\"']?[\w.-]*(?:pass|secret|token|credential|key)[\w.-]*[\"']?\s*,\s*value:\s*)([^,}]+)",
    re.IGNORECASE,
)
_SECRET_KIND = re.compile(r"^\"?kind\"?:\s*\"?Secret\"?\s*,?$")
_SECRET_DATA = frozenset(("data", "stringData"))
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")


def masked(lines: list[str]) -> Iterator[str]:
    """The lines of one document with every value that may be a secret hidden."""
    is_secret = any(_SECRET_KIND.match(line.strip()) for line in lines)
    in_data: int | None = None
    block: int | None = None
    secret_variable = False
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if block is not None:
            if indent > block or not line.strip():
                yield line[:indent] + (MASK if line.strip() else "")
                continue
            block = None
        if in_data is not None and line.strip() and indent <= in_data:
            in_data = None
        match = _PAIR.match(line)
        if match is None:
            key = line.strip().rstrip(":").strip('"')
            if is_secret and key in _SECRET_DATA and line.rstrip().endswith(":"):
                in_data = indent
            yield _inline(line)
            continue
        lead, key, value = match.groups()
        if key == "name":
            secret_variable = bool(_SECRET_NAME.search(value))
        hidden = in_data is not None or (secret_variable if key == "value" else _names_a_secret(key, value))
        if is_secret and key in _SECRET_DATA and value[0] == "{":
            hidden = True
            if not value.rstrip().endswith("}"):
                in_data = indent
        if hidden and _BLOCK.match(value):
            block = indent
            yield line
        else:
            yield f"{lead}{MASK}" if hidden else _inline(line)


def _names_a_secret(key: str, value: str) -> bool:
    """Whether a key names a secret that its value holds; references, switches and maps do not."""
    if not _SECRET_NAME.search(key) or key.endswith(("Name", "Ref", "Mode", "Token", "Secrets")):
        return False
    return value[0] not in "{[&*" and value.rstrip(",") not in {"true", "false", "null"}


def _inline(line: str) -> str:
    line = _USER_INFO.sub(rf"\1{MASK}@", line)
    line = _FLOW_VALUE.sub(rf"\1{MASK}", line)
    return _OPTION.sub(rf"\1{MASK}", line)

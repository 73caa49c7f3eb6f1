"""Secrets in lines of manifests, hidden before anyone sees them.

A value is hidden where its key or variable names a secret, in the data of a Secret, in a URL's
user information, after an option such as `--password`, and wherever the search for secrets finds
one; then everywhere else in the document as well. Names of secrets are no secrets.
"""

import re
from collections.abc import Iterator

from casemate.analysis.secrets import in_text
from casemate.analysis.secrets.entropy import promised

MASK = "••••••"
_SECRET_NAME = re.compile(  # flags such as --authorization-mode say who decides, not with what
    r"pass(?:word|wd|phrase)?\b|passw|secret|token|credential|"
    r"authorization(?!-(?:mode|policy|config|kubeconfig|webhook|always)\b)|"
    r"(?:api|private|access|auth|signing|encryption|account|storage|master|session|jwt)[_-]?key",
    re.IGNORECASE,
)
_PAIR = re.compile(r"^(\s*(?:- )*\"?([\w./-]+)\"?\s*:\s*)(\S.*)$")
_USER_INFO = re.compile(r"(://[^/\s:@]+:)[^@\s/]+@")
_OPTION = re.compile(
    r"(--?(?![\w.-]*(?:file|path|dir)[=\s\"',])[\w.-]*(?:pass|secret|token|key)[\w.-]*(?:=|\s+|[\"']?,\s*[\"']?))"
    r"(?!(?:true|false|(?:\d{1,6}(?:h|m|s|ms))+)(?:[\s\"',\]]|$))([^\s\"',\]]+)",
    re.IGNORECASE,
)
_FLOW_VALUE = re.compile(
    r"(name:\s*[\"']?[\w.-]*(?:pass|secret|token|credential|key)[\w.-]*[\"']?\s*,\s*value:\s*)([^,}]+)",
    re.IGNORECASE,
)
_SECRET_KIND = re.compile(r"^\"?kind\"?:\s*\"?Secret\"?\s*,?$")
_SECRET_DATA = frozenset(("data", "stringData"))
_BINARY = "binaryData"
_APPLIED = "last-applied-configuration"
_NEXT_ITEM = re.compile(
    r"""^[ \t]{0,80}(?:-[ \t]{1,9})?["']?--?([A-Za-z][\w.-]{1,60})["']?,?[ \t]{0,9}\n"""
    r"""[ \t]{0,80}(?:-[ \t]{1,9})?["']?([^\s"',#]{3,200})""",
    re.MULTILINE,
)
"""An option and its value as items of a list, each on its own line."""
_NAME_AND_VALUE = re.compile(
    r"""name\\{0,3}["']?\s{0,40}:\s{0,40}\\{0,3}["']?([\w.-]{1,100})\\{0,3}["']?\s{0,40},\s{0,40}"""
    r"""\\{0,3}["']?value\\{0,3}["']?\s{0,40}:\s{0,40}"""
    r"""(?:(\\{1,3}["'])(?P<escaped>.{1,2000}?)\2|"(?P<double>(?:[^"\\\n]|\\.){1,2000})"|'(?P<single>[^'\n]{1,2000})'|"""
    r"""(?P<bare>[^\s"',}\]]{1,2000}))"""
)
"""A variable with its value in one map of the flow form, also within a text in quotes."""
_ESCAPED = re.compile(r"\\\n[ \t]{0,80}\\?|\\{1,8}[nrt\"]")
_BEHIND_QUOTES = frozenset(("", *",:}])\\ \n"))
_SHORTEST = 6
"""A shorter value is not looked for elsewhere: it would be found in words."""
_SWITCH = re.compile(r"""["']?(?:true|false|null|(?:\d{1,6}(?:h|m|s|ms))+)["']?,?[ \t]*(?:#.*)?""")
"""What tells how something is done with a secret, but is none: a switch, or a length of time."""
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")


def masked(lines: list[str]) -> Iterator[str]:
    """The lines of one document with every value that may be a secret hidden."""
    text = "\n".join(lines)
    spans = [(match.start, match.end) for match in in_text(text)]
    values = {text[start:end] for start, end in spans}
    values |= {match[2] for match in _NEXT_ITEM.finditer(text) if promised(match[1])}
    values |= set(_in_quotes(text))
    shown = _without(text, spans).split("\n")
    hidden = sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True)
    for line in _by_line(shown):
        for value in hidden:
            line = line.replace(value, MASK)  # noqa: PLW2901 # one value after the other
        yield line


def _in_quotes(text: str) -> Iterator[str]:
    """Secrets in texts that stand in quotes: their lines end with escapes, and so do inner quotes."""
    for match in _NAME_AND_VALUE.finditer(text):
        if promised(match[1]) or _SECRET_NAME.search(match[1]):
            value = match[match.lastgroup or 0]
            if not _SWITCH.fullmatch(value):
                yield value
    if "\\" in text:
        plain = _ESCAPED.sub(_unescaped, text)
        for found in in_text(plain):
            yield text[found.start : found.end]


def _unescaped(match: re.Match[str]) -> str:
    """A line's end or a quote of the same length as its escape, so that places stay where they are."""
    length = len(match[0])
    if "\n" in match[0]:
        return " " * length
    if match[0][-1] != '"':
        return "\n".rjust(length)
    closes = match.string[match.end() : match.end() + 1] in _BEHIND_QUOTES
    return '"'.ljust(length) if closes else '"'.rjust(length)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with what stands in the spans, which are in order, hidden line by line."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += [text[at:start], "\n".join(_hidden(line) for line in text[start:end].split("\n"))]
        at = end
    return "".join((*parts, text[at:]))


def _hidden(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] + MASK if line.strip() else line


def _by_line(lines: list[str]) -> Iterator[str]:
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
            if ((is_secret and key in _SECRET_DATA) or key == _BINARY) and line.rstrip().endswith(":"):
                in_data = indent
            yield _inline(line)
            continue
        lead, key, value = match.groups()
        if key == "name":
            secret_variable = bool(_SECRET_NAME.search(value))
        named = secret_variable and not _SWITCH.fullmatch(value) if key == "value" else None
        hidden = in_data is not None or (_names_a_secret(key, value) if named is None else named)
        if is_secret and key.endswith(_APPLIED):
            hidden = True
        if ((is_secret and key in _SECRET_DATA) or key == _BINARY) and value[0] == "{":
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
    return value[0] not in "{[&*" and not _SWITCH.fullmatch(value)


def _inline(line: str) -> str:
    line = _USER_INFO.sub(rf"\1{MASK}@", line)
    line = _FLOW_VALUE.sub(rf"\1{MASK}", line)
    return _OPTION.sub(rf"\1{MASK}", line)

"""Names of hosts in settings: in URLs, in `host:port`, in values whose key says that they name a host.

A text is searched as a person would read it: a URL's host is what it is sent to, whatever stands around it; a
word alone names a host only where its key says so. What a program tells others (its public address, whom it
trusts) is no call of its own.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from casemate.analysis.expressions import Expression

PORTS = {
    "amqp": 5672,
    "amqps": 5671,
    "cassandra": 9042,
    "elasticsearch": 9200,
    "etcd": 2379,
    "ftp": 21,
    "git": 9418,
    "http": 80,
    "https": 443,
    "kafka": 9092,
    "ldap": 389,
    "ldaps": 636,
    "mariadb": 3306,
    "memcached": 11211,
    "mongodb": 27017,
    "mqtt": 1883,
    "mqtts": 8883,
    "mysql": 3306,
    "nats": 4222,
    "oracle": 1521,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
    "rediss": 6379,
    "sftp": 22,
    "smtp": 587,
    "smtps": 465,
    "sqlserver": 1433,
    "ssh": 22,
    "syslog": 514,
    "ws": 80,
    "wss": 443,
    "zookeeper": 2181,
}
"""The ports of protocols where none is said."""
LONGEST = 1 << 20
"""Characters of one value that are searched."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL}){{0,8}}\.?)"
_URL = Expression(
    rf"\b([A-Za-z][A-Za-z0-9+.-]{{0,20}})://(?:[^\s/@\"'<>]{{0,300}}@)?"
    rf"({_HOST}(?::\d{{1,5}})?(?:,{_HOST}(?::\d{{1,5}})?)*)"
)
_DOTTED = Expression(
    rf"(?<![\w.@:/-])({_LABEL}(?:\.{_LABEL}){{1,8}}\.?)(?::(\d{{1,5}})|[ \t]+(\d{{2,5}})\b)?(?![\w-])"
)
_WITH_PORT = Expression(rf"(?<![\w.@:/-])({_LABEL}):(\d{{2,5}})(?![\w.:-])")
_LINE = Expression(
    rf"^[ \t]*(?:- +)?[\"']?([A-Za-z][\w.-]{{0,100}})[\"']?[ \t]*[:=][ \t]*[\"']?({_HOST})(?::(\d{{1,5}}))?"
    r"[\"']?[ \t]*[,;]?[ \t]*$"
)
_PORT_LINE = Expression(
    r"^[ \t]*(?:- +)?[\"']?([\w.-]*port)[\"']?[ \t]*[:=][ \t]*[\"']?(\d{1,5})\b", re.IGNORECASE
)
_KEY = Expression(r"^[ \t]*(?:- +)?[\"']?([A-Za-z$][\w.-]{0,100})[\"']?[ \t]*[:=]")
_QUOTED_KEY = Expression(r"[\"']([A-Za-z$][\w.-]{0,100})[\"'][ \t]*:[^:]*$")
_COMMENT = Expression(r"^[ \t]*(?:#|//|;|--|<!--)")
_NAMES_HOST = Expression(
    r"(?:^|[_.-]|[a-z])(?:hosts?|hostname|addr|address|servers?|endpoints?|brokers?|upstream|url|uri|target|peers?|dsn)$",
    re.IGNORECASE,
)
_OTHER_WAY = Expression(
    r"public|external|base[-_.]?(?:url|uri)|origin|cors|allowed|redirect|callback|issuer|advertis|canonical|"
    r"website|homepage|listen|bind|server[-_.]?name|xmlns|schema|^\$|cookie|referr?er|support|docs?[-_.]?url",
    re.IGNORECASE,
)
_OWN = Expression(r"^(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])$")
_FILE = Expression(
    r"\.(?:ya?ml|json|toml|conf|cfg|ini|properties|xml|txt|log|sock|pid|pem|crt|key|db|sh|py|js|jar|html?|sql|md|"
    r"so|tmpl|gz|zip|tar)$",
    re.IGNORECASE,
)
_NUMBER = Expression(r"^[\d.]+$")
_ADDRESS = Expression(r"^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\])$")
_TOP = Expression(r"\.[A-Za-z]{2,}$")
_NEAR = 4


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A host that a text names. `key` is the setting it stands under.

    `certain` says that it is named as a host whatever it is: in a URL. Else only a Service or a name under a
    key for hosts is meant. `outward` is false where the text tells others of it.
    """

    host: str
    port: int | None
    key: str
    certain: bool
    outward: bool = True


def mentions(text: str, key: str, is_service: Callable[[str], bool]) -> Iterator[Mention]:
    """The hosts that the value of a setting names; `is_service` says of a name whether it is a Service.

    `key` is the name of the setting, which may hold a whole file.
    """
    lines = text[:LONGEST].splitlines()
    alone = len(lines) <= 1
    for number, line in enumerate(lines):
        if not alone and _COMMENT.match(line):
            continue
        seen: set[str] = set()
        for found in _in_line(line, key, is_service, alone=alone):
            if found.host not in seen and not _OWN.match(found.host):
                seen.add(found.host)
                yield _with_port(found, lines, number)


def _in_line(line: str, key: str, is_service: Callable[[str], bool], *, alone: bool) -> Iterator[Mention]:
    for match in _URL.finditer(line):
        here = key if alone else _key_before(line, match.start())
        scheme = match[1].lower().rpartition(":")[2]
        for host, port in _hosts(match[2]):
            yield Mention(
                host=host,
                port=port or PORTS.get(scheme),
                key=here,
                certain=True,
                outward=not _OTHER_WAY.search(here),
            )
    for match in _DOTTED.finditer(line):
        host = match[1].rstrip(".")
        if is_service(host):
            here = key if alone else _key_before(line, match.start())
            yield Mention(host=host, port=_number(match[2] or match[3]), key=here, certain=True)
    for match in _WITH_PORT.finditer(line):
        if is_service(match[1]):
            yield Mention(host=match[1], port=_number(match[2]), key=key, certain=True)
    yield from _bare(f"{key}={line}" if alone else line, is_service)


def _bare(line: str, is_service: Callable[[str], bool]) -> Iterator[Mention]:
    """A value that is a host and nothing else, under a key for hosts."""
    match = _LINE.match(line)
    if match is None or not _NAMES_HOST.search(match[1]):
        return
    host = match[2].rstrip(".")
    if _ADDRESS.match(host) or is_service(host) or _is_outside(host):
        port = _number(match[3]) or _usual(match[1], host)
        outward = not _OTHER_WAY.search(match[1])
        yield Mention(host=host, port=port, key=match[1], certain=False, outward=outward)


def _is_outside(host: str) -> bool:
    """Whether a word looks like the name of a host on the internet."""
    return bool(_TOP.search(host)) and not _FILE.search(host) and not _NUMBER.match(host)


def _usual(key: str, host: str) -> int | None:
    """The port of a protocol that the key or the name begins with: SMTP_HOST, sftp.example.com."""
    words = re.split(r"[^a-z0-9]+", f"{key.lower()} {host.lower().partition('.')[0]}")
    return next((PORTS[word] for word in words if word in PORTS), None)


def _with_port(found: Mention, lines: list[str], number: int) -> Mention:
    """The mention with the port that stands beside it, in the same part of a list or file."""
    if found.port is not None and found.certain:
        return found
    indent = _indent(lines[number])
    for near in (*_after(lines, number), *_before(lines, number)):
        match = _PORT_LINE.match(near) if _indent(near) == indent else None
        if match is not None:
            return msgspec.structs.replace(found, port=_number(match[2]) or found.port)
    return found


def _after(lines: list[str], number: int) -> Iterator[str]:
    """The next few lines, up to where another part begins."""
    for line in lines[number + 1 : number + _NEAR]:
        if _begins_part(line):
            return
        yield line


def _before(lines: list[str], number: int) -> Iterator[str]:
    """The few lines before, back to where the part begins."""
    for near in range(number - 1, max(number - _NEAR, -1), -1):
        if _begins_part(lines[near + 1]):
            return
        yield lines[near]


def _begins_part(line: str) -> bool:
    """Whether an entry of a list or a section begins."""
    return line.lstrip(" \t").startswith(("- ", "["))


def _indent(line: str) -> int:
    """Where a line begins, the dash of a list counted as space."""
    return len(line) - len(line.lstrip(" \t-"))


def _key_before(line: str, position: int) -> str:
    """The key of the value that begins at a position: the last one in quotes, or the line's."""
    match = _QUOTED_KEY.search(line[:position]) or _KEY.match(line[:position])
    return match[1] if match is not None else ""


def _hosts(text: str) -> Iterator[tuple[str, int | None]]:
    """The hosts of a URL, of which there may be several with commas between them."""
    for part in text.split(","):
        host, colon, port = part.rpartition(":")
        if not colon or not port.isdigit():
            host, port = part, ""
        yield host.rstrip("."), _number(port)


def _number(text: str | None) -> int | None:
    """A port; None for what is none."""
    number = int(text) if text else 0
    return number if 0 < number <= 65_535 else None

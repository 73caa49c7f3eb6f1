"""How lines write a secret down: assignments, options, headers, logins, and commands that take one.

Each expression has the groups `name` and the value (`double`, `single` or `bare`), or the value
`bare` alone where the form itself says that it is a secret. Repeats are bounded.
"""

import re

from casemate.analysis.expressions import Expression

ASSIGNED = Expression(
    r"(?<![\w.$%/-])-{0,2}[\"']?(?P<name>[A-Za-z_][\w.-]{1,80})[\"']?[ \t]{0,20}(?:=>|:=|=|:(?!:))[ \t]{0,20}"
    r"(?:\"(?P<double>[^\"]{0,1000})\"|'(?P<single>[^']{0,1000})'|"
    r"(?P<bare>[^\s,;\"'<>|&)\]}`]{1,1000}|<[^>]{0,80}>))"
)
OPTION = Expression(
    r"(?<![\w-])--(?P<name>[A-Za-z][\w-]{1,60})[ \t]{1,5}(?P<bare>[^\s\"'`;|&-][^\s\"'`;|&]{0,200})"
)
ELEMENT = Expression(r"<(?P<name>[A-Za-z][\w.:-]{1,60})>(?P<bare>[^<>\s]{1,200})</")
DEFINED = Expression(
    r"(?<!\w)define\([ \t]{0,5}[\"'](?P<name>\w{1,60})[\"'][ \t]{0,5},[ \t]{0,5}"
    r"(?:\"(?P<double>[^\"]{0,1000})\"|'(?P<single>[^']{0,1000})')"
)
NAMED = (ASSIGNED, OPTION, ELEMENT, DEFINED)
"""The name says whether the value is secret."""

_HEADER = Expression(
    r"authorization(?:[\"']?[ \t]{0,5}[:=][ \t]{0,5}[\"']?|[ \t]{1,5}[\"'])(?:bearer|basic|token)[ \t]{1,5}"
    r"(?P<bare>[A-Za-z0-9+/=_.~-]{8,2000})",
    re.IGNORECASE,
)
_LOGIN = Expression(
    r"(?<![\w-])(?:-u|--user)[ =\t]{1,3}[\"']?(?P<name>[\w.@-]{1,60}):(?P<bare>[^\s\"'`]{1,200})"
)
_COMMAND = Expression(
    r"(?<!\w)(?:(?:mysql|mysqldump|mysqladmin|mariadb)[ \t][^\n|;&]{0,200}?[ \t]-p|"
    r"sshpass[ \t]{1,3}-p[ \t]{0,3}|"
    r"(?:docker|podman|nerdctl|buildah)[ \t]{1,3}login[ \t][^\n|;&]{0,200}?(?<=[ \t])-p[ \t]{1,3}|"
    r"redis-cli[ \t][^\n|;&]{0,100}?(?<=[ \t])-a[ \t]{1,3}|"
    r"machine[ \t]{1,5}\S{1,200}[ \t]{1,5}login[ \t]{1,5}\S{1,200}[ \t]{1,5}password[ \t]{1,5})"
    r"(?P<bare>[^\s\"'`;|&]{3,80})"
)
PLAIN = ((_HEADER, "an Authorization header"), (_LOGIN, "a login"), (_COMMAND, "a password"))
"""The form says it."""

"""Secrets that are recognised by their form alone, each with the check that its format allows.

Sources: the documentation of each issuer, and the public rules of secret scanners for lengths and
alphabets. GitHub and npm end a token with the CRC-32 of what is before it, in base 62; a JWT's
header and payload are JSON; keys in base64 have a length. Expressions start at a fixed text and
have bounded repeats, so that time is linear in the text.
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.expressions import Expression
from casemate.analysis.secrets.checks import (
    Check,
    account_key,
    aws_pair,
    checksummed,
    client_key,
    jwt,
    login,
    password_hash,
    pem,
    plain,
    url,
)
from casemate.analysis.secrets.match import Match
from casemate.model.severity import Confidence, Severity

_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW


class _Format(msgspec.Struct, frozen=True):
    """A form: texts of which one must be there, the expression, and the check.

    The secret is the group `value`, or the whole match where there is none. `guard` stands in
    place of several texts that start alike: one pass instead of one for each.
    """

    literals: tuple[str, ...]
    guard: Expression | None
    form: Expression
    check: Check


def known(text: str) -> Iterator[Match]:
    """The secrets of known formats in a text, in no order."""
    for one in _FORMATS:
        if one.guard is None:
            for literal in one.literals:
                if literal in text:
                    yield from _found(one, text)
                    break
        elif one.guard.search(text) is not None:
            yield from _found(one, text)


def may_hold(text: str) -> bool:
    """Whether any format could be in a text: no more than its fixed beginnings are looked for."""
    for literal in _LITERALS:
        if literal in text:
            return True
    for guard in _GUARDS:  # noqa: SIM110 # a generator costs twice as much, and this runs on every container
        if guard(text) is not None:
            return True
    return False


def _found(one: _Format, text: str) -> Iterator[Match]:
    for match in one.form.finditer(text):
        weighed = one.check(match)
        if weighed is not None:
            kind, severity, confidence, why = weighed
            start, end = match.span("value" if "value" in one.form.pattern.groupindex else 0)
            yield Match(kind=kind, severity=severity, confidence=confidence, start=start, end=end, why=why)


def _form(literals: str, form: str, check: Check, flags: int = 0, guard: str | None = None) -> _Format:
    guarded = None if guard is None else Expression(guard)
    return _Format(tuple(literals.split()), guarded, Expression(form, flags), check)


_WORD, _END = r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])"
_FORMATS: tuple[_Format, ...] = (
    _form("AKIA ASIA",
          r"(?<![A-Z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Z0-9])[^A-Za-z0-9/+]{1,3}(?:[\w.\" -]{0,60}[^A-Za-z0-9/+])?"
          r"(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])", aws_pair),
    _form("AKIA",
          r"(?<![A-Z0-9])(?P<value>AKIA[A-Z2-7]{16})(?![A-Z0-9])",
          plain("the id of an AWS access key", _LOW)),
    _form("",
          rf"{_WORD}gh[pousr]_[A-Za-z0-9]{{36,255}}{_END}",
          checksummed("a GitHub token", _HIGH), guard=r"gh[pousr]_"),
    _form("github_pat_",
          rf"{_WORD}github_pat_[A-Za-z0-9]{{22}}_[A-Za-z0-9]{{59}}{_END}",
          plain("a GitHub token")),
    _form("",
          rf"{_WORD}gl(?:pat|ptt|dt|rt|cbt|oas)-[A-Za-z0-9_.-]{{20,300}}",
          plain("a GitLab token"), guard=r"gl(?:pat|ptt|dt|rt|cbt|oas)-"),
    _form("xox",
          rf"{_WORD}xox[abeoprs]-(?:[0-9]{{6,15}}-){{1,3}}[A-Za-z0-9-]{{10,80}}",
          plain("a Slack token")),
    _form("xapp-",
          rf"{_WORD}xapp-\d-[A-Z0-9]{{6,20}}-\d{{6,20}}-[a-z0-9]{{20,100}}",
          plain("a Slack token")),
    _form("hooks.slack.com",
          r"hooks\.slack\.com/(?:services|workflows)/(?P<value>T[A-Za-z0-9_]{6,15}/[AB][A-Za-z0-9_]{6,15}/[A-Za-z0-9_/]{16,60})",
          plain("a Slack webhook", _MEDIUM)),
    _form("k_live_",
          rf"{_WORD}[sr]k_live_[A-Za-z0-9]{{16,250}}{_END}",
          plain("a Stripe key", _CRITICAL)),
    _form("k_test_", rf"{_WORD}[sr]k_test_[A-Za-z0-9]{{16,250}}{_END}",
          plain("a Stripe key for tests", _LOW, Confidence.CERTAIN, "it moves no money")),
    _form("AIza",
          rf"{_WORD}AIza[A-Za-z0-9_-]{{35}}(?![A-Za-z0-9_-])",
          plain("a Google API key", _MEDIUM)),
    _form("GOCSPX-",
          rf"{_WORD}GOCSPX-[A-Za-z0-9_-]{{28}}(?![A-Za-z0-9_-])",
          plain("a Google OAuth client secret")),
    _form("",
          r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)",
          account_key, guard=r"A(?:ccount|ccess)Key="),
    _form("sig=",
          r"[?&]sig=(?P<value>[A-Za-z0-9%+/_-]{40,120}={0,2})",
          plain("a shared access signature of Azure", _HIGH, Confidence.LIKELY)),
    _form("eyJ",
          r"(?<![\w.-])(?P<header>eyJ[A-Za-z0-9_-]{8,1000})\.(?P<payload>eyJ[A-Za-z0-9_-]{4,8000})\.(?P<signature>[A-Za-z0-9_-]{0,2000})",
          jwt),
    _form("PRIVATE",
          r"-----BEGIN (?P<label>(?:[A-Z]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?)-----(?P<body>[^-]{20,20000})",
          pem),
    _form("npm_", rf"{_WORD}npm_[A-Za-z0-9]{{36}}{_END}", checksummed("an npm token", _HIGH)),
    _form("pypi-", rf"{_WORD}pypi-AgE[A-Za-z0-9_-]{{50,1000}}", plain("a PyPI token")),
    _form("dckr_", rf"{_WORD}dckr_[po]at_[A-Za-z0-9_-]{{24,60}}", plain("a Docker Hub token")),
    _form("hf_", rf"{_WORD}hf_[A-Za-z0-9]{{34}}{_END}", plain("a Hugging Face token")),
    _form("T3BlbkFJ",
          rf"{_WORD}sk-[A-Za-z0-9_-]{{16,100}}T3BlbkFJ[A-Za-z0-9_-]{{16,100}}",
          plain("an OpenAI key")),
    _form("sk-ant-",
          rf"{_WORD}sk-ant-[a-z]{{3,8}}\d\d-[A-Za-z0-9_-]{{80,120}}",
          plain("an Anthropic key")),
    _form("SG.", rf"{_WORD}SG\.[A-Za-z0-9_-]{{16,32}}\.[A-Za-z0-9_-]{{16,64}}", plain("a SendGrid key")),
    _form(":AA",
          r"(?<![\w:])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])",
          plain("the token of a Telegram bot")),
    _form("/api/webhooks/",
          r"discord(?:app)?\.com/api/webhooks/(?P<value>\d{15,20}/[A-Za-z0-9_-]{60,80})",
          plain("a Discord webhook", _MEDIUM)),
    _form("_v1_", rf"{_WORD}do[op]_v1_[a-f0-9]{{64}}{_END}", plain("a DigitalOcean token")),
    _form("", rf"{_WORD}hv[sbr]\.[A-Za-z0-9_-]{{24,200}}", plain("a Vault token"), guard=r"hv[sbr]\."),
    _form("AGE-SECRET-KEY-1",
          r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
          plain("a private key of age", _CRITICAL)),
    _form("://",
          r"://(?P<user>[^\s/:@\"'<>?#]{0,100}):(?P<value>[^\s/@\"'<>?#]{1,200})@[A-Za-z0-9\[$]",
          url),
    _form("auth",
          r"auth[\"']?\s{0,5}:\s{0,5}[\"']?(?P<value>[A-Za-z0-9+/]{8,1000}={0,2})(?![A-Za-z0-9+/=])",
          login),
    _form("client-key-data",
          r"client-key-data[\"']?\s{0,5}:\s{0,5}[\"']?(?P<value>[A-Za-z0-9+/]{40,20000}={0,2})",
          client_key),
    _form("",
          r"^[ \t]{0,20}[\w.@-]{1,60}:(?P<value>(?:\$(?:apr1|2[aby]|5|6)\$|\{SHA\})[A-Za-z0-9./$+=]{20,120})",
          password_hash, re.MULTILINE, r":(?:\$(?:apr1|2[aby]|5|6)\$|\{SHA\})"),
)  # fmt: skip
_LITERALS = tuple(dict.fromkeys(literal for one in _FORMATS for literal in one.literals))
_GUARDS = tuple(one.guard.search for one in _FORMATS if one.guard is not None)

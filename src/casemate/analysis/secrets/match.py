"""What was recognised in a text. The value itself is for masking only: no answer may show it."""

import msgspec

from casemate.model.severity import Confidence, Severity


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A secret in a text: what it is, how bad that is, and where its value stands.

    `kind` completes "holds ...". `name` is the name the value was given, where one decided.
    """

    kind: str
    severity: Severity
    confidence: Confidence
    start: int
    end: int
    name: str | None = None
    why: str = ""

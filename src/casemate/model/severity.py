"""How bad a fault is, and how sure we are of it: two separate scales."""

import enum


class Severity(enum.IntEnum):
    """What the facts allow an attacker to do; a higher number is worse."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The lower-case name used in every output and on the command line."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Severity":
        """The severity of that name; `KeyError` where there is none."""
        return cls[word.upper()]


class Confidence(enum.StrEnum):
    """How sure the answer is, given what was read."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

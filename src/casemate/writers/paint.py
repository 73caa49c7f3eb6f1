"""Colour for terminals, or none."""

import re

from casemate.model.severity import Severity

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SEVERITIES = {
    Severity.CRITICAL: "1;31",
    Severity.HIGH: "31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "2",
}


def plain(text: str) -> str:
    """Text without what a terminal would obey or reorder: no manifest shall forge the answer about it."""
    return _CONTROL.sub("\ufffd", text)


class Paint:
    """Wraps text in terminal codes when colour is on."""

    def __init__(self, *, on: bool) -> None:
        self.on = on

    def bold(self, text: str) -> str:
        """A heading."""
        return self._code("1", text)

    def dim(self, text: str) -> str:
        """Something of less weight."""
        return self._code("2", text)

    def good(self, text: str) -> str:
        """Good news."""
        return self._code("32", text)

    def place(self, text: str) -> str:
        """A file, line and column."""
        return self._code("4", text)

    def severity(self, severity: Severity, text: str) -> str:
        """Text in the colour of a severity."""
        return self._code(_SEVERITIES[severity], text)

    def _code(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self.on else text

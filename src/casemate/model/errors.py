"""The one tree of errors: every message says what went wrong, where, and what to do.

CasemateError
├── UsageError          the command was called wrongly (exit status 2)
│   └── SettingsError   casemate.yaml says something that cannot be followed
├── ReadError           an input, or a part of one, could not be read (exit status 3)
└── ControlError        a control is declared wrongly: a mistake of its author
"""


class CasemateError(Exception):
    """Something a person can act on; `str()` of it is the whole message."""


class UsageError(CasemateError):
    """The command was called in a way that cannot be carried out."""


class SettingsError(UsageError):
    """A settings file holds a key or a value that cannot be followed."""


class ReadError(CasemateError):
    """A text could not be read, at a place inside it.

    `line` and `column` count from 1 and belong to the text that was given to the reader.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class ControlError(CasemateError):
    """A control does not follow the rules for controls (see CONTRIBUTING.md)."""

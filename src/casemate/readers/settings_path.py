"""Where the settings of a target are."""

import os

NAME = "casemate.yaml"


def find_settings(target: str) -> str | None:
    """The path of the settings that hold for a target: in its folder or the nearest above."""
    folder = os.path.abspath(target)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    while not os.path.isfile(os.path.join(folder, NAME)):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return os.path.join(folder, NAME)


def user_settings_path() -> str:
    """Where a user's own settings are, whatever is judged; the file need not be there.

    A relative `XDG_CONFIG_HOME` is passed over, as the XDG Base Directory Specification says: it could lead
    into what is judged.
    """
    base = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(base, "casemate", NAME)

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

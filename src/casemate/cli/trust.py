"""Whose own rules are run: rules are code, and code beside what is judged may be a stranger's."""

import os

import msgspec

from casemate.controls import catalogue
from casemate.model.settings import Settings
from casemate.readers.rules import load
from casemate.readers.user_file import UserSettings, read_user_settings


def load_trusted(settings: Settings, user_path: str, *, asked: bool) -> Settings:
    """Load the rules that the user's own word allows, and note in the settings which were not run.

    Allowed are those of the user's own file, of a file that was named with `--settings`, of one
    in a folder that the user's file trusts, and all where the user `asked` for it.
    """
    user = read_user_settings(user_path)
    folders = user.rules
    notes = settings.notes
    if settings.rules and (asked or settings.named or is_trusted(settings.source, user)):
        folders += settings.rules
    elif settings.rules:
        notes += (_note(settings, user_path),)
    catalogue.add_own(())
    if folders:
        taken = [control.id for control in catalogue.all_controls()]
        catalogue.add_own(rule.control for rule in load(folders, taken))
    return msgspec.structs.replace(settings, rules=folders, notes=notes)


def is_trusted(source: str | None, user: UserSettings) -> bool:
    """Whether the user's own file trusts the folder that a settings file is in."""
    if source is None:
        return False
    file = os.path.realpath(source)
    return any(file.startswith(os.path.join(os.path.realpath(folder), "")) for folder in user.trusted)


def _note(settings: Settings, user_path: str) -> str:
    names = ", ".join(os.path.normpath(os.path.relpath(folder)) for folder in settings.rules)
    source = os.path.relpath(settings.source or "")
    return (
        f"The rules in {names} were not run, since {source} was found beside what is judged and rules are "
        f"code: allow them with --trust-rules, with --settings {source}, or under trusted: in {user_path}"
    )

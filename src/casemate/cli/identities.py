"""Which sources of users and groups are read: one that a stranger may have named is not.

A `casemate.yaml` that was found beside what is judged may list names, and name files beside itself. It may
not send a password or a question anywhere, nor read what lies elsewhere: see docs/decisions/0006.
"""

import os
from collections.abc import Iterable

import msgspec

from casemate.cli.trust import is_trusted
from casemate.model.identities import SourceSetting
from casemate.model.settings import Settings
from casemate.readers.identity_settings import named
from casemate.readers.user_file import read_user_settings

_WITHHELD = "it was not asked, since nobody but the settings beside the target names it"


def with_identities(settings: Settings, given: Iterable[str], user_path: str) -> Settings:
    """The settings with the sources that may be read, those of the command line included.

    A source that is not read stays as one that may know anybody, and a note says so.
    Raises `UsageError` for a word of the command line that names no source.
    """
    sources = settings.identities
    notes = settings.notes
    if sources and not (settings.named or is_trusted(settings.source, read_user_settings(user_path))):
        kept = tuple(_confined(source, settings.source or "") for source in sources)
        refused = [source for source in kept if source.withheld]
        if refused:
            notes += (_note(refused, settings.source or ""),)
        sources = kept
    sources += tuple(source for value in given for source in named(value))
    return msgspec.structs.replace(settings, identities=sources, notes=notes)


def _confined(setting: SourceSetting, source: str) -> SourceSetting:
    """The source as it is, or withheld where it is a server or lies outside the folder of the settings."""
    inside = os.path.join(os.path.realpath(os.path.dirname(source) or "."), "")
    harmless = setting.names is not None or (
        setting.ldap is None and os.path.join(os.path.realpath(setting.path), "").startswith(inside)
    )
    return setting if harmless else msgspec.structs.replace(setting, withheld=_WITHHELD)


def _note(refused: list[SourceSetting], source: str) -> str:
    sorts = ", ".join(dict.fromkeys(setting.sort.replace("_", "-") for setting in refused))
    shown = os.path.relpath(source)
    return (
        f"The sources of users and groups under identities ({sorts}) were not asked, since {shown} was found "
        f"beside what is judged: name it with --settings {shown}, or give the source with --identities"
    )

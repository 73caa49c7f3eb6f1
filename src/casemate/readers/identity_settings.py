"""Sources of users and groups as people name them: in `casemate.yaml`, in a file of their own, in a word."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from casemate.model.errors import ReadError, SettingsError, UsageError
from casemate.model.identities import KINDS, SORTS, Ldap, Search, SourceSetting
from casemate.readers import yaml_text
from casemate.readers.form_errors import in_words
from casemate.readers.identities import address, filters

_KEYS = tuple(key for key in SourceSetting.__struct_encode_fields__ if key != "withheld")
_PATHS = ("ldif", "csv", "scim", "certificates", "aws_auth")
_WORDS = tuple(name.replace("_", "-") for name in SORTS)
_BY_ENDING = {
    ".ldif": "ldif",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "scim",
    ".pem": "certificates",
    ".crt": "certificates",
    ".cer": "certificates",
}
_WITH_ATTRIBUTES = ("ldif", "csv", "scim")
_YAML = (".yaml", ".yml")
_LONGEST_WAIT = 600
_LARGEST_PAGE = 100_000
_LARGEST = 1024 * 1024


def identities(items: Iterable[Any], path: str) -> Iterator[SourceSetting]:
    """The sources of a list in a settings file, with paths that can be opened.

    Raises `SettingsError` that names the file and the entry.
    """
    folder = os.path.dirname(path)
    for number, item in enumerate(items, 1):
        where = f"{path}: identities[{number}]"
        if not isinstance(item, dict) or not set(item) & set(_WORDS):
            raise SettingsError(f"{where}: a map with one of {', '.join(_WORDS)} is expected")
        if "withheld" in item:
            raise SettingsError(f"{where}: there is no key withheld; keys are {', '.join(_KEYS)}")
        try:
            setting = msgspec.convert(item, SourceSetting)
            yield _checked(setting, folder)
        except msgspec.ValidationError as error:
            raise SettingsError(f"{where}: {in_words(error)}") from error
        except UsageError as error:
            raise SettingsError(f"{where}: {error}") from error


def named(value: str) -> tuple[SourceSetting, ...]:
    """The sources that one word of the command line names: an address, an export, a folder, a list in YAML.

    Raises `UsageError` for what is none of them or is not there.
    """
    if value.lower().startswith(("ldap://", "ldaps://")):
        return (_checked(SourceSetting(ldap=Ldap(url=value)), ""),)
    if not os.path.exists(value):
        raise UsageError(f"there is no {value}: --identities takes a file, a folder or ldaps://host")
    if os.path.isdir(value):
        return (SourceSetting(certificates=value),)
    ending = os.path.splitext(value)[1].lower()
    if ending in _YAML:
        return _listed(value)
    if ending not in _BY_ENDING:
        known = ", ".join((*_BY_ENDING, *_YAML))
        raise UsageError(f"{value}: what it holds is told by its ending, one of {known}")
    return (msgspec.convert({_BY_ENDING[ending]: value}, SourceSetting),)


def _listed(path: str) -> tuple[SourceSetting, ...]:
    """The sources of a file with a list of them, or with the key `identities`."""
    with open(path, "rb") as file:
        data = file.read(_LARGEST)
    try:
        trees = [tree for chunk in yaml_text.split(data) for tree in yaml_text.read(chunk)]
    except ReadError as error:
        raise SettingsError(f"{path}:{error.line}:{error.column}: {error}") from error
    content: Any = next((tree.value for tree in trees if isinstance(tree, yaml_text.Tree)), None)
    if isinstance(content, dict) and set(content) == {"identities"}:
        content = content["identities"]
    if not isinstance(content, list):
        raise SettingsError(f"{path}: a list of sources is expected, or a map with the key identities")
    return tuple(identities(content, path))


def _checked(setting: SourceSetting, folder: str) -> SourceSetting:
    sorts = tuple(setting.sorts())
    if len(sorts) != 1:
        found = " and ".join(sorts).replace("_", "-")
        raise UsageError(f"one source is expected in an entry, not {found or 'none'}")
    for word in setting.complete:
        if word not in KINDS:
            raise UsageError(f"complete: {word!r} is neither {' nor '.join(KINDS)}")
    if setting.sort not in _WITH_ATTRIBUTES and (setting.user_attribute or setting.group_attribute):
        what = "those of ldap stand in users.attribute and groups.attribute"
        raise UsageError(f"user-attribute and group-attribute are for {', '.join(_WITH_ATTRIBUTES)}; {what}")
    changes: dict[str, Any] = {
        key: _opened(getattr(setting, key), folder) for key in _PATHS if getattr(setting, key)
    }
    if setting.ldap is not None:
        changes["ldap"] = _server(setting.ldap, folder)
    return msgspec.structs.replace(setting, **changes)


def _server(setting: Ldap, folder: str) -> Ldap:
    where = address.parse(setting.url)
    if setting.start_tls and where.tls:
        raise UsageError("ldap.start-tls: an ldaps:// address is under TLS already")
    if setting.start_tls is False and not where.tls and not where.is_here:
        raise UsageError("ldap.start-tls: only a server on this machine is talked to in the clear")
    if not 0 < setting.timeout <= _LONGEST_WAIT:
        raise UsageError(f"ldap.timeout: between 0 and {_LONGEST_WAIT} seconds are possible")
    if not 0 < setting.page_size <= _LARGEST_PAGE:
        raise UsageError(f"ldap.page-size: between 1 and {_LARGEST_PAGE:,} entries are possible")
    if setting.groups.member_of:
        raise UsageError("ldap.groups.member-of: which users may log in stands in ldap.users.member-of")
    for search in (setting.users, setting.groups, Search(filter=where.filter)):
        if search.filter:
            filters.encode(search.filter)
    return msgspec.structs.replace(
        setting,
        password_file=_opened(setting.password_file, folder),
        ca_file=_opened(setting.ca_file, folder),
    )


def _opened(name: str, folder: str) -> str:
    """A path as it can be opened; empty where none is given."""
    return os.path.join(folder, os.path.expanduser(name)) if name else ""

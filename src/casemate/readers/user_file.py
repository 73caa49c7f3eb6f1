"""A user's own settings, which hold whatever is judged: whom to trust, and rules for everything."""

import os
from typing import Any

import msgspec

from casemate.model.errors import ReadError, SettingsError
from casemate.readers import yaml_text
from casemate.readers.form_errors import in_words


class UserSettings(msgspec.Struct, frozen=True):
    """Folders whose `casemate.yaml` may name rules, and folders of rules; as paths that can be opened."""

    trusted: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class _Form(msgspec.Struct, forbid_unknown_fields=True):
    trusted: str | tuple[str, ...] = ()
    rules: str | tuple[str, ...] = ()


def read_user_settings(path: str) -> UserSettings:
    """The settings of a user's own file; the defaults where there is none.

    Raises `SettingsError` that says what may stand there.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return UserSettings()
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    try:
        trees = [tree for chunk in yaml_text.split(data) for tree in yaml_text.read(chunk)]
        content: Any = next((tree.value for tree in trees if isinstance(tree, yaml_text.Tree)), {})
        form = msgspec.convert(content, _Form)
    except ReadError as error:
        raise SettingsError(f"{path}:{error.line}:{error.column}: {error}") from error
    except msgspec.ValidationError as error:
        keys = "keys of this file are trusted and rules, each a folder or a list of folders"
        raise SettingsError(f"{path}: {keys} ({in_words(error)})") from error
    return UserSettings(_folders(form.trusted, path), _folders(form.rules, path))


def _folders(names: str | tuple[str, ...], path: str) -> tuple[str, ...]:
    listed = (names,) if isinstance(names, str) else names
    return tuple(os.path.join(os.path.dirname(path), os.path.expanduser(name)) for name in listed)

"""The `waivers` of `casemate.yaml`, checked key by key, each error at its own line."""

import os
from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.model.errors import ReadError, SettingsError
from casemate.model.place import Document, Position
from casemate.model.waiver import Waiver
from casemate.readers.form_errors import in_words
from casemate.readers.positions import Locator
from casemate.readers.settings_file import suggestion
from casemate.readers.waiver_words import check_control, date


class _Form(msgspec.Struct, forbid_unknown_fields=True):
    """One waiver as people write it."""

    control: str | tuple[str, ...]
    owner: str
    reason: str
    until: str
    subject: str | None = None
    container: str | None = None
    path: str | None = None


def waivers(items: tuple[Any, ...], data: bytes, file: str) -> Iterator[Waiver]:
    """The waivers in the text of a settings file. Raises `SettingsError` with the line."""
    locator, document = Locator(), Document(file, text=data)
    inside = os.path.relpath(file)
    shown = file if inside.startswith("..") else inside
    for index, item in enumerate(items):
        position = locator.place(document, ("waivers", index))
        try:
            yield _waiver(item, shown, position)
        except ReadError as error:
            raise SettingsError(f"{file}:{position.line}: {error}") from error
        except msgspec.ValidationError as error:
            raise SettingsError(f"{file}:{position.line}: {in_words(error)}") from error


def check_controls(waivers: tuple[Waiver, ...], known: tuple[str, ...]) -> None:
    """Raise `SettingsError` for a waiver of a control that is none of the `known` ones."""
    for waiver in waivers:
        try:
            for name in waiver.controls:
                check_control(name, known)
        except ReadError as error:
            raise SettingsError(f"{waiver.where}: {error}") from error


def _waiver(item: Any, file: str, position: Position) -> Waiver:
    keys = _Form.__struct_encode_fields__
    if not isinstance(item, dict):
        raise ReadError(f"a waiver is a map; keys are {', '.join(keys)}")
    for key in item:
        if key not in keys:
            hint = suggestion(key, keys) or f"; keys are {', '.join(keys)}"
            raise ReadError(f"a waiver has no key {key}{hint}")
    for key in ("control", "owner", "reason", "until"):
        if item.get(key) in (None, "", []):
            raise ReadError(f"a waiver needs {key}")
    form = msgspec.convert(item, _Form)
    controls = (form.control,) if isinstance(form.control, str) else form.control
    for name in controls:
        check_control(name, ())
    return Waiver(
        controls=controls,
        until=date(form.until),
        reason=form.reason.strip(),
        owner=form.owner.strip(),
        subject=None if form.subject is None else _subject(form.subject),
        container=form.container,
        path=form.path,
        file=file,
        line=position.line,
        column=position.column,
    )


def _subject(text: str) -> tuple[str, str, str]:
    parts = text.split("/")
    if len(parts) != 3 or not parts[1] or not parts[2]:
        raise ReadError(
            f"subject {text[:80]} is not NAMESPACE/KIND/NAME, such as shop/Deployment/cart, "
            "*/DaemonSet/calico-*, or /ClusterRole/edit for what has no namespace"
        )
    return parts[0], parts[1], parts[2]

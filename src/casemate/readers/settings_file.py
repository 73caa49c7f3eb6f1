"""`casemate.yaml`: found upwards from a target, checked key by key."""

import os
from typing import TYPE_CHECKING, Any

import msgspec

from casemate.model.errors import ReadError, SettingsError, UsageError
from casemate.model.platform import AUTO, PLATFORMS, Platform
from casemate.model.settings import Registries, Settings, Teams
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers import yaml_text
from casemate.readers.form_errors import in_words

if TYPE_CHECKING:
    from casemate.model.identities import SourceSetting
    from casemate.model.waiver import Waiver


class _Form(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    """The file as people write it."""

    kubernetes: str | float = str(NEWEST)
    registries: Registries = Registries()
    disable: tuple[str, ...] = ()
    severities: dict[str, str] = {}
    exclude: tuple[str, ...] = ()
    complete: bool | tuple[str, ...] = False
    owners: tuple[str, ...] = ()
    platform: str | Platform = Platform()
    teams: Teams = Teams()
    fail_on: str = "high"
    waivers: tuple[Any, ...] = ()
    rules: str | tuple[str, ...] = ()
    identities: tuple[Any, ...] = ()
    cni: str = ""


_BARS = ("critical", "high", "medium", "low", "none")
_PARTS: dict[str, type[msgspec.Struct]] = {"registries": Registries, "platform": Platform, "teams": Teams}


def read_settings(path: str, known: tuple[str, ...] = ()) -> Settings:
    """Read and check a settings file; `known` are the ids of all controls.

    Raises `SettingsError` that names the file, the key and what may stand there.
    """
    try:
        with open(path, "rb") as file:
            return parse_settings(file.read(), path, known)
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or str(error)).lower()}") from error


def parse_settings(data: bytes, path: str, known: tuple[str, ...] = ()) -> Settings:
    """The settings of a text; see `read_settings`."""
    try:
        trees = [tree for chunk in yaml_text.split(data) for tree in yaml_text.read(chunk)]
    except ReadError as error:
        raise SettingsError(f"{path}:{error.line}:{error.column}: {error}") from error
    found = [tree for tree in trees if isinstance(tree, yaml_text.Tree)]
    if len(found) > 1:
        raise SettingsError(
            f"{path}:{found[1].line}: one document of settings is expected, this is a second one"
        )
    content: Any = found[0].value if found else {}
    for twice in (place for tree in found for place in tree.duplicates):
        raise SettingsError(f"{path}: {'.'.join(map(str, twice))} is given twice")
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: a map of settings is expected; keys are {', '.join(_keys(_Form))}")
    _check_keys(content, _Form, path, "")
    for key, part in _PARTS.items():
        if isinstance(content.get(key), dict):
            _check_keys(content[key], part, path, f"{key}.")
    try:
        form = msgspec.convert(content, _Form)
        settings = Settings(
            kubernetes=KubernetesVersion.parse(_release(form.kubernetes)),
            kubernetes_given="kubernetes" in content,
            registries=form.registries,
            disabled=frozenset(form.disable),
            severities={name: severity(word) for name, word in form.severities.items()},
            exclude=form.exclude,
            complete=_complete(form.complete),
            owners=form.owners,
            platform=_platform(form.platform),
            teams=form.teams,
            fail_on=_bar(form.fail_on),
            waivers=_waivers(form.waivers, data, path),
            rules=_rules(form.rules, path),
            identities=_identities(form.identities, path),
            cni=network_plugin(form.cni),
            source=path,
        )
    except SettingsError:
        raise
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {in_words(error)}") from error
    except UsageError as error:
        raise SettingsError(f"{path}: {error}") from error
    if known:
        check_names(settings, known)
    return settings


def check_names(settings: Settings, known: tuple[str, ...]) -> None:
    """Raise `SettingsError` where settings name a control that is none of the `known` ones."""
    for name in (*settings.disabled, *settings.severities):
        if name not in known:
            raise SettingsError(f"{settings.source}: there is no control {name}{suggestion(name, known)}")
    if settings.waivers:
        from casemate.readers.waiver_settings import check_controls  # noqa: PLC0415 # start-up

        check_controls(settings.waivers, known)


def _waivers(items: tuple[Any, ...], data: bytes, path: str) -> "tuple[Waiver, ...]":
    if not items:
        return ()
    from casemate.readers.waiver_settings import waivers  # noqa: PLC0415 # start-up: most files have none

    return tuple(waivers(items, data, path))


def _identities(items: tuple[Any, ...], path: str) -> "tuple[SourceSetting, ...]":
    if not items:
        return ()
    from casemate.readers.identity_settings import identities  # noqa: PLC0415 # start-up: as above

    return tuple(identities(items, path))


def network_plugin(name: str) -> str:
    """The name of a network plugin, checked. Raises `UsageError` with the names there are."""
    if name:
        from casemate.analysis.network.plugins.enforcement import profile  # noqa: PLC0415 # start-up: few name one

        profile(name)
    return name


def _rules(folders: str | tuple[str, ...], path: str) -> tuple[str, ...]:
    """The folders of own rules, from the folder of the settings file."""
    names = (folders,) if isinstance(folders, str) else folders
    return tuple(os.path.join(os.path.dirname(path), os.path.expanduser(name)) for name in names)


def _bar(word: str) -> Severity | None:
    """The severity that fails a run. Raises `UsageError` for what is none of the words for it."""
    if word.lower() in _BARS:
        return None if word.lower() == "none" else severity(word)
    raise UsageError(f"fail-on: {word!r} is not one of {', '.join(_BARS)}")


def severity(word: str) -> Severity:
    """The severity of that name. Raises `UsageError` with the names there are."""
    try:
        return Severity.of(word)
    except KeyError:
        names = ", ".join(item.word for item in reversed(Severity))
        raise UsageError(f"{word!r} is no severity: it is one of {names}") from None


def suggestion(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean ...?` for a word that resembles a known one, else nothing."""
    import difflib  # noqa: PLC0415 # only for a slip

    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else ""


def _release(value: str | float) -> str:
    """The text of a release; a number that lost a zero is refused, since 1.30 is 1.3 to YAML."""
    text = str(value)
    if isinstance(value, float) and len(text.partition(".")[2]) < 2:
        raise UsageError(f'kubernetes: {text} may have lost a zero: write it in quotes, as "1.30"')
    return text


def _platform(value: str | Platform) -> Platform:
    """The platform of the settings, whose name is checked; what `auto` finds is not for people to write."""
    platform = Platform(name=value) if isinstance(value, str) else value
    names = (*PLATFORMS, AUTO)
    if platform.name not in names:
        raise UsageError(
            f"platform: there is no {platform.name}"
            f"{suggestion(platform.name, names) or '; it is one of ' + ', '.join(names)}"
        )
    return msgspec.structs.replace(platform, because=())


def _complete(value: bool | tuple[str, ...]) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset(("*",)) if value else frozenset()
    return frozenset(value)


def _check_keys(content: dict[str, Any], form: type[msgspec.Struct], path: str, prefix: str) -> None:
    keys = _keys(form)
    for key in content:
        if key not in keys:
            hint = suggestion(key, keys) or f"; keys are {', '.join(keys)}"
            raise SettingsError(f"{path}: there is no setting {prefix}{key}{hint}")


def _keys(form: type[msgspec.Struct]) -> tuple[str, ...]:
    return form.__struct_encode_fields__

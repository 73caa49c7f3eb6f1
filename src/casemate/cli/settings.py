"""The settings of a run: `casemate.yaml`, overruled by options."""

import os
from collections.abc import Callable
from typing import Any

import click
import msgspec

from casemate.cli.completion import files
from casemate.model.errors import UsageError
from casemate.model.platform import AUTO, PLATFORMS, Platform
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from casemate.readers.settings_path import find_settings, user_settings_path

_TRUST = "casemate.trust_rules"
_IDENTITIES = "casemate.identities"
_AUDIT_LOGS = "casemate.audit_logs"
_CNI = "casemate.cni"
_PEOPLE = frozenset({"User", "Group"})
"""Kinds of which `complete` speaks about the sources of identities, and not about the target."""
_BARS = ("critical", "high", "medium", "low", "none")


def kubernetes_option(command: Any) -> Any:
    """`--kubernetes X.Y`."""
    return click.option(
        "--kubernetes", metavar="X.Y", help="The release whose rules hold (default: newest)."
    )(command)


def bar_options(command: Any) -> Any:
    """`--fail-on` and `--allow-unreadable`."""
    command = click.option(
        "--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read."
    )(command)
    return click.option(
        "--fail-on", type=click.Choice(_BARS), help="Severity that ends with status 1 (default: high)."
    )(command)


def platform_option(command: Any) -> Any:
    """`--platform NAME`."""
    return click.option(
        "--platform", type=click.Choice((*PLATFORMS, AUTO)), help="Who runs it decides who must act."
    )(command)


def on_platform(settings: Settings, name: str | None) -> Settings:
    """The settings with the platform of that name; what they say of it holds while the name is the same."""
    if name is None or name == settings.platform.name:
        return settings
    return msgspec.structs.replace(settings, platform=Platform(name=name))


def settings_option(command: Any) -> Any:
    """`--settings FILE`."""
    return click.option(
        "--settings",
        "settings_file",
        metavar="FILE",
        help="Default: casemate.yaml of the target or above.",
        shell_complete=files,
    )(command)


def rules_option(command: Any) -> Any:
    """`--trust-rules`: what it says is looked up by `settle`."""
    return click.option(
        "--trust-rules",
        is_flag=True,
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.update({_TRUST: value}),
        help="Run the own rules that a casemate.yaml beside the target names.",
    )(command)


def identities_option(command: Any) -> Any:
    """`--identities SOURCE`: what it names is looked up by `settle`."""
    return click.option(
        "--identities",
        multiple=True,
        metavar="SOURCE",
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.update({_IDENTITIES: value}),
        help="Who exists: an export, certificates, a list of sources, or ldaps://HOST.",
    )(command)


def audit_log_option(command: Any) -> Any:
    """`--audit-log FILE`: `settle` puts it into the settings."""
    return click.option(
        "--audit-log",
        multiple=True,
        metavar="FILE",
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.update({_AUDIT_LOGS: value}),
        help="What the API server logged, to say which rights are used.",
        shell_complete=files,
    )(command)


def cni_option(command: Any) -> Any:
    """`--cni NAME`: `settle` puts it into the settings."""
    return click.option(
        "--cni",
        metavar="NAME[@VERSION]",
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.update({_CNI: value}),
        help="The network plugin, such as calico or cilium@1.16 (default: as recognised).",
    )(command)


def control_ids() -> tuple[str, ...]:
    """The ids of all controls, own rules included once `settle` has loaded them."""
    from casemate.controls.catalogue import all_controls  # noqa: PLC0415 # start-up: only where names are given

    return tuple(control.id for control in all_controls())


def settle(
    targets: tuple[str, ...],
    settings_file: str | None,
    kubernetes: str | None,
    fail_on: str | None = None,
    known: Callable[[], tuple[str, ...]] = tuple,
    *,
    own: bool = True,
) -> Settings:
    """The settings for targets; `own` loads the team's own rules where they are trusted.

    A command that judges nothing has no use for these, nor for sources of users and groups.

    Raises `SettingsError` or `UsageError` in one sentence.
    """
    found = {settings_file} if settings_file else {find_settings(target) for target in targets}
    found.discard(None)
    if len(found) > 1:
        names = " and ".join(sorted(map(str, found)))
        raise UsageError(f"the targets have different settings, {names}: choose one with --settings")
    settings = _read(str(found.pop())) if found else Settings()
    if settings_file:
        settings = msgspec.structs.replace(settings, named=True)
    elif settings.complete and not any(_holds_all(target, settings) for target in targets):
        settings = msgspec.structs.replace(settings, complete=settings.complete & _PEOPLE)
    if own:
        settings = _with_rules(settings)
    settings = _with_identities(settings) if own else msgspec.structs.replace(settings, identities=())
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get(_AUDIT_LOGS):
        settings = msgspec.structs.replace(settings, audit_logs=context.meta[_AUDIT_LOGS])
    if context is not None and context.meta.get(_CNI):
        settings = _on_network(settings, context.meta[_CNI])
    if settings.disabled or settings.severities or settings.waivers:
        _check(settings, known())
    if kubernetes is not None:
        version = KubernetesVersion.parse(kubernetes)
        settings = msgspec.structs.replace(settings, kubernetes=version, kubernetes_given=True)
    if fail_on is not None:
        bar = None if fail_on == "none" else Severity.of(fail_on)
        settings = msgspec.structs.replace(settings, fail_on=bar)
    return settings


def _holds_all(target: str, settings: Settings) -> bool:
    """Whether a target is the whole folder that a settings file speaks of, and not a part of it."""
    folder = os.path.dirname(os.path.realpath(settings.source or ""))
    return os.path.realpath(target) == folder


def _read(path: str) -> Settings:
    from casemate.readers.settings_file import read_settings  # noqa: PLC0415 # start-up: most targets have none

    return read_settings(path)


def _on_network(settings: Settings, plugin: str) -> Settings:
    from casemate.readers.settings_file import network_plugin  # noqa: PLC0415 # start-up: as above

    return msgspec.structs.replace(settings, cni=network_plugin(plugin))


def _check(settings: Settings, known: tuple[str, ...]) -> None:
    from casemate.readers.settings_file import check_names  # noqa: PLC0415 # start-up: as above

    if known and not settings.notes:  # a name may be that of a rule that was not loaded
        check_names(settings, known)


def _with_rules(settings: Settings) -> Settings:
    """The settings with the folders of rules that were loaded, or with a note that they were not."""
    context = click.get_current_context(silent=True)
    user = user_settings_path()
    if not settings.rules and not os.path.isfile(user):
        return settings
    from casemate.cli.trust import load_trusted  # noqa: PLC0415 # start-up: few have rules of their own

    return load_trusted(settings, user, asked=bool(context and context.meta.get(_TRUST)))


def _with_identities(settings: Settings) -> Settings:
    """The settings with the sources of users and groups that may be read."""
    context = click.get_current_context(silent=True)
    given = context.meta.get(_IDENTITIES, ()) if context else ()
    if not settings.identities and not given:
        return settings
    from casemate.cli.identities import with_identities  # noqa: PLC0415 # start-up: few have any

    return with_identities(settings, given, user_settings_path())

"""The settings of a run: `casemate.yaml`, overruled by options."""

from collections.abc import Callable
from typing import Any

import click
import msgspec

from casemate.cli.completion import files
from casemate.model.errors import UsageError
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from casemate.readers.settings_path import find_settings

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


def settings_option(command: Any) -> Any:
    """`--settings FILE`."""
    return click.option(
        "--settings",
        "settings_file",
        metavar="FILE",
        help="Default: casemate.yaml of the target or above.",
        shell_complete=files,
    )(command)


def settle(
    targets: tuple[str, ...],
    settings_file: str | None,
    kubernetes: str | None,
    fail_on: str | None = None,
    known: Callable[[], tuple[str, ...]] = tuple,
) -> Settings:
    """The settings for targets. Raises `SettingsError` or `UsageError` in one sentence."""
    found = {settings_file} if settings_file else {find_settings(target) for target in targets}
    found.discard(None)
    if len(found) > 1:
        names = " and ".join(sorted(map(str, found)))
        raise UsageError(f"the targets have different settings, {names}: choose one with --settings")
    settings = _read(str(found.pop()), known()) if found else Settings()
    if settings_file:
        settings = msgspec.structs.replace(settings, named=True)
    if kubernetes is not None:
        version = KubernetesVersion.parse(kubernetes)
        settings = msgspec.structs.replace(settings, kubernetes=version, kubernetes_given=True)
    if fail_on is not None:
        bar = None if fail_on == "none" else Severity.of(fail_on)
        settings = msgspec.structs.replace(settings, fail_on=bar)
    return settings


def _read(path: str, known: tuple[str, ...]) -> Settings:
    from casemate.readers.settings_file import read_settings  # noqa: PLC0415 # start-up: most targets have none

    return read_settings(path, known)

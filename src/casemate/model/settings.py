"""What a team may settle for itself, in `casemate.yaml`."""

import msgspec

from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion


class Registries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where images may come from: `registry.example` or `registry.example/team/*`."""

    allowed: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings with their defaults; `source` is the file they came from."""

    kubernetes: KubernetesVersion = NEWEST
    registries: Registries = Registries()
    disabled: frozenset[str] = frozenset()
    severities: dict[str, Severity] = {}
    exclude: tuple[str, ...] = ()
    complete: frozenset[str] = frozenset()
    fail_on: Severity | None = Severity.HIGH
    source: str | None = None

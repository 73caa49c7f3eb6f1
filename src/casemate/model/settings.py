"""What a team may settle for itself, in `casemate.yaml`."""

from typing import TYPE_CHECKING

import msgspec

from casemate.model.platform import Platform
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion

if TYPE_CHECKING:
    from casemate.model.identities import SourceSetting  # start-up: the same
    from casemate.model.waiver import Waiver  # start-up: most targets have no waivers


GROUPINGS = ("party", "team", "namespace", "workload", "control", "standard")
"""What findings can be grouped by."""


class Registries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where images may come from: `registry.example` or `registry.example/team/*`."""

    allowed: tuple[str, ...] = ()


class Teams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What names the team of an object: the first label or annotation that is there, then CODEOWNERS."""

    labels: tuple[str, ...] = ("team", "app.kubernetes.io/team", "owner")
    annotations: tuple[str, ...] = ("team", "owner")
    codeowners: bool = True


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings with their defaults; `source` is the file they came from.

    `rules` are folders with a team's own controls, as paths that can be opened; `identities` are
    sources of users and groups; `audit_logs` are files that the user named. `named` says that the user
    named the file rather than that it was found beside what is judged; `notes` are sentences about what
    could not be followed. `owners` are the labels and annotations that name who is responsible; without
    any, the usual ones. `cni` is the network plugin, as `analysis.network.plugins` names it; empty where
    nobody says. `kubernetes_given` says that a person chose the release: only then does it overrule the one
    a component states.
    """

    kubernetes: KubernetesVersion = NEWEST
    kubernetes_given: bool = False
    registries: Registries = Registries()
    disabled: frozenset[str] = frozenset()
    severities: dict[str, Severity] = {}
    exclude: tuple[str, ...] = ()
    complete: frozenset[str] = frozenset()
    owners: tuple[str, ...] = ()
    platform: Platform = Platform()
    teams: Teams = Teams()
    fail_on: Severity | None = Severity.HIGH
    waivers: "tuple[Waiver, ...]" = ()
    rules: tuple[str, ...] = ()
    identities: "tuple[SourceSetting, ...]" = ()
    audit_logs: tuple[str, ...] = ()
    cni: str = ""
    source: str | None = None
    named: bool = False
    notes: tuple[str, ...] = ()

"""Of which release a part of Kubernetes is, where the rules differ."""

import msgspec

from casemate.model.components import Component
from casemate.model.errors import UsageError
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion


class Release(msgspec.Struct, frozen=True):
    """A release, how it is known, and whether somebody states it; else it is only supposed."""

    version: KubernetesVersion
    by: str
    stated: bool = True

    def __str__(self) -> str:
        return f"{self.version} ({self.by})"


def release_of(component: Component, settings: Settings) -> Release:
    """The release whose rules hold: the one that was asked for, else the component's own, else the newest."""
    if settings.kubernetes_given:
        return Release(settings.kubernetes, "the release that was asked for")
    if component.version is not None:
        try:
            return Release(KubernetesVersion.parse(component.version), "its own release")
        except UsageError:
            pass
    by = "the newest known release, since its own is not stated"
    return Release(settings.kubernetes, by, stated=False)

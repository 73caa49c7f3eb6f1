"""Pod Security's configuration of the API server, inline or in a file of its own.

Source: kubernetes/pod-security-admission admission/api (v1 types.go, defaults.go, validation).
"""

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from casemate.model.cluster_configs import (
    AdmissionConfiguration,
    PluginConfiguration,
    PodSecurityConfiguration,
    PodSecurityDefaults,
    PodSecurityExemptions,
)
from casemate.model.estate import Entity, Estate
from casemate.model.place import Path
from casemate.model.settings import Settings

PLUGIN = "PodSecurity"


class PodSecuritySettings(msgspec.Struct, frozen=True, eq=False):
    """What holds in namespaces without labels, and whose pods are never checked."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (AdmissionConfiguration, PodSecurityConfiguration)

    base: Path
    defaults: PodSecurityDefaults
    exemptions: PodSecurityExemptions

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator["PodSecuritySettings"]:  # noqa: ARG003 # engine.judge.Part
        """The configuration of an entity; one that stands in another file is judged there."""
        if isinstance(entity, PodSecurityConfiguration):
            yield cls((), entity.defaults, entity.exemptions)
            return
        for index, plugin in enumerate(entity.plugins):
            if plugin.name == PLUGIN and not plugin.path:
                inline = plugin.configuration or PluginConfiguration()
                at = ("plugins", index, "configuration")
                yield cls(at, inline.defaults, inline.exemptions)

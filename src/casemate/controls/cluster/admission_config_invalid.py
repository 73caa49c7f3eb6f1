"""The API server refuses this configuration of admission and does not start.

A level that is misspelt is not a weaker level but an API server that is down.
"""

import re
from collections.abc import Iterator

from casemate.analysis.cluster.pod_security_defaults import PodSecuritySettings
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_LEVELS = frozenset(("privileged", "baseline", "restricted"))
_VERSION = re.compile(r"(?:latest|v1\.(?:0|[1-9]\d*))\Z")


@control(
    "cluster-admission-config-invalid",
    title="Pod Security configuration that the API server refuses",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Use privileged, baseline or restricted, and latest or a release such as v1.35",
    area="admission_pod_standards",
)
def admission_config_invalid(settings: PodSecuritySettings) -> Iterator[Fault]:
    defaults = settings.defaults
    at = (*settings.base, "defaults")
    for mode in ("enforce", "audit", "warn"):
        level, version = getattr(defaults, mode), getattr(defaults, f"{mode}_version")
        if level and level not in _LEVELS:
            yield Fault(message=f"{level} is no level of Pod Security", at=(*at, mode))
        if version and not _VERSION.match(version):
            yield Fault(message=f"{version} is no version of Pod Security", at=(*at, f"{mode}-version"))

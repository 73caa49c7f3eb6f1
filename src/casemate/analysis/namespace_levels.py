"""What namespaces' labels ask of pods, and what their pods meet today.

Source: k8s.io/pod-security-admission api/helpers.go (labels; a level that cannot be read is restricted, a
version that cannot be read is latest) and admission/admission.go (exempt namespaces and runtime classes).
"""

import re
from typing import Any

from casemate.analysis.cluster.pod_security_defaults import PodSecuritySettings
from casemate.analysis.namespaces import SYSTEM, Namespaces
from casemate.analysis.pod_security import Level, Verdict, evaluate
from casemate.analysis.pods import Pod
from casemate.model.cluster_configs import PodSecurityDefaults
from casemate.model.estate import DOCKER, Estate, Workload
from casemate.model.governance import Namespace
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion

PREFIX = "pod-security.kubernetes.io/"
ENFORCE = f"{PREFIX}enforce"
ENFORCE_VERSION = f"{PREFIX}enforce-version"
MODES = ("enforce", "audit", "warn")
LEVELS = {level.word: level for level in Level}
_VERSION = re.compile(r"v1\.(0|[1-9]\d{0,3})\Z")


def pinned(text: str | None) -> KubernetesVersion | None:
    """The release of a version label; None for latest, and for what the API server cannot read."""
    match = _VERSION.match(text or "")
    return KubernetesVersion(1, int(match[1])) if match else None


def is_version(text: str) -> bool:
    """Whether the API server takes the value of a version label."""
    return text == "latest" or pinned(text) is not None


class NamespaceLevels:
    """The levels of all namespaces, computed where they are asked for."""

    def __init__(self, estate: Estate) -> None:
        self._workloads = Namespaces(estate).workloads
        found = [
            part
            for kind in PodSecuritySettings.SOURCES
            for entity in estate.of(kind)
            for part in PodSecuritySettings.parts_of(entity, estate, Settings())
        ]
        self._defaults = found[0].defaults if found else PodSecurityDefaults()
        self._exempt = {name for part in found for name in part.exemptions.namespaces}
        self._runtimes = {name for part in found for name in part.exemptions.runtime_classes}
        self._verdicts: dict[Any, Verdict] = {}

    @classmethod
    def of(cls, estate: Estate) -> "NamespaceLevels":
        """What an estate holds."""
        return cls(estate)

    def is_asked(self, namespace: Namespace) -> bool:
        """Whether Pod Security asks about a namespace; those of Kubernetes itself need everything."""
        name = namespace.ref.name
        return name not in SYSTEM and name not in self._exempt

    def enforced(self, namespace: Namespace, cluster: KubernetesVersion) -> tuple[Level, KubernetesVersion]:
        """The level and version of the rules that are enforced in a namespace."""
        labels = namespace.labels
        level = labels.get(ENFORCE)
        if level is None:
            level = self._defaults.enforce or "privileged"
        version = pinned(labels.get(ENFORCE_VERSION, self._defaults.enforce_version))
        return LEVELS.get(level, Level.RESTRICTED), min(version or cluster, cluster)

    def verdicts(self, namespace: Namespace, version: KubernetesVersion) -> list[tuple[Workload, Verdict]]:
        """The workloads that are surely in a namespace, and what their pods meet."""
        return [
            (workload, self._verdict(workload, version))
            for workload in self._workloads.get(namespace.ref.name or "", ())
            if not any(owner.controller for owner in workload.owners)
        ]

    def _verdict(self, workload: Workload, version: KubernetesVersion) -> Verdict:
        templates = [template for template in workload.templates if template.engine != DOCKER]
        key = version, *((t.path, t.packed, tuple(sorted(t.annotations.items()))) for t in templates)
        if key not in self._verdicts:
            pods = [Pod(template, workload.ref) for template in templates]
            asked = [pod for pod in pods if pod.spec.runtime_class_name not in self._runtimes]
            self._verdicts[key] = evaluate(asked, version)
        return self._verdicts[key]


def forbidding(verdict: Verdict, level: Level) -> list[str]:
    """The checks by which pods are refused at a level."""
    return sorted(
        {
            violation.check
            for violation in verdict.violations
            if violation.level <= level and not (violation.replaced and level is Level.RESTRICTED)
        }
    )

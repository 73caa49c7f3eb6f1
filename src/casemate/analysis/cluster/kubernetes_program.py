"""Programs of Kubernetes whose flags are known release by release."""

from collections.abc import Iterator
from typing import Any

from casemate.analysis.cluster.flags import TABLES
from casemate.analysis.cluster.program import Program
from casemate.model.estate import Estate
from casemate.model.settings import Settings

_FOREIGN = frozenset(("openshift-config",))
"""Flags by which a program is known to be somebody's own build, with flags of his own."""


class KubernetesProgram(Program):
    """kube-apiserver, kube-controller-manager or kube-scheduler; etcd has releases of its own."""

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator[Program]:
        """All of them that an entity starts."""
        for name in TABLES:
            if name != "etcd":
                yield from cls.named(name, entity, estate, settings)

    def unknown_flags(self) -> dict[str, str]:
        """The flags that the release does not know, as they are written, and why.

        Where no release is stated, only those that no release knows.
        """
        given = self.component.flags
        if _FOREIGN.intersection(given):
            return {}
        found = {}
        for name in given:
            flag = self.known.get(name)
            if flag is None:
                found[name if name.startswith("-") else f"--{name}"] = _no_such(name)
            elif self.release.stated and not flag.known(self.release.version):
                gone = flag.until is not None and flag.until < self.minor
                found[f"--{name}"] = "it was removed before" if gone else "a later release brings it"
        return found


def _no_such(name: str) -> str:
    if name.startswith("-"):
        return "long names take two dashes"
    return "no release since 1.20 has one of that name"

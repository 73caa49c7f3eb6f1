"""The level that a pod meets at a Kubernetes version, and every check that says no.

Source: k8s.io/pod-security-admission, policy/registry.go: level restricted asks its own
checks and those of baseline that none of its own replaces at that version.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

import msgspec

from casemate.analysis.pod_security import checks
from casemate.analysis.pod_security.check import Check, Forbidden, Judge, Level
from casemate.analysis.pods.view import Pod
from casemate.model.version import NEWEST, KubernetesVersion


class Violation(msgspec.Struct, frozen=True):
    """A check that forbids a pod, under its own level.

    `replaced` says that level restricted asks a stricter check in its place.
    """

    level: Level
    check: str
    forbidden: Forbidden
    replaced: bool = False


class Verdict(msgspec.Struct, frozen=True):
    """The strictest level met, and all violations: baseline's first, each level by id."""

    level: Level
    violations: tuple[Violation, ...]


def evaluate(pods: Iterable[Pod], version: KubernetesVersion) -> Verdict:
    """Judge the pods of one workload together at a version.

    A version later than casemate knows is answered with the newest known rules.
    """
    asked = _checks_at(min(version, NEWEST))
    violations = tuple(
        Violation(check.level, check.id, forbidden, replaced)
        for pod in pods
        for check, judge, replaced in asked
        if (forbidden := judge(pod)) is not None
    )
    return Verdict(_strictest(violations), violations)


def _strictest(violations: tuple[Violation, ...]) -> Level:
    if all(violation.replaced for violation in violations):
        return Level.RESTRICTED
    if all(violation.level is Level.RESTRICTED for violation in violations):
        return Level.BASELINE
    return Level.PRIVILEGED


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check: baseline before restricted, each by id, as upstream orders its messages."""
    found = [
        importlib.import_module(f"{checks.__name__}.{module.name}").CHECK
        for module in pkgutil.iter_modules(checks.__path__)
    ]
    return tuple(sorted(found, key=lambda check: (check.level, check.id)))


@cache
def _checks_at(version: KubernetesVersion) -> tuple[tuple[Check, Judge, bool], ...]:
    revisions = [(check, judge) for check in all_checks() if (judge := check.at(version))]
    replaced = {check.replaces for check, _ in revisions}
    return tuple((check, judge, check.id in replaced) for check, judge in revisions)

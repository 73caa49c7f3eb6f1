"""What a capability is made of: rights, ways and facts about how far they reach."""

import msgspec

from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

ANY = ":*"
"""How a verb ends that means every verb with that beginning, on whatever resource."""
CHANGE = "update patch"
WRITE = "create update patch"
DELETE = "delete deletecollection"


class Right(msgspec.Struct, frozen=True):
    """A verb on a resource. `namespaced` is false where a right inside a namespace has no effect.

    `since` and `until` are the first and the last release where it suffices; `strong` are names of
    objects that are as bad as all.
    """

    verb: str
    group: str
    resource: str
    namespaced: bool = True
    until: KubernetesVersion | None = None
    strong: tuple[str, ...] = ()
    since: KubernetesVersion | None = None

    def holds_at(self, kubernetes: KubernetesVersion) -> bool:
        """Whether the right suffices in that release."""
        if self.since is not None and kubernetes < self.since:
            return False
        return self.until is None or kubernetes <= self.until


Way = tuple[Right, ...]
"""Rights that are needed together; different rules may grant them."""


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """A named power: any of its ways suffices, and in a way each right is needed.

    The severities say how bad it is in the whole cluster, in single namespaces, and where the rule names
    its objects; None is no fault there. `strong` is how bad it is where the rule names one of the rights'
    strong objects, if that differs from naming none. `places` are the only namespaces where it means
    something, if it does not in all. `escalates` says that it leads to rights that its holder was not given;
    `unless` names the capabilities beside which it is not worth a word. `spelled`
    says that a role is told of it only where a rule names the resource or its group: `*` for all of them is a
    fault of its own. `source` is what settles that it is.
    """

    id: str
    gives: str
    ways: tuple[Way, ...]
    source: str
    cluster: Severity
    inside: Severity | None = None
    named: Severity | None = None
    strong: Severity | None = None
    places: tuple[str, ...] = ()
    escalates: bool = False
    unless: tuple[str, ...] = ()
    spelled: bool = False

    @property
    def since(self) -> KubernetesVersion | None:
        """The first release where some way to it is open; None where it always was."""
        first = [max((right.since for right in way if right.since), default=None) for way in self.ways]
        known = [version for version in first if version is not None]
        return min(known) if len(known) == len(first) else None

    @property
    def until(self) -> KubernetesVersion | None:
        """The last release where some way to it is open; None where it still is."""
        last = [min((right.until for right in way if right.until), default=None) for way in self.ways]
        known = [version for version in last if version is not None]
        return max(known) if len(known) == len(last) else None


def rights(
    verbs: str,
    group: str,
    *resources: str,
    namespaced: bool = True,
    since: KubernetesVersion | None = None,
    until: KubernetesVersion | None = None,
    strong: tuple[str, ...] = (),
) -> tuple[Right, ...]:
    """A right for each verb on each resource."""
    return tuple(
        Right(verb, group, name, namespaced, until, strong, since)
        for name in resources
        for verb in verbs.split()
    )


def each(*found: tuple[Right, ...]) -> tuple[Way, ...]:
    """A way for each of the rights: any of them is enough."""
    return tuple((right,) for some in found for right in some)


def both(first: tuple[Right, ...], second: tuple[Right, ...]) -> tuple[Way, ...]:
    """A way for each pair: one of the former together with one of the latter."""
    return tuple((one, other) for one in first for other in second)

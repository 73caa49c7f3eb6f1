"""How many endpoints a rule means by what is written in it: whole namespaces, the cluster, all addresses."""

import enum
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.labels import NAME_LABEL, AllOf, Any, Has, Labels, Not, OneOf
from casemate.analysis.network.policies import Endpoints, Everything, Networks, Pods, Policy, Union, World

_WHOLE = ("0.0.0.0/0", "::/0")


class Extent(enum.IntEnum):
    """From little to all."""

    CHOSEN = 0
    NAMESPACES = 1
    CLUSTER = 2
    OUTSIDE = 3
    EVERYTHING = 4


class Breadth(msgspec.Struct, frozen=True):
    """How much a rule means, in words; `named` are the namespaces where it names them."""

    extent: Extent
    words: str
    named: tuple[str, ...] = ()


CHOSEN = Breadth(Extent.CHOSEN, "chosen endpoints")
"""What asks for labels of pods, or for some addresses."""


def breadth(peers: Endpoints, own: str | None = None) -> Breadth:
    """The most that a set means without asking for labels of pods or for single addresses.

    `own` is a namespace whose pods do not count.
    """
    return max(_parts(peers, own), key=lambda found: found.extent, default=CHOSEN)


def _parts(peers: Endpoints, own: str | None) -> Iterator[Breadth]:
    if isinstance(peers, Union):
        for part in peers.parts:
            yield from _parts(part, own)
    elif isinstance(peers, Everything):
        yield Breadth(Extent.EVERYTHING, "everything inside and outside of the cluster")
    elif isinstance(peers, World) or (isinstance(peers, Networks) and set(peers.ranges) & set(_WHOLE)):
        yield Breadth(Extent.OUTSIDE, "every address outside of the cluster")
    elif isinstance(peers, Pods) and isinstance(peers.pods, Any) and isinstance(peers.accounts, Any):
        yield from _namespaces(peers.namespaces, own)


def _namespaces(condition: Labels, own: str | None) -> Iterator[Breadth]:
    if isinstance(condition, Any):
        yield Breadth(Extent.CLUSTER, "every pod of the cluster")
    elif isinstance(condition, OneOf) and condition.key == NAME_LABEL:
        names = tuple(name for name in condition.values if name != own)
        if names:
            word = "namespace" if len(names) == 1 else "namespaces"
            yield Breadth(Extent.NAMESPACES, f"every pod of the {word} {', '.join(names)}", names)
    else:
        yield Breadth(Extent.NAMESPACES, f"every pod of the namespaces {labels_text(condition)}")


def labels_text(condition: Labels) -> str:
    """A condition on labels in words."""
    if isinstance(condition, OneOf):
        return f"with {condition.key}={'|'.join(condition.values)}"
    if isinstance(condition, Has):
        return f"with the label {condition.key}"
    if isinstance(condition, Not) and isinstance(condition.inner, (OneOf, Has)):
        return f"not {labels_text(condition.inner)}"
    if isinstance(condition, AllOf):
        return " and ".join(map(labels_text, condition.parts))
    return "that a selector names"


def only_namespace(policy: Policy) -> str | None:
    """The one namespace that the subjects of a policy are in."""
    inside = policy.subjects.namespaces if isinstance(policy.subjects, Pods) else None
    if isinstance(inside, OneOf) and inside.key == NAME_LABEL and len(inside.values) == 1:
        return inside.values[0]
    return None

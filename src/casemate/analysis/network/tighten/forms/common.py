"""What the forms of policies share: an object with what its rules are for, and what addresses mean."""

from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.analysis.network.tighten.drafts import WORKLOAD, Conditions, Draft, Line, Peer
from casemate.analysis.network.tighten.needs import Addresses, ApiServer, Host

Tree = dict[str, Any]


class Made(msgspec.Struct, frozen=True, eq=False):
    """An object as the API has it, the draft it comes from, and by the place of each rule what it is for."""

    tree: Tree
    draft: Draft
    lines: dict[tuple[str, int], Line] = {}


class Means(msgspec.Struct, frozen=True):
    """The addresses that stand for what a dialect has no words for."""

    api_server: Addresses
    public: Addresses

    def addresses(self, peer: Peer) -> Addresses | None:
        """The addresses of a peer that is no pods; None for pods."""
        if isinstance(peer, Addresses):
            return peer
        if isinstance(peer, ApiServer):
            return self.api_server
        return self.public if isinstance(peer, Host) else None


def divided(draft: Draft, means: Means) -> tuple[Draft, Draft | None]:
    """A draft without, and one with only, its rules about ranges of more than one address.

    For dialects in which ranges mean pods as well: there pods must be denied first, which only a policy may
    do that is asked after all those that allow pods.
    """
    outside = tuple(line for line in draft.lines if _is_wide(line, means))
    if not outside or draft.kind != WORKLOAD:
        return draft, None
    inside = tuple(line for line in draft.lines if line not in outside)
    replace = msgspec.structs.replace
    return replace(draft, lines=inside), replace(draft, lines=outside, name=f"{draft.name}-outside")


def _is_wide(line: Line, means: Means) -> bool:
    found = [means.addresses(peer) for peer in line.peers]
    ranges = [text for one in found if one is not None for text in one.ranges]
    return any(not text.endswith(("/32", "/128")) for text in ranges)


def metadata(draft: Draft, name: str | None = None, *, cluster: bool = False) -> Tree:
    """The name of an object, and its namespace where it is in one."""
    found: Tree = {"name": name or draft.name}
    return found if cluster else {**found, "namespace": draft.namespace}


def selector(labels: Conditions) -> Tree:
    """A selector of Kubernetes for these labels."""
    found: Tree = {}
    single = {key: values[0] for key, values in labels if len(values) == 1}
    several = [
        {"key": key, "operator": "In", "values": list(values)} for key, values in labels if len(values) > 1
    ]
    if single:
        found["matchLabels"] = single
    if several:
        found["matchExpressions"] = several
    return found


def subject(draft: Draft) -> Conditions:
    """The labels of a draft's pods as conditions."""
    return tuple((key, (value,)) for key, value in draft.labels)


def blocks(found: Addresses) -> Iterator[tuple[str, list[str]]]:
    """Ranges, each with those of the excepted ones that are of its family."""
    for text in found.ranges:
        yield text, [inner for inner in found.without if (":" in inner) == (":" in text)]

"""What is said of a network plugin: which parts of policies it does not follow, and what it does instead."""

import enum
import re

import msgspec

_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)")


class Part(enum.Enum):
    """A part of a NetworkPolicy that a plugin may not follow."""

    POLICY = "the whole policy"
    EGRESS = "the egress direction"
    NAMED_PORT = "a port by name"
    NAMED_PORT_IN = "a port by name in a rule for ingress"
    NAMED_PORT_ANYWHERE = "a port by name in a rule for egress without peers"
    END_PORT = "a range of ports"
    SCTP = "a port of SCTP"
    IP_BLOCK = "a range of addresses"
    IPV6_BLOCK = "a range of IPv6 addresses"
    BOTH_SELECTORS = "a peer with both selectors"
    EXPRESSIONS = "expressions in a selector"
    NO_SEGMENT = "labels of pods without a segment"
    MORE_LABELS = "labels beside the segment"
    NO_TENANT = "a selector of namespaces without a tenant"


class Effect(enum.Enum):
    """What becomes of a policy that has a part which is not followed."""

    REJECTED = "the whole policy is left out"
    OPEN = "more is allowed than is written"
    CLOSED = "less is allowed than is written"
    UNSURE = "it is not certain what happens"


class Gap(msgspec.Struct, frozen=True):
    """A part that a plugin does not follow, in words; in versions before `until` only, where that is set."""

    part: Part
    effect: Effect
    text: str
    source: str
    until: str = ""


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """What a network plugin makes of policies.

    `blocks_hold_pods` and `blocks_hold_nodes` say whether an ipBlock means pods and nodes whose address is
    in it; None where that is not known. `foreign` are the cluster-wide kinds of Kubernetes that it is known
    not to enforce. `own` is the API group of policies of its own. `notes` are facts that no policy shows.
    """

    name: str
    title: str
    gaps: tuple[Gap, ...] = ()
    blocks_hold_pods: bool | None = True
    blocks_hold_nodes: bool | None = True
    foreign: tuple[str, ...] = ()
    own: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    version: str = ""

    @property
    def active(self) -> dict[Part, Gap]:
        """The gaps that this version has; without a version, those of the newest one."""
        here = _numbers(self.version)
        return {gap.part: gap for gap in self.gaps if not gap.until or (here and here < _numbers(gap.until))}


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, to be compared; empty where there are none."""
    found = _NUMBER.match(version)
    return tuple(map(int, found[1].split("."))) if found is not None else ()

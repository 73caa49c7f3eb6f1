"""The one form that the policies of every dialect have here.

A policy stands in a tier, selects subjects, and has rules about their peers, the first that matches deciding.
Tiers are asked in their order. What no rule of a tier decides goes on to the next tier, unless a policy of
the tier isolates the subject; what no tier decides is allowed.

Sets of endpoints are said as values (`Endpoints`), so that equal ones are worked out once.
"""

import enum
from collections.abc import Iterable

import msgspec

from casemate.analysis.network.labels import Any, Labels
from casemate.model.estate import Entity
from casemate.model.place import Path

TCP, UDP, SCTP, ICMP, ICMPV6, OTHER = "TCP", "UDP", "SCTP", "ICMP", "ICMPv6", "other"
WITH_PORTS = (TCP, UDP, SCTP)
PROTOCOLS = (*WITH_PORTS, ICMP, ICMPV6, OTHER)
"""What connections are told apart by; `other` is every further protocol of IP."""


class Direction(enum.Enum):
    """Of a connection, as its subject sees it."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Action(enum.Enum):
    """What a rule does with what it matches; PASS leaves it to the next tier."""

    ALLOW = "allow"
    DENY = "deny"
    PASS = "pass"  # noqa: S105 # the name of an action


class PortRange(msgspec.Struct, frozen=True):
    """Ports of a protocol, both ends included. A protocol without ports has the range 0 to 0.

    For ICMP the range is of types, 0 to 255.
    """

    protocol: str
    low: int
    high: int


class NamedPort(msgspec.Struct, frozen=True):
    """A port that the destination's containers name."""

    protocol: str
    name: str


Ports = tuple[PortRange | NamedPort, ...]


class Endpoints(msgspec.Struct, frozen=True, tag=True, cache_hash=True):
    """A set of endpoints: pods, nodes and addresses outside of the cluster."""


class Everything(Endpoints, frozen=True):
    """Every endpoint there is."""


class Nobody(Endpoints, frozen=True):
    """No endpoint."""


class Pods(Endpoints, frozen=True):
    """Pods by their labels, those of their namespace, and the labels of their service account.

    Pods on the host's network are nodes here, not pods.
    """

    namespaces: Labels = Any()
    pods: Labels = Any()
    accounts: Labels = Any()


class Nodes(Endpoints, frozen=True):
    """Nodes by their labels; what runs on the host's network is its node."""

    labels: Labels = Any()


class World(Endpoints, frozen=True):
    """Every address that is no pod's and no node's."""


class Networks(Endpoints, frozen=True):
    """Addresses in any of these ranges (CIDR), and in none of `without`.

    `pods` and `nodes` say whether the addresses of those count; None leaves it to the network plugin.
    """

    ranges: tuple[str, ...]
    without: tuple[str, ...] = ()
    pods: bool | None = None
    nodes: bool | None = None


class Union(Endpoints, frozen=True):
    """Endpoints that are in any of the sets."""

    parts: tuple[Endpoints, ...]


class Intersection(Endpoints, frozen=True):
    """Endpoints that are in all of the sets."""

    parts: tuple[Endpoints, ...]


class Complement(Endpoints, frozen=True):
    """Endpoints that are not in the set."""

    inner: Endpoints


class Perhaps(Endpoints, frozen=True):
    """Endpoints of which it is not known whether they are meant, and what it depends on."""

    inner: Endpoints
    why: str


def union(parts: Iterable[Endpoints]) -> Endpoints:
    """All endpoints of the parts."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else Union(found) if found else Nobody()


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to connections of the subject with some peers.

    `ports` None means every protocol. `at` leads from the policy's object to the rule. `depends` says on
    what it depends whether the rule matches at all (a path of HTTP, an identity that needs mTLS).
    """

    action: Action
    direction: Direction
    peers: Endpoints
    ports: Ports | None = None
    at: Path = ()
    depends: str = ""


class Tier(msgspec.Struct, frozen=True, order=True):
    """A stage of the evaluation, the lowest `order` first.

    `default` is what happens to what no rule decides, where the subject is isolated. `ties` says that the
    order of policies with one `order` is not defined, so that different answers are possible.
    """

    order: float
    name: str
    ends_in_pass: bool = False
    ties: bool = False


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Rules for some subjects. `isolates` are the directions in which the tier's end is final for them.

    Within a tier policies are asked by `order`, then by `name`. `entity` is the object that says it.
    """

    entity: Entity
    tier: Tier
    subjects: Endpoints
    rules: tuple[Rule, ...]
    isolates: frozenset[Direction] = frozenset()
    order: float = 0
    name: str = ""


class Notice(msgspec.Struct, frozen=True):
    """Something in a policy that cannot be followed as it stands, and how it was read instead."""

    entity: Entity
    at: Path
    message: str


ADMIN = Tier(100, "Admin", ties=True)
NETWORK_POLICY = Tier(500, "NetworkPolicy")
BASELINE = Tier(900, "Baseline", ties=True)
"""The tiers of Kubernetes; those of dialects stand between and beside them."""

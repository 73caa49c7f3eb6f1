"""NetworkPolicy of networking.k8s.io/v1, complete.

Source: networking/v1 types.go. Absent and empty differ nearly everywhere here, so every field that
can be absent says so: a selector `{}` selects all, none selects nothing or is not asked.
"""

import msgspec

from casemate.model.estate import Entity
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class IpBlock(_Part, frozen=True, kw_only=True):
    """A range of addresses without some others; the exceptions hold within their own entry only."""

    cidr: str | None = None
    except_: tuple[str, ...] | None = msgspec.field(default=None, name="except")


class PolicyPort(_Part, frozen=True, kw_only=True):
    """A port, by number, by name on the destination, or up to `endPort`; TCP where no protocol is said."""

    protocol: str | None = None
    port: int | str | None = None
    end_port: int | None = None


class Peer(_Part, frozen=True, kw_only=True):
    """Pods by labels, by namespace or by both at once, or addresses."""

    pod_selector: LabelSelector | None = None
    namespace_selector: LabelSelector | None = None
    ip_block: IpBlock | None = None


class IngressPolicyRule(_Part, frozen=True, kw_only=True):
    """Connections that are let in; `from` absent or empty means from everywhere."""

    from_: tuple[Peer, ...] | None = msgspec.field(default=None, name="from")
    ports: tuple[PolicyPort, ...] | None = None


class EgressPolicyRule(_Part, frozen=True, kw_only=True):
    """Connections that are let out; `to` absent or empty means to everywhere."""

    to: tuple[Peer, ...] | None = None
    ports: tuple[PolicyPort, ...] | None = None


class NetworkPolicySpec(_Part, frozen=True, kw_only=True):
    """Which pods the policy is for, and what they may do; an absent `podSelector` is an empty one."""

    pod_selector: LabelSelector = LabelSelector()
    policy_types: tuple[str, ...] | None = None
    ingress: tuple[IngressPolicyRule, ...] | None = None
    egress: tuple[EgressPolicyRule, ...] | None = None


class ConnectionPolicy(Entity, frozen=True, kw_only=True, eq=False):
    """An object of any dialect that says which connections some endpoints may have."""


class NetworkPolicy(ConnectionPolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Which connections the pods of a namespace may have."""

    spec: NetworkPolicySpec = NetworkPolicySpec()

    @property
    def isolates_ingress(self) -> bool:
        """Whether the pods that are selected refuse connections which no rule lets in."""
        types = self.spec.policy_types
        return not types or "Ingress" in types

    @property
    def isolates_egress(self) -> bool:
        """Whether they may make only connections that a rule lets out; without types, where rules say so."""
        types = self.spec.policy_types
        return bool(self.spec.egress) if not types else "Egress" in types

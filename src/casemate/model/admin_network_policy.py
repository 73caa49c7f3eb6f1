"""Network policies for whole clusters: AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy.

Source: kubernetes-sigs/network-policy-api, apis/v1alpha1, apis/v1alpha2 and apis/v1beta1. Peers, ports and
protocols name the unknown field that they hold, since a rule with one is to be read as closed.
"""

import msgspec

from casemate.model.estate import UNKNOWN_FIELD
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A part of which exactly one field is set; `unknown` is the name of one that is not known."""

    unknown: str | None = msgspec.field(default=None, name=UNKNOWN_FIELD)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The fields that are set, unknown ones included, under their names in the API."""
        fields = zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        set_here = ((name, shown) for name, shown in fields if getattr(self, name) is not None)
        return tuple(self.unknown or "" if name == "unknown" else shown for name, shown in set_here)


class StrictSelector(LabelSelector, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A selector that names an unknown field in it, as older forms of the API had."""

    unknown: str | None = msgspec.field(default=None, name=UNKNOWN_FIELD)


class NamespacedPod(_Part, frozen=True, kw_only=True):
    """Pods by their labels and those of their namespace."""

    namespace_selector: StrictSelector | None = None
    pod_selector: StrictSelector | None = None


class AdminSubject(Choice, frozen=True, kw_only=True):
    """The pods that a policy is for: all of some namespaces, or some of them."""

    namespaces: StrictSelector | None = None
    pods: NamespacedPod | None = None


class AdminPeer(Choice, frozen=True, kw_only=True):
    """The other end; `nodes`, `networks` and `domainNames` are for egress."""

    namespaces: StrictSelector | None = None
    pods: NamespacedPod | None = None
    nodes: StrictSelector | None = None
    networks: tuple[str, ...] | None = None
    domain_names: tuple[str, ...] | None = None


class PortNumber(_Part, frozen=True, kw_only=True):
    """One port of v1alpha1."""

    protocol: str | None = None
    port: int | None = None


class PortSpan(_Part, frozen=True, kw_only=True):
    """Ports from `start` to `end`; only v1alpha1 says the protocol here."""

    protocol: str | None = None
    start: int | None = None
    end: int | None = None


class AdminPort(Choice, frozen=True, kw_only=True):
    """Ports of v1alpha1, by number, range or name."""

    port_number: PortNumber | None = None
    port_range: PortSpan | None = None
    named_port: str | None = None


class DestinationPort(Choice, frozen=True, kw_only=True):
    """A port, or a range of them, since v1alpha2."""

    number: int | None = None
    range: PortSpan | None = None


class Destination(_Part, frozen=True, kw_only=True):
    """What a rule asks of a protocol: which ports."""

    destination_port: DestinationPort | None = None


class AdminProtocol(Choice, frozen=True, kw_only=True):
    """A protocol with its ports, or the name of a port, since v1alpha2."""

    tcp: Destination | None = None
    udp: Destination | None = None
    sctp: Destination | None = None
    destination_named_port: str | None = None


class AdminRule(_Part, frozen=True, kw_only=True):
    """What happens to connections with some peers; `ports` are of v1alpha1, `protocols` came later."""

    name: str | None = None
    action: str | None = None
    from_: tuple[AdminPeer, ...] | None = msgspec.field(default=None, name="from")
    to: tuple[AdminPeer, ...] | None = None
    ports: tuple[AdminPort, ...] | None = None
    protocols: tuple[AdminProtocol, ...] | None = None


class AdminSpec(_Part, frozen=True, kw_only=True):
    """Which pods a policy is for, and its rules, the first that matches deciding."""

    tier: str | None = None
    priority: int | None = None
    subject: AdminSubject | None = None
    ingress: tuple[AdminRule, ...] | None = None
    egress: tuple[AdminRule, ...] | None = None


class ClusterWidePolicy(ConnectionPolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A network policy for pods of many namespaces."""

    spec: AdminSpec = AdminSpec()


class AdminNetworkPolicy(ClusterWidePolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What no NetworkPolicy can change (v1alpha1)."""


class BaselineAdminNetworkPolicy(ClusterWidePolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What holds where no NetworkPolicy decides (v1alpha1)."""


class ClusterNetworkPolicy(ClusterWidePolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Either of them, as its tier says (since v1alpha2)."""

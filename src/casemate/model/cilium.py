"""Policies of Cilium: CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy, and the CiliumCIDRGroup they name.

Source: Cilium's pkg/policy/api and pkg/k8s/apis/cilium.io/v2. An empty list of peers selects nobody, an
absent one is not asked, so every list that can be absent says so.
"""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from casemate.model.estate import Entity
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class CidrRule(_Part, frozen=True, kw_only=True):
    """A range of addresses, or the groups that hold some; the exceptions hold within the entry only."""

    cidr: str | None = None
    cidr_group_ref: str | None = None
    cidr_group_selector: LabelSelector | None = None
    except_: tuple[str, ...] | None = msgspec.field(default=None, name="except")


class ServiceName(_Part, frozen=True, kw_only=True):
    """A Service by its name."""

    service_name: str | None = None
    namespace: str | None = None


class ServiceSelection(_Part, frozen=True, kw_only=True):
    """Services by their labels."""

    selector: LabelSelector = LabelSelector()
    namespace: str | None = None


class ServiceRef(_Part, frozen=True, kw_only=True):
    """Services whose pods or addresses are meant."""

    k8s_service: ServiceName | None = None
    k8s_service_selector: ServiceSelection | None = None


class DnsName(_Part, frozen=True, kw_only=True):
    """A name of DNS, or a pattern of names."""

    match_name: str | None = None
    match_pattern: str | None = None


class CloudGroup(_Part, frozen=True, kw_only=True):
    """Security groups of a cloud, whose addresses Cilium's operator asks for."""


class HttpRule(_Part, frozen=True, kw_only=True):
    """Requests of HTTP that are let through."""

    path: str | None = None
    method: str | None = None
    host: str | None = None


class KafkaRule(_Part, frozen=True, kw_only=True):
    """Requests of Kafka that are let through; Cilium 1.20 knows them no more."""


class L7Rules(_Part, frozen=True, kw_only=True):
    """What Cilium's proxy lets through of a connection."""

    http: tuple[HttpRule, ...] | None = None
    dns: tuple[DnsName, ...] | None = None
    kafka: tuple[KafkaRule, ...] | None = None
    l7proto: str | None = None


class PortProtocol(_Part, frozen=True, kw_only=True):
    """A port by number or by name, as text; every protocol with ports where none is said."""

    port: str | None = None
    end_port: int | None = None
    protocol: str | None = None


class Listener(_Part, frozen=True, kw_only=True):
    """A listener of Envoy that connections are sent to."""

    name: str | None = None


class TlsContext(_Part, frozen=True, kw_only=True):
    """How Cilium's proxy ends or begins TLS."""


class PortRule(_Part, frozen=True, kw_only=True):
    """Ports, and what must hold of connections to them beyond that."""

    ports: tuple[PortProtocol, ...] | None = None
    server_names: tuple[str, ...] | None = None
    rules: L7Rules | None = None
    listener: Listener | None = None
    terminating_tls: TlsContext | None = msgspec.field(default=None, name="terminatingTLS")
    originating_tls: TlsContext | None = msgspec.field(default=None, name="originatingTLS")


class IcmpField(_Part, frozen=True, kw_only=True):
    """A type of ICMP, by number or by name."""

    family: str | None = None
    type: int | str | None = None


class IcmpRule(_Part, frozen=True, kw_only=True):
    """Types of ICMP."""

    fields: tuple[IcmpField, ...] | None = None


class Authentication(_Part, frozen=True, kw_only=True):
    """How both ends must prove who they are: `disabled`, `required` or `test-always-fail`."""

    mode: str | None = None


class Peers(msgspec.Struct, frozen=True, kw_only=True):
    """The other ends of a rule's connections; Cilium takes one kind of them in a rule."""

    endpoints: tuple[LabelSelector, ...] | None = None
    requires: tuple[LabelSelector, ...] | None = None
    cidr: tuple[str, ...] | None = None
    cidr_set: tuple[CidrRule, ...] | None = None
    entities: tuple[str, ...] | None = None
    groups: tuple[CloudGroup, ...] | None = None
    nodes: tuple[LabelSelector, ...] | None = None
    services: tuple[ServiceRef, ...] | None = None
    fqdns: tuple[DnsName, ...] | None = None


class DirectedRule(_Part, frozen=True, kw_only=True):
    """What a rule of any section says beside its peers. A deny rule has no L7 rules and no authentication."""

    PREFIX: ClassVar[str] = ""

    to_ports: tuple[PortRule, ...] | None = None
    icmps: tuple[IcmpRule, ...] | None = None
    authentication: Authentication | None = None

    @property
    def peers(self) -> Peers:
        """The peers without the direction in the names of the fields."""
        return Peers(**{name: getattr(self, self.PREFIX + name, None) for name in Peers.__struct_fields__})

    def field_of(self, name: str) -> str:
        """The name in the API of a field of `peers`."""
        own = self.PREFIX + name
        return next(field.encode_name for field in msgspec.structs.fields(self) if field.name == own)


class IngressRule(DirectedRule, frozen=True, kw_only=True):
    """Connections that come in."""

    PREFIX: ClassVar[str] = "from_"

    from_endpoints: tuple[LabelSelector, ...] | None = None
    from_requires: tuple[LabelSelector, ...] | None = None
    from_cidr: tuple[str, ...] | None = msgspec.field(default=None, name="fromCIDR")
    from_cidr_set: tuple[CidrRule, ...] | None = msgspec.field(default=None, name="fromCIDRSet")
    from_entities: tuple[str, ...] | None = None
    from_groups: tuple[CloudGroup, ...] | None = None
    from_nodes: tuple[LabelSelector, ...] | None = None


class EgressRule(DirectedRule, frozen=True, kw_only=True):
    """Connections that go out."""

    PREFIX: ClassVar[str] = "to_"

    to_endpoints: tuple[LabelSelector, ...] | None = None
    to_requires: tuple[LabelSelector, ...] | None = None
    to_cidr: tuple[str, ...] | None = msgspec.field(default=None, name="toCIDR")
    to_cidr_set: tuple[CidrRule, ...] | None = msgspec.field(default=None, name="toCIDRSet")
    to_entities: tuple[str, ...] | None = None
    to_groups: tuple[CloudGroup, ...] | None = None
    to_nodes: tuple[LabelSelector, ...] | None = None
    to_services: tuple[ServiceRef, ...] | None = None
    to_fqdns: tuple[DnsName, ...] | None = msgspec.field(default=None, name="toFQDNs")


class DefaultDeny(_Part, frozen=True, kw_only=True):
    """Whether what no rule allows is denied, by direction; where rules are, unless this says otherwise."""

    ingress: bool | None = None
    egress: bool | None = None


class CiliumSpec(_Part, frozen=True, kw_only=True):
    """Rules for the pods or the nodes that a selector finds."""

    endpoint_selector: LabelSelector | None = None
    node_selector: LabelSelector | None = None
    ingress: tuple[IngressRule, ...] | None = None
    ingress_deny: tuple[IngressRule, ...] | None = None
    egress: tuple[EgressRule, ...] | None = None
    egress_deny: tuple[EgressRule, ...] | None = None
    enable_default_deny: DefaultDeny = DefaultDeny()


class CiliumPolicy(ConnectionPolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A policy of Cilium for the pods of a namespace, or for pods and nodes of the cluster."""

    KINDS: ClassVar[tuple[str, ...]] = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")

    spec: CiliumSpec | None = None
    specs: tuple[CiliumSpec, ...] | None = None

    @property
    def is_clusterwide(self) -> bool:
        """Whether it stands outside of all namespaces."""
        return self.ref.kind == "CiliumClusterwideNetworkPolicy"

    @property
    def all_specs(self) -> Iterator[tuple[Path, CiliumSpec]]:
        """Each specification with the path to it: that in `spec`, then those in `specs`."""
        if self.spec is not None:
            yield ("spec",), self.spec
        for index, spec in enumerate(self.specs or ()):
            yield ("specs", index), spec


class CiliumCidrGroupSpec(_Part, frozen=True, kw_only=True):
    """The ranges of a group."""

    external_cidrs: tuple[str, ...] | None = msgspec.field(default=None, name="externalCIDRs")


class CiliumCidrGroup(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Ranges of addresses under a name, for policies to refer to."""

    KINDS: ClassVar[tuple[str, ...]] = ("CiliumCIDRGroup",)

    spec: CiliumCidrGroupSpec = CiliumCidrGroupSpec()

"""Policies of Calico, and what they refer to.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3 (policy_common.go, networkpolicy.go,
globalnetworkpolicy.go, tier.go, networkset.go, globalnetworkset.go, hostendpoint.go, profile.go,
staged*.go). The same objects are stored as crd.projectcalico.org/v1.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity
from casemate.model.network_policy import ConnectionPolicy

STORED = "crd.projectcalico.org"
"""The API group that skips Calico's own API server, with its checks and defaults."""
INGRESS, EGRESS = "Ingress", "Egress"
ALLOW, DENY, LOG, PASS = "Allow", "Deny", "Log", "Pass"
GLOBAL = "GlobalNetworkPolicy"


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class ServiceMatch(_Part, frozen=True, kw_only=True):
    """A Service whose endpoints are meant; without a namespace, one of the policy's."""

    name: str = ""
    namespace: str = ""


class ServiceAccountMatch(_Part, frozen=True, kw_only=True):
    """Service accounts by name and by labels; both must hold where both are said."""

    names: tuple[str, ...] = ()
    selector: str = ""


class EntityRule(_Part, frozen=True, kw_only=True):
    """One end of a connection. Empty and absent are the same in every field.

    `domains` is of Calico Enterprise and Calico Cloud.
    """

    selector: str = ""
    not_selector: str = ""
    namespace_selector: str = ""
    nets: tuple[str, ...] = ()
    not_nets: tuple[str, ...] = ()
    ports: tuple[int | str, ...] = ()
    not_ports: tuple[int | str, ...] = ()
    service_accounts: ServiceAccountMatch | None = None
    services: ServiceMatch | None = None
    domains: tuple[str, ...] = ()


class IcmpFields(_Part, frozen=True, kw_only=True):
    """Messages of ICMP by type, or by type and code."""

    type: int | None = None
    code: int | None = None


class HttpPath(_Part, frozen=True, kw_only=True):
    """A path of a request, whole or by its beginning."""

    exact: str = ""
    prefix: str = ""


class HttpMatch(_Part, frozen=True, kw_only=True):
    """Requests by method and path."""

    methods: tuple[str, ...] = ()
    paths: tuple[HttpPath, ...] = ()


class CalicoRule(_Part, frozen=True, kw_only=True):
    """What happens to connections for which everything that the rule says holds."""

    action: str = ""
    ip_version: int | None = None
    protocol: int | str | None = None
    not_protocol: int | str | None = None
    icmp: IcmpFields | None = None
    not_icmp: IcmpFields | None = msgspec.field(default=None, name="notICMP")
    source: EntityRule = EntityRule()
    destination: EntityRule = EntityRule()
    http: HttpMatch | None = None


class CalicoPolicySpec(_Part, frozen=True, kw_only=True):
    """Whom a policy is for, when it is asked, and its rules.

    The namespace's selector and the last three are of the global kind only.
    """

    tier: str = ""
    order: float | None = None
    selector: str = ""
    service_account_selector: str = ""
    types: tuple[str, ...] = ()
    ingress: tuple[CalicoRule, ...] = ()
    egress: tuple[CalicoRule, ...] = ()
    namespace_selector: str = ""
    do_not_track: bool = False
    pre_dnat: bool = msgspec.field(default=False, name="preDNAT")
    apply_on_forward: bool = False


class CalicoPolicy(ConnectionPolicy, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A NetworkPolicy of Calico, of one namespace, or a GlobalNetworkPolicy."""

    KINDS: ClassVar[tuple[str, ...]] = ("NetworkPolicy", GLOBAL)

    spec: CalicoPolicySpec = CalicoPolicySpec()

    @property
    def is_global(self) -> bool:
        """Whether it is for all namespaces."""
        return self.ref.kind == GLOBAL

    @property
    def types(self) -> frozenset[str]:
        """The directions it is for; where it says none, Calico's API server sets them by its rules.

        Source: libcalico-go/lib/clientv3/globalnetworkpolicy.go (the defaults) and
        felix/calc/policy_sorter.go (an object that was stored without types is for both).
        """
        spec = self.spec
        if spec.types:
            return frozenset(spec.types)
        if self.ref.group == STORED:
            return frozenset({INGRESS, EGRESS})
        if not spec.egress:
            return frozenset({INGRESS})
        return frozenset({INGRESS, EGRESS} if spec.ingress else {EGRESS})


class StagedPolicy(Entity, frozen=True, kw_only=True, eq=False):
    """A policy that is tried out: it is reported on, and not enforced."""

    KINDS: ClassVar[tuple[str, ...]] = (
        "StagedNetworkPolicy",
        "StagedGlobalNetworkPolicy",
        "StagedKubernetesNetworkPolicy",
    )


class TierSpec(_Part, frozen=True, kw_only=True):
    """When a tier is asked, and what happens to what none of its rules decides."""

    order: float | None = None
    default_action: str = DENY


class CalicoTier(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A stage in which policies are asked."""

    KINDS: ClassVar[tuple[str, ...]] = ("Tier",)

    spec: TierSpec = TierSpec()


class NetworkSetSpec(_Part, frozen=True, kw_only=True):
    """Ranges of addresses."""

    nets: tuple[str, ...] = ()


class NetworkSet(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Addresses that selectors find by labels, in a namespace or in none."""

    KINDS: ClassVar[tuple[str, ...]] = ("NetworkSet", "GlobalNetworkSet")

    spec: NetworkSetSpec = NetworkSetSpec()

    @property
    def is_global(self) -> bool:
        """Whether it is in no namespace."""
        return self.ref.kind == "GlobalNetworkSet"


class HostEndpointSpec(_Part, frozen=True, kw_only=True):
    """An interface of a node."""

    node: str = ""
    interface_name: str = ""
    expected_ips: tuple[str, ...] = msgspec.field(default=(), name="expectedIPs")
    profiles: tuple[str, ...] = ()


class HostEndpoint(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A node's interface that policies can be for, and that selectors find by labels."""

    spec: HostEndpointSpec = HostEndpointSpec()


class Profile(Entity, frozen=True, kw_only=True, eq=False):
    """Rules and labels for endpoints; Calico makes those of pods from namespaces and service accounts."""

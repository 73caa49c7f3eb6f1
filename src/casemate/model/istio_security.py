"""Who may call whom in a mesh of Istio, and where its proxies ask for mutual TLS.

Source: istio.io/api security/v1beta1 authorization_policy.proto and peer_authentication.proto,
type/v1beta1/selector.proto. `security.istio.io/v1` has the same fields.
"""

import msgspec

from casemate.model.network_policy import ConnectionPolicy


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class WorkloadSelector(_Part, frozen=True, kw_only=True):
    """The labels that pods must have; without any, all pods are meant."""

    match_labels: dict[str, str] | None = None


class TargetRef(_Part, frozen=True, kw_only=True):
    """What a policy is attached to instead: a Gateway, a GatewayClass, a Service or a ServiceEntry."""

    group: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None


class Source(_Part, frozen=True, kw_only=True):
    """Who calls: all of the fields that are set must hold."""

    principals: tuple[str, ...] = ()
    not_principals: tuple[str, ...] = ()
    request_principals: tuple[str, ...] = ()
    not_request_principals: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    not_namespaces: tuple[str, ...] = ()
    service_accounts: tuple[str, ...] = ()
    not_service_accounts: tuple[str, ...] = ()
    trust_domains: tuple[str, ...] = ()
    not_trust_domains: tuple[str, ...] = ()
    ip_blocks: tuple[str, ...] = ()
    not_ip_blocks: tuple[str, ...] = ()
    remote_ip_blocks: tuple[str, ...] = ()
    not_remote_ip_blocks: tuple[str, ...] = ()


class Operation(_Part, frozen=True, kw_only=True):
    """What is called: all of the fields that are set must hold. Only ports are known without HTTP."""

    hosts: tuple[str, ...] = ()
    not_hosts: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    not_ports: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    not_methods: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()


class From(_Part, frozen=True, kw_only=True):
    """One of the sources of a rule."""

    source: Source | None = None


class To(_Part, frozen=True, kw_only=True):
    """One of the operations of a rule."""

    operation: Operation | None = None


class Condition(_Part, frozen=True, kw_only=True):
    """An attribute of the call that must have one of some values, or none of others."""

    key: str | None = None
    values: tuple[str, ...] = ()
    not_values: tuple[str, ...] = ()


class AuthorizationRule(msgspec.Struct, frozen=True, kw_only=True):
    """Any of the sources, any of the operations and all of the conditions; an empty rule is always met."""

    from_: tuple[From, ...] | None = msgspec.field(default=None, name="from")
    to: tuple[To, ...] | None = None
    when: tuple[Condition, ...] = ()


class Provider(_Part, frozen=True, kw_only=True):
    """The external authorizer that decides for the action CUSTOM."""

    name: str | None = None


class AuthorizationPolicySpec(_Part, frozen=True, kw_only=True):
    """Some pods, and what happens to calls that meet a rule: ALLOW (the default), DENY, AUDIT or CUSTOM."""

    selector: WorkloadSelector | None = None
    target_ref: TargetRef | None = None
    target_refs: tuple[TargetRef, ...] = ()
    rules: tuple[AuthorizationRule, ...] = ()
    action: str | None = None
    provider: Provider | None = None


class AuthorizationPolicy(ConnectionPolicy, frozen=True, kw_only=True, eq=False):
    """Which calls the proxies of some pods let through."""

    spec: AuthorizationPolicySpec = AuthorizationPolicySpec()

    @property
    def targets(self) -> tuple[TargetRef, ...]:
        """What it is attached to, in either form."""
        spec = self.spec
        return spec.target_refs or ((spec.target_ref,) if spec.target_ref is not None else ())


class MutualTls(_Part, frozen=True, kw_only=True):
    """STRICT, PERMISSIVE or DISABLE; UNSET, or nothing, takes the mode of the wider policy."""

    mode: str | None = None


class PeerAuthenticationSpec(_Part, frozen=True, kw_only=True):
    """Some pods, and the mode of mutual TLS of their proxies, for single ports too."""

    selector: WorkloadSelector | None = None
    mtls: MutualTls | None = None
    port_level_mtls: dict[str, MutualTls] | None = None


class PeerAuthentication(ConnectionPolicy, frozen=True, kw_only=True, eq=False):
    """Whether the proxies of some pods take plain calls."""

    spec: PeerAuthenticationSpec = PeerAuthenticationSpec()

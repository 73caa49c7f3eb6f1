"""Files that the API server and kube-proxy are configured by.

Source: kubernetes/apiserver pkg/apis/apiserver/v1 (types.go, types_encryption.go) and pkg/apis/audit/v1,
kubernetes/pod-security-admission admission/api/v1, kubernetes/kubernetes
plugin/pkg/admission/imagepolicy/config.go and eventratelimit/apis/eventratelimit/v1alpha1,
kubernetes/kube-proxy config/v1alpha1. The kubelet's own file is in `kubelet_config`.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of a file, with the names that the API uses."""


class Key(_Part, frozen=True, kw_only=True):
    """A key that stands in the file; `secret` is the key in base64 and is never shown."""

    name: str | None = None
    secret: str | None = None


class Keys(_Part, frozen=True, kw_only=True):
    """The keys of a provider: the first one writes, all of them read."""

    keys: tuple[Key, ...] = ()


class KeyService(_Part, frozen=True, kw_only=True):
    """A key management service; without `api_version` it speaks v1."""

    api_version: str | None = None
    name: str | None = None
    endpoint: str | None = None


class Nothing(_Part, frozen=True, kw_only=True):
    """The provider that stores everything as it is."""


class EncryptionProvider(_Part, frozen=True, kw_only=True):
    """One way to store and read; exactly one field is set."""

    aesgcm: Keys | None = None
    aescbc: Keys | None = None
    secretbox: Keys | None = None
    identity: Nothing | None = None
    kms: KeyService | None = None

    @property
    def word(self) -> str | None:
        """The provider's name; None where none is given, which the API server refuses."""
        names = ("aesgcm", "aescbc", "secretbox", "identity", "kms")
        return next((name for name in names if getattr(self, name) is not None), None)


class EncryptedResources(_Part, frozen=True, kw_only=True):
    """Resources as `name` or `name.group`, and their providers: the first writes, all of them read."""

    resources: tuple[str, ...] = ()
    providers: tuple[EncryptionProvider, ...] = ()


class EncryptionConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """How objects are stored; the first entry that names a resource decides about it."""

    KINDS: ClassVar[tuple[str, ...]] = ("EncryptionConfiguration", "EncryptionConfig")

    resources: tuple[EncryptedResources, ...] = ()


class PodSecurityDefaults(_Part, frozen=True, kw_only=True):
    """What holds in namespaces without labels; an empty level is privileged."""

    enforce: str | None = None
    enforce_version: str | None = msgspec.field(default=None, name="enforce-version")
    audit: str | None = None
    audit_version: str | None = msgspec.field(default=None, name="audit-version")
    warn: str | None = None
    warn_version: str | None = msgspec.field(default=None, name="warn-version")


class PodSecurityExemptions(_Part, frozen=True, kw_only=True):
    """Whose pods are never checked."""

    usernames: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    runtime_classes: tuple[str, ...] = ()


class PodSecurityConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Pod Security's configuration in a file of its own."""

    defaults: PodSecurityDefaults = PodSecurityDefaults()
    exemptions: PodSecurityExemptions = PodSecurityExemptions()


class ImagePolicy(_Part, frozen=True, kw_only=True):
    """How the image policy webhook is asked; without `default_allow` an unreachable one refuses."""

    default_allow: bool | None = None
    kube_config_file: str | None = None


class EventLimit(_Part, frozen=True, kw_only=True):
    """How many events are taken, in all or from each source."""

    type: str | None = None
    qps: int | None = None
    burst: int | None = None


class EventRateLimit(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """EventRateLimit's configuration in a file of its own."""

    KINDS: ClassVar[tuple[str, ...]] = ("Configuration",)

    limits: tuple[EventLimit, ...] = ()


class PluginConfiguration(_Part, frozen=True, kw_only=True):
    """What stands inline for a plugin; the plugin decides which fields it has."""

    kind: str | None = None
    defaults: PodSecurityDefaults = PodSecurityDefaults()
    exemptions: PodSecurityExemptions = PodSecurityExemptions()
    image_policy: ImagePolicy | None = None
    limits: tuple[EventLimit, ...] = ()


class AdmissionPlugin(_Part, frozen=True, kw_only=True):
    """A plugin with its configuration, inline or in the file at `path`."""

    name: str | None = None
    path: str | None = None
    configuration: PluginConfiguration | None = None


class AdmissionConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What `--admission-control-config-file` names."""

    plugins: tuple[AdmissionPlugin, ...] = ()


class AnonymousCondition(_Part, frozen=True, kw_only=True):
    """A path that may be asked without authentication, exactly as it stands."""

    path: str | None = None


class Anonymous(_Part, frozen=True, kw_only=True):
    """Who may ask without authentication: nobody, anybody, or anybody for the paths of the conditions."""

    enabled: bool = False
    conditions: tuple[AnonymousCondition, ...] = ()


class Issuer(_Part, frozen=True, kw_only=True):
    """Who signs tokens, and for whom."""

    url: str | None = None
    discovery_url: str | None = msgspec.field(default=None, name="discoveryURL")
    audiences: tuple[str, ...] = ()
    certificate_authority: str | None = None


class Mapping(_Part, frozen=True, kw_only=True):
    """Where a name comes from: a claim behind a prefix, or an expression in CEL."""

    claim: str | None = None
    prefix: str | None = None
    expression: str | None = None


class ClaimMappings(_Part, frozen=True, kw_only=True):
    """What of a token becomes the user's name and groups."""

    username: Mapping = Mapping()
    groups: Mapping = Mapping()


class UserRule(_Part, frozen=True, kw_only=True):
    """An expression in CEL that must hold for the user."""

    expression: str | None = None


class JwtAuthenticator(_Part, frozen=True, kw_only=True):
    """One issuer of tokens and how its claims are read."""

    issuer: Issuer = Issuer()
    claim_mappings: ClaimMappings = ClaimMappings()
    user_validation_rules: tuple[UserRule, ...] = ()


class AuthenticationConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What `--authentication-config` names; without `anonymous`, the flag --anonymous-auth decides."""

    jwt: tuple[JwtAuthenticator, ...] = ()
    anonymous: Anonymous | None = None


class MatchCondition(_Part, frozen=True, kw_only=True):
    """An expression in CEL: the webhook is asked only where all of them hold."""

    expression: str | None = None


class WebhookAuthorizer(_Part, frozen=True, kw_only=True):
    """How a webhook is asked; `failure_policy` NoOpinion lets the next authorizer decide."""

    failure_policy: str | None = None
    timeout: str | None = None
    authorized_ttl: str | None = msgspec.field(default=None, name="authorizedTTL")
    unauthorized_ttl: str | None = msgspec.field(default=None, name="unauthorizedTTL")
    match_conditions: tuple[MatchCondition, ...] = ()


class Authorizer(_Part, frozen=True, kw_only=True):
    """One authorizer: Webhook, Node, RBAC, ABAC, AlwaysAllow or AlwaysDeny."""

    type: str | None = None
    name: str | None = None
    webhook: WebhookAuthorizer | None = None


class AuthorizationConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What `--authorization-config` names; authorizers are asked in their order."""

    authorizers: tuple[Authorizer, ...] = ()

    @property
    def modes(self) -> tuple[str, ...]:
        """The types of the authorizers, in their order."""
        return tuple(one.type for one in self.authorizers if one.type)


class AuditResources(_Part, frozen=True, kw_only=True):
    """Resources of one API group; none means all of the group."""

    group: str = ""
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()


class AuditRule(_Part, frozen=True, kw_only=True):
    """At which level requests are logged; an empty list asks for nothing."""

    level: str | None = None
    users: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    resources: tuple[AuditResources, ...] = ()
    namespaces: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = msgspec.field(default=(), name="nonResourceURLs")
    omit_stages: tuple[str, ...] = ()


class AuditPolicy(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What `--audit-policy-file` names; the first rule that matches decides, and none means not logged."""

    KINDS: ClassVar[tuple[str, ...]] = ("Policy",)

    rules: tuple[AuditRule, ...] = ()
    omit_stages: tuple[str, ...] = ()


class KubeProxyConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What kube-proxy's `--config` names."""

    metrics_bind_address: str | None = None
    healthz_bind_address: str | None = None
    enable_profiling: bool | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The kube-proxy that it is for."""
        return ("KubeProxy",)

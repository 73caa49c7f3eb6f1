"""Who is asked before the API server lets an object in: webhooks, admission policies, PodSecurityPolicy.

Source: admissionregistration.k8s.io v1, v1beta1 and v1alpha1 types.go; policy/v1beta1 types.go of
Kubernetes 1.24, the last release with PodSecurityPolicy.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class AdmissionRule(_Part, frozen=True, kw_only=True):
    """Requests that are asked about; each list may hold `*`."""

    api_groups: tuple[str, ...] = ()
    api_versions: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    scope: str | None = None


class MatchCondition(_Part, frozen=True, kw_only=True):
    """An expression of CEL that must be true for a request to be asked about."""

    name: str | None = None
    expression: str = ""


class ServiceReference(_Part, frozen=True, kw_only=True):
    """The Service that answers a webhook."""

    namespace: str | None = None
    name: str | None = None
    port: int | None = None


class ClientConfig(_Part, frozen=True, kw_only=True):
    """Where a webhook is, by URL or by Service, and the certificates that it must show one of."""

    url: str | None = None
    service: ServiceReference | None = None
    ca_bundle: str | None = None


class Webhook(_Part, frozen=True, kw_only=True):
    """One program that is asked, about what, and what counts when it does not answer."""

    name: str | None = None
    client_config: ClientConfig = ClientConfig()
    rules: tuple[AdmissionRule, ...] = ()
    failure_policy: str | None = None
    namespace_selector: LabelSelector | None = None
    object_selector: LabelSelector | None = None
    side_effects: str | None = None
    timeout_seconds: int | None = None
    admission_review_versions: tuple[str, ...] = ()
    match_conditions: tuple[MatchCondition, ...] = ()


class Admitting(Entity, frozen=True, kw_only=True, eq=False):
    """An object by which the API server asks before it lets another in."""


class WebhookConfiguration(Admitting, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Webhooks that may refuse objects (validating) or change them (mutating)."""

    KINDS: ClassVar[tuple[str, ...]] = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")

    webhooks: tuple[Webhook, ...] = ()

    @property
    def validating(self) -> bool:
        """Whether its webhooks may refuse, and change nothing."""
        return self.ref.kind == "ValidatingWebhookConfiguration"


class MatchResources(_Part, frozen=True, kw_only=True):
    """The requests that a policy or its binding is about."""

    resource_rules: tuple[AdmissionRule, ...] = ()
    namespace_selector: LabelSelector | None = None
    object_selector: LabelSelector | None = None


class AdmissionPolicySpec(_Part, frozen=True, kw_only=True):
    """What a policy is about, and what counts when it cannot be evaluated."""

    failure_policy: str | None = None
    match_constraints: MatchResources = MatchResources()
    match_conditions: tuple[MatchCondition, ...] = ()


class AdmissionPolicy(Admitting, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Expressions that the API server evaluates by itself; in force only where a binding names it."""

    KINDS: ClassVar[tuple[str, ...]] = ("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")

    spec: AdmissionPolicySpec = AdmissionPolicySpec()

    @property
    def validating(self) -> bool:
        """Whether it may refuse, and changes nothing."""
        return self.ref.kind == "ValidatingAdmissionPolicy"


class AdmissionPolicyBindingSpec(_Part, frozen=True, kw_only=True):
    """The policy that is put in force, and what happens to what it does not allow."""

    policy_name: str | None = None
    validation_actions: tuple[str, ...] = ()


class AdmissionPolicyBinding(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What puts an admission policy in force."""

    KINDS: ClassVar[tuple[str, ...]] = (
        "ValidatingAdmissionPolicyBinding",
        "MutatingAdmissionPolicyBinding",
    )

    spec: AdmissionPolicyBindingSpec = AdmissionPolicyBindingSpec()


class IdRange(_Part, frozen=True, kw_only=True):
    """Numbers of users or groups, or host ports, both ends included."""

    min: int = 0
    max: int = 0


class IdStrategy(_Part, frozen=True, kw_only=True):
    """Which users or groups a policy lets a pod run as."""

    rule: str | None = None
    ranges: tuple[IdRange, ...] = ()


class AllowedHostPath(_Part, frozen=True, kw_only=True):
    """A folder of the node that volumes may come from."""

    path_prefix: str | None = None
    read_only: bool | None = None


class SelinuxOptions(_Part, frozen=True, kw_only=True):
    """Labels of SELinux that a policy sets or asks for."""

    type: str | None = None
    user: str | None = None
    role: str | None = None


class SelinuxStrategy(_Part, frozen=True, kw_only=True):
    """Which labels of SELinux a policy lets a pod have."""

    rule: str | None = None
    se_linux_options: SelinuxOptions = SelinuxOptions()


class PodSecurityPolicySpec(_Part, frozen=True, kw_only=True):
    """What a policy lets pods do."""

    privileged: bool | None = None
    host_pid: bool | None = msgspec.field(default=None, name="hostPID")
    host_ipc: bool | None = msgspec.field(default=None, name="hostIPC")
    host_network: bool | None = None
    host_ports: tuple[IdRange, ...] = ()
    volumes: tuple[str, ...] = ()
    allowed_host_paths: tuple[AllowedHostPath, ...] = ()
    allowed_flex_volumes: tuple[dict[str, str], ...] = ()
    allowed_csi_drivers: tuple[dict[str, str], ...] = msgspec.field(default=(), name="allowedCSIDrivers")
    allowed_capabilities: tuple[str, ...] = ()
    default_add_capabilities: tuple[str, ...] = ()
    required_drop_capabilities: tuple[str, ...] = ()
    allow_privilege_escalation: bool | None = None
    default_allow_privilege_escalation: bool | None = None
    run_as_user: IdStrategy = IdStrategy()
    run_as_group: IdStrategy | None = None
    fs_group: IdStrategy = IdStrategy()
    supplemental_groups: IdStrategy = IdStrategy()
    se_linux: SelinuxStrategy = SelinuxStrategy()
    read_only_root_filesystem: bool | None = None
    allowed_proc_mount_types: tuple[str, ...] = ()
    allowed_unsafe_sysctls: tuple[str, ...] = ()
    forbidden_sysctls: tuple[str, ...] = ()
    runtime_class: dict[str, object] | None = None


class PodSecurityPolicy(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What pods may do that are made by those who may use the policy; gone from Kubernetes 1.25 on."""

    spec: PodSecurityPolicySpec = PodSecurityPolicySpec()

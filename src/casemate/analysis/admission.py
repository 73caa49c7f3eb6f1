"""What webhooks and admission policies are asked about, and what they leave out.

Source: k8s.io/apiserver pkg/admission/plugin/webhook/predicates/rules (how rules match, and that objects of
admissionregistration.k8s.io are never asked about) and predicates/namespace (no selector of namespaces keeps
objects outside of namespaces away); kubernetes pkg/apis/admissionregistration v1 and v1beta1 defaults.go.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import msgspec

from casemate.model.admission import (
    AdmissionPolicy,
    AdmissionRule,
    Admitting,
    MatchCondition,
    Webhook,
    WebhookConfiguration,
)
from casemate.model.estate import Entity, Estate
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector
from casemate.model.settings import Settings

_WRITES = frozenset(("CREATE", "UPDATE"))
_CONNECT = frozenset(("CONNECT",))

GUARDED: dict[tuple[str, str], frozenset[str]] = {
    ("", "namespaces"): _WRITES,
    ("", "pods"): _WRITES,
    ("", "pods/attach"): _CONNECT,
    ("", "pods/ephemeralcontainers"): _WRITES,
    ("", "pods/exec"): _CONNECT,
    ("", "pods/portforward"): _CONNECT,
    ("", "replicationcontrollers"): _WRITES,
    ("", "secrets"): _WRITES,
    ("", "serviceaccounts"): _WRITES,
    ("", "serviceaccounts/token"): _WRITES,
    ("apps", "daemonsets"): _WRITES,
    ("apps", "deployments"): _WRITES,
    ("apps", "replicasets"): _WRITES,
    ("apps", "statefulsets"): _WRITES,
    ("batch", "cronjobs"): _WRITES,
    ("batch", "jobs"): _WRITES,
    ("rbac.authorization.k8s.io", "clusterrolebindings"): _WRITES,
    ("rbac.authorization.k8s.io", "clusterroles"): _WRITES,
    ("rbac.authorization.k8s.io", "rolebindings"): _WRITES,
    ("rbac.authorization.k8s.io", "roles"): _WRITES,
}
"""What decides about rights, secrets and what runs, and the requests by which it changes.

Objects of admissionregistration.k8s.io are not here: the API server never asks about them.
"""
_ENGINES = frozenset(
    ("kyverno.io", "policies.kyverno.io", "constraints.gatekeeper.sh", "policies.kubewarden.io")
)
_OUTSIDE_NAMESPACES = frozenset(("namespaces", "clusterrolebindings", "clusterroles"))


class Admitter(msgspec.Struct, frozen=True, eq=False):
    """A webhook or policy that the API server asks; `match` is where its selectors stand."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (Admitting,)

    entity: Entity
    title: str
    validating: bool
    match: Path
    conditions_at: Path
    rules: tuple[AdmissionRule, ...]
    namespace_selector: LabelSelector | None
    object_selector: LabelSelector | None
    conditions: tuple[MatchCondition, ...]
    own_namespace: str | None

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator["Admitter"]:  # noqa: ARG003 # engine.judge.Part
        """The webhooks of a configuration, or a policy."""
        for called in called_by(entity):
            hook, base = called.webhook, called.base
            service = hook.client_config.service
            yield cls(
                entity,
                called.title,
                called.validating,
                base,
                (*base, "matchConditions"),
                hook.rules,
                hook.namespace_selector,
                hook.object_selector,
                hook.match_conditions,
                service.namespace if service else None,
            )
        if isinstance(entity, AdmissionPolicy):
            spec = entity.spec
            match = spec.match_constraints
            yield cls(
                entity,
                "the policy",
                entity.validating,
                ("spec", "matchConstraints"),
                ("spec", "matchConditions"),
                match.resource_rules,
                match.namespace_selector,
                match.object_selector,
                spec.match_conditions,
                None,
            )

    @property
    def guarded(self) -> list[str]:
        """The resources among `GUARDED` that it is asked about."""
        return guarded(self.rules)


class Called(msgspec.Struct, frozen=True, eq=False):
    """One webhook of a configuration."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (WebhookConfiguration,)

    entity: WebhookConfiguration
    base: Path
    webhook: Webhook

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator["Called"]:  # noqa: ARG003 # engine.judge.Part
        """The webhooks of a configuration, none of other objects."""
        return called_by(entity)

    @property
    def title(self) -> str:
        """The webhook for people."""
        return f"the webhook {self.webhook.name or '(no name)'}"

    @property
    def validating(self) -> bool:
        """Whether it may refuse, and changes nothing."""
        return self.entity.validating

    @property
    def is_beta(self) -> bool:
        """Whether the object is of v1beta1, whose defaults are others."""
        return self.entity.ref.api_version.endswith("/v1beta1")

    @property
    def failure_policy(self) -> str:
        """What counts when it does not answer: Fail, but Ignore in v1beta1, where nothing is said."""
        return self.webhook.failure_policy or ("Ignore" if self.is_beta else "Fail")

    @property
    def timeout(self) -> int:
        """How many seconds the API server waits: 10, but 30 in v1beta1, where nothing is said."""
        seconds = self.webhook.timeout_seconds
        if seconds is None:
            return 30 if self.is_beta else 10
        return seconds

    def at(self, *steps: str | int) -> Path:
        """The path of a field of the webhook."""
        return (*self.base, *steps)


def called_by(entity: Entity) -> Iterator[Called]:
    """The webhooks of a configuration, none of other objects."""
    if isinstance(entity, WebhookConfiguration):
        for index, hook in enumerate(entity.webhooks):
            yield Called(entity, ("webhooks", index), hook)


def guarded(rules: Iterable[AdmissionRule]) -> list[str]:
    """The resources among `GUARDED` that some rule matches with a request that changes them."""
    found = {
        resource
        for rule in rules
        for (group, resource), operations in GUARDED.items()
        if _matches(rule, group, resource, operations)
    }
    return sorted(found)


def asks_about(rules: Iterable[AdmissionRule], group: str, resource: str) -> bool:
    """Whether some rule matches the creation of a resource."""
    return any(_matches(rule, group, resource, frozenset(("CREATE",))) for rule in rules)


def _matches(rule: AdmissionRule, group: str, resource: str, operations: frozenset[str]) -> bool:
    if "*" not in rule.api_groups and group not in rule.api_groups:
        return False
    if "*" not in rule.operations and operations.isdisjoint(rule.operations):
        return False
    if rule.resource_names:
        return False
    outside = resource in _OUTSIDE_NAMESPACES
    if (rule.scope == "Namespaced" and outside) or (rule.scope == "Cluster" and not outside):
        return False
    wanted, _, part = resource.partition("/")
    for pattern in rule.resources:
        main, _, sub = pattern.partition("/")
        if main in {"*", wanted} and sub in {"*", part}:
            return True
    return False


class PodChecks:
    """What besides Pod Security looks at pods before they are let in."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    @classmethod
    def of(cls, estate: Estate) -> "PodChecks":
        """The webhooks, policies and objects of policy engines in an estate, by their titles."""
        names = [entity.title for entity in estate.entities if entity.ref.group in _ENGINES]
        for entity in estate.of(Admitting):
            for part in Admitter.parts_of(entity, estate, Settings()):
                if part.validating and asks_about(part.rules, "", "pods"):
                    names.append(entity.title)
                    break
        return cls(names)

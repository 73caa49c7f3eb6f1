"""Which rule of an audit policy decides about a request, and at which level it is logged.

Source: kubernetes/apiserver pkg/audit/policy/checker.go (`EvaluatePolicyRule`): the first rule that
matches decides, none means not logged. A rule with resources or namespaces asks about resources only.
"""

import msgspec

from casemate.model.cluster_configs import AuditPolicy, AuditResources, AuditRule

NONE, METADATA, REQUEST, REQUEST_RESPONSE = "None", "Metadata", "Request", "RequestResponse"
LEVELS = (NONE, METADATA, REQUEST, REQUEST_RESPONSE)
STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request as the policy sees it; a user, an object and a namespace that no rule is likely to name."""

    verb: str
    resource: str = ""
    subresource: str = ""
    group: str = ""
    path: str = ""
    namespace: str = "any namespace"
    name: str = "any name"
    user: str = "any user"
    groups: tuple[str, ...] = ("system:authenticated",)


def deciding(policy: AuditPolicy, request: Request) -> int | None:
    """The index of the rule that decides about a request; None where none does."""
    return next((index for index, rule in enumerate(policy.rules) if matches(rule, request)), None)


def level(policy: AuditPolicy, request: Request) -> str:
    """At which level a request is logged."""
    index = deciding(policy, request)
    return NONE if index is None else policy.rules[index].level or NONE


def catches_all(rule: AuditRule) -> bool:
    """Whether a rule asks for nothing, so that it matches every request."""
    asked = (
        rule.users,
        rule.user_groups,
        rule.verbs,
        rule.resources,
        rule.namespaces,
        rule.non_resource_urls,
    )
    return not any(asked)


def matches(rule: AuditRule, request: Request) -> bool:
    """Whether a rule is about a request."""
    if rule.users and request.user not in rule.users:
        return False
    if rule.user_groups and not set(rule.user_groups) & set(request.groups):
        return False
    if rule.verbs and request.verb not in rule.verbs:
        return False
    if rule.namespaces or rule.resources:
        return bool(request.resource) and _matches_resource(rule, request)
    if rule.non_resource_urls:
        return not request.resource and any(_is_path(spec, request.path) for spec in rule.non_resource_urls)
    return True


def _is_path(spec: str, path: str) -> bool:
    return spec in {"*", path} or (spec.endswith("*") and path.startswith(spec.rstrip("*")))


def _matches_resource(rule: AuditRule, request: Request) -> bool:
    if rule.namespaces and request.namespace not in rule.namespaces:
        return False
    return not rule.resources or any(_is_of(resources, request) for resources in rule.resources)


def _is_of(resources: AuditResources, request: Request) -> bool:
    if resources.group not in {request.group, "*"}:
        return False
    if not resources.resources:
        return True
    if resources.resource_names and request.name not in resources.resource_names:
        return False
    sub = request.subresource
    wanted = {"*", f"{request.resource}/{sub}" if sub else request.resource, f"{request.resource}/*"}
    if sub:
        wanted.add(f"*/{sub}")
    return not wanted.isdisjoint(resources.resources)

"""What one rule of a role grants, exactly as the API server's authorizer decides it.

A rule matches as a whole: verb, group, resource and name must all match in the same rule. Wildcards are
`*` and, for resources, `*/subresource`; `pods/*` matches nothing, and `*` in resourceNames is a name.

Source: pkg/apis/rbac/v1/evaluation_helpers.go and plugin/pkg/auth/authorizer/rbac/rbac.go of Kubernetes.
"""

import msgspec

from casemate.model.rbac import PolicyRule

ALL = "*"
COMMON_GROUPS = ("", "apps", "batch", "rbac.authorization.k8s.io")
"""Groups that hold much else than what one program brings along."""
NAMELESS = frozenset({"create", "deletecollection"})
"""Verbs whose requests about an object itself carry no name, so that resourceNames never match them.

`list` and `watch` carry the name that a field selector on metadata.name gives. Requests about a subresource
always carry the name of its object.
"""


class Request(msgspec.Struct, frozen=True):
    """What somebody wants to do: to a resource, or to the URL `path` where no resource is named.

    `namespace` is empty for what belongs to none, and for a question about all namespaces at once.
    """

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    name: str = ""
    path: str = ""
    namespace: str = ""

    @property
    def full_resource(self) -> str:
        """The resource as rules write it: `pods/exec`."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource

    @property
    def is_resource(self) -> bool:
        """Whether it is about a resource rather than a URL."""
        return bool(self.resource or self.namespace)


def allows(rule: PolicyRule, request: Request) -> bool:
    """Whether the rule lets a request pass."""
    if rule.attribute_restrictions is not None or not matches_verb(rule, request.verb):
        return False
    if request.is_resource:
        return (
            matches_group(rule, request.group)
            and any(_is_meant(pattern, request) for pattern in rule.resources)
            and matches_name(rule, request.name)
        )
    return any(url_matches(pattern, request.path) for pattern in rule.non_resource_urls)


def _is_meant(pattern: str, request: Request) -> bool:
    """Whether one entry of a rule's resources means that of a request."""
    if pattern in {ALL, request.full_resource}:
        return True
    return request.subresource != "" and pattern == f"*/{request.subresource}"


def matches_verb(rule: PolicyRule, verb: str) -> bool:
    """Whether the verb is among the rule's."""
    return ALL in rule.verbs or verb in rule.verbs


def matches_group(rule: PolicyRule, group: str) -> bool:
    """Whether the API group is among the rule's; the core group is the empty text."""
    return ALL in rule.api_groups or group in rule.api_groups


def matches_resource(rule: PolicyRule, resource: str) -> bool:
    """Whether the resource, or `resource/subresource`, is among the rule's."""
    return any(resource_matches(pattern, resource) for pattern in rule.resources)


def resource_matches(pattern: str, resource: str) -> bool:
    """Whether one entry of a rule's resources means this resource."""
    _, slash, subresource = resource.partition("/")
    return pattern in {ALL, resource} or (slash != "" and subresource != "" and pattern == f"*/{subresource}")


def matches_name(rule: PolicyRule, name: str) -> bool:
    """Whether the rule is about an object of that name; without names it is about all."""
    return not rule.resource_names or name in rule.resource_names


def url_matches(pattern: str, path: str) -> bool:
    """Whether one entry of a rule's URLs means this path: equal, or a prefix that ends in `*`."""
    return pattern == path or (pattern.endswith(ALL) and path.startswith(pattern.rstrip(ALL)))


def grants(rule: PolicyRule, verb: str, group: str, resource: str) -> bool:
    """Whether the rule grants the verb on some object of the resource (`pods`, `pods/exec`).

    Where it has resourceNames, it does so for these objects only, and never for a verb whose request
    carries no name.
    """
    if rule.attribute_restrictions is not None:
        return False
    if rule.resource_names and verb in NAMELESS and "/" not in resource and "" not in rule.resource_names:
        return False
    return matches_verb(rule, verb) and matches_group(rule, group) and matches_resource(rule, resource)


def grants_everything(rule: PolicyRule) -> bool:
    """Whether the rule grants every verb on every resource of every group, as cluster-admin does."""
    return (
        ALL in rule.verbs
        and ALL in rule.api_groups
        and ALL in rule.resources
        and not rule.resource_names
        and rule.attribute_restrictions is None
    )

"""At which level an audit policy logs a request, and what it leaves out.

The first rule that matches decides; a request that none matches is not logged.

Source: apiserver pkg/audit/policy/checker.go of Kubernetes.
"""

from collections.abc import Iterable, Iterator

from casemate.analysis.rbac.holders import Holder
from casemate.model.audit import Call, Caller
from casemate.model.cluster_configs import AuditPolicy, AuditResources, AuditRule
from casemate.model.rbac import GROUP

NONE = "None"
_ALL = "*"


def level_of(policy: AuditPolicy, caller: Caller, call: Call) -> str:
    """The level at which a request is logged; `None` where it is not."""
    for rule in policy.rules:
        if _is_about(rule, caller.user, caller.groups) and _matches(rule, call):
            return rule.level or NONE
    return NONE


def left_out(policy: AuditPolicy, holder: Holder, callers: Iterable[Caller]) -> Iterator[str]:
    """In words, what the policy's rules leave out of the requests of a holder."""
    groups = {group for caller in callers for group in caller.groups}
    if holder.kind == GROUP:
        groups.add(holder.name)
    for rule in policy.rules:
        if (rule.level or NONE) == NONE and _may_be_about(rule, holder, groups):
            yield _words(rule)


def _may_be_about(rule: AuditRule, holder: Holder, groups: set[str]) -> bool:
    if rule.users and (holder.kind == GROUP or holder.name not in rule.users):
        return holder.kind == GROUP
    return not rule.user_groups or not groups.isdisjoint(rule.user_groups)


def _is_about(rule: AuditRule, user: str, groups: tuple[str, ...]) -> bool:
    if rule.users and user not in rule.users:
        return False
    return not rule.user_groups or not set(groups).isdisjoint(rule.user_groups)


def _matches(rule: AuditRule, call: Call) -> bool:
    if rule.verbs and call.verb not in rule.verbs:
        return False
    if rule.namespaces or rule.resources:
        if not call.resource or (rule.namespaces and call.namespace not in rule.namespaces):
            return False
        return not rule.resources or any(_is_meant(one, call) for one in rule.resources)
    if rule.non_resource_urls:
        return not call.resource and any(_is_path(url, call.path) for url in rule.non_resource_urls)
    return True


def _is_meant(one: AuditResources, call: Call) -> bool:
    if one.group not in {call.group, _ALL}:
        return False
    if not one.resources:
        return True
    if one.resource_names and call.name not in one.resource_names:
        return False
    return any(
        pattern in {call.full_resource, _ALL}
        or pattern == f"{call.resource}/*"
        or (call.subresource != "" and pattern == f"*/{call.subresource}")
        for pattern in one.resources
    )


def _is_path(url: str, path: str) -> bool:
    return url == path or (url.endswith(_ALL) and path.startswith(url.rstrip(_ALL)))


def _words(rule: AuditRule) -> str:
    verbs = ", ".join(rule.verbs) or "any request"
    resources = [
        resource if not one.group else f"{resource}.{one.group}"
        for one in rule.resources
        for resource in one.resources or (_ALL,)
    ]
    about = ", ".join((*resources, *rule.non_resource_urls))
    where = f" in {', '.join(rule.namespaces)}" if rule.namespaces else ""
    return f"{verbs}{f' on {about}' if about else ''}{where}"

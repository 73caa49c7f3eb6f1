"""Whether a caller may write a role or binding without gaining rights: the API server's escalation check.

A role may say what its writer holds, a binding may give a role whose rights its writer holds; `escalate` and
`bind` are the exceptions, and members of system:masters are never checked. This comes after the
authorizer has allowed the write itself.

Source: pkg/registry/rbac/escalation_check.go and pkg/registry/rbac/*/policybased/storage.go of Kubernetes.
"""

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer, Grant
from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import ALL, Request
from casemate.analysis.rbac.subject_keys import is_master
from casemate.model.rbac import RBAC, Binding, PolicyRule, Role

CREATE, UPDATE = "create", "update"
_EVERYTHING = (
    PolicyRule(verbs=(ALL,), api_groups=(ALL,), resources=(ALL,)),
    PolicyRule(verbs=(ALL,), non_resource_urls=(ALL,)),
)


class Escalation(msgspec.Struct, frozen=True):
    """Whether a write passes, why, and the smallest rights that are missing where it does not.

    `by` is the grant of `escalate` or `bind` where one decided.
    """

    allowed: bool
    why: str
    by: Grant | None = None
    missing: tuple[PolicyRule, ...] = ()


def may_write(
    known: Authorizer, who: Identity, target: Role | Binding, verb: str = CREATE, old: Role | None = None
) -> Escalation:
    """The escalation check of writing a role or binding; `verb` is `create`, or `update` of `old`."""
    if is_master(who):
        return Escalation(allowed=True, why="members of system:masters are not checked")
    if isinstance(target, Role):
        return _may_write_role(known, who, target, verb, old)
    return _may_write_binding(known, who, target)


def _may_write_role(known: Authorizer, who: Identity, role: Role, verb: str, old: Role | None) -> Escalation:
    namespace = "" if role.is_cluster else known.namespace_of(role)
    resource = "clusterroles" if role.is_cluster else "roles"
    name = (role.ref.name or "") if verb != CREATE else ""  # a request to create carries no name
    by = known.decide(who, Request("escalate", RBAC, resource, name=name, namespace=namespace))
    if by is not None:
        return Escalation(allowed=True, why=f"may escalate {resource}", by=by)
    held = [rule for _, rule in known.rules_of(who, namespace)]
    missing = tuple(uncovered(held, role.rules))
    if missing:
        return Escalation(allowed=False, why="the role says more than its writer may do", missing=missing)
    if role.is_cluster and any(_takes(item) for item in (role, old)):
        # whoever may do everything may escalate, and has passed above
        why = "an aggregationRule can gather anything: its writer must be allowed everything"
        return Escalation(allowed=False, why=why, missing=tuple(uncovered(held, _EVERYTHING)))
    return Escalation(allowed=True, why="holds every right that the role says")


def _may_write_binding(known: Authorizer, who: Identity, binding: Binding) -> Escalation:
    namespace = "" if binding.is_cluster else known.namespace_of(binding)
    kind, name = binding.role_kind, binding.role_name
    resource = {"ClusterRole": "clusterroles", "Role": "roles"}.get(kind)
    if resource is not None:
        group = binding.role_ref.api_group or RBAC
        by = known.decide(who, Request("bind", group, resource, name=name, namespace=namespace))
        if by is not None:
            return Escalation(allowed=True, why=f"may bind {kind} {name}", by=by)
    given = known.rules_given(binding)
    if given is None:
        return Escalation(
            allowed=False, why=f"there is no {kind} {name}, and without it only bind lets it pass"
        )
    held = [rule for _, rule in known.rules_of(who, namespace)]
    missing = tuple(uncovered(held, given))
    if missing:
        return Escalation(allowed=False, why="the role gives more than the writer may do", missing=missing)
    return Escalation(allowed=True, why="holds every right that the role gives")


def _takes(role: Role | None) -> bool:
    rule = role.aggregation_rule if role is not None else None
    return rule is not None and bool(rule.cluster_role_selectors)

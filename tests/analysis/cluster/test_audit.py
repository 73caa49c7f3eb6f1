"""Rules of an audit policy match as kubernetes/apiserver pkg/audit/policy/checker.go has it."""

import pytest

from casemate.analysis.cluster.audit import Request, deciding, level, matches
from casemate.model.cluster_configs import AuditPolicy, AuditResources, AuditRule
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin

EXEC = Request(verb="create", resource="pods", subresource="exec", namespace="shop", name="cart")
GET = Request(verb="get", resource="pods", namespace="shop", name="cart")
HEALTH = Request(verb="get", path="/healthz/ping")
PODS = AuditResources(resources=("pods",))


@pytest.mark.parametrize(
    ("rule", "request_", "expected"),
    [
        (AuditRule(), EXEC, True),
        (AuditRule(users=("alice",)), EXEC, False),
        (AuditRule(users=("any user",)), EXEC, True),
        (AuditRule(user_groups=("system:nodes",)), EXEC, False),
        (AuditRule(user_groups=("system:nodes", "system:authenticated")), EXEC, True),
        (AuditRule(verbs=("get",)), EXEC, False),
        (AuditRule(namespaces=("shop",)), EXEC, True),
        (AuditRule(namespaces=("other",)), EXEC, False),
        (AuditRule(namespaces=("",)), HEALTH, False),
        (AuditRule(resources=(PODS,)), GET, True),
        (AuditRule(resources=(PODS,)), EXEC, False),
        (AuditRule(resources=(PODS,)), HEALTH, False),
        (AuditRule(resources=(AuditResources(resources=("pods/exec",)),)), EXEC, True),
        (AuditRule(resources=(AuditResources(resources=("pods/*",)),)), EXEC, True),
        (AuditRule(resources=(AuditResources(resources=("*/exec",)),)), EXEC, True),
        (AuditRule(resources=(AuditResources(resources=("*/exec",)),)), GET, False),
        (AuditRule(resources=(AuditResources(resources=("*",)),)), EXEC, True),
        (AuditRule(resources=(AuditResources(group="apps"),)), EXEC, False),
        (AuditRule(resources=(AuditResources(group="*"),)), EXEC, True),
        (AuditRule(resources=(AuditResources(resources=("pods",), resource_names=("other",)),)), GET, False),
        (AuditRule(resources=(AuditResources(resources=("pods",), resource_names=("cart",)),)), GET, True),
        (AuditRule(non_resource_urls=("/healthz*",)), HEALTH, True),
        (AuditRule(non_resource_urls=("/healthz/ping",)), HEALTH, True),
        (AuditRule(non_resource_urls=("*",)), HEALTH, True),
        (AuditRule(non_resource_urls=("/metrics",)), HEALTH, False),
        (AuditRule(non_resource_urls=("*",)), GET, False),
    ],
)
def test_matches(rule: AuditRule, request_: Request, expected: bool) -> None:
    assert matches(rule, request_) is expected


def test_the_first_rule_decides() -> None:
    rules = (
        AuditRule(level="None", verbs=("get",)),
        AuditRule(level="Request", resources=(PODS,)),
        AuditRule(verbs=("create",)),
    )
    policy = AuditPolicy(
        ref=Ref("audit.k8s.io/v1", "Policy", None, None), origin=Origin(Document("a.yaml")), rules=rules
    )
    assert (deciding(policy, GET), level(policy, GET)) == (0, "None")
    assert (deciding(policy, EXEC), level(policy, EXEC)) == (2, "None")
    other = Request(verb="list", resource="services")
    assert (deciding(policy, other), level(policy, other)) == (None, "None")
    assert level(policy, Request(verb="list", resource="pods")) == "Request"

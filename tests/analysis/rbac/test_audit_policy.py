"""What an audit policy logs and leaves out."""

import pytest

from casemate.analysis.rbac.audit_policy import left_out, level_of
from casemate.analysis.rbac.holders import Holder
from casemate.model.audit import Caller
from casemate.model.cluster_configs import AuditPolicy, AuditResources, AuditRule
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin
from tests.analysis.rbac.logs import call

JANE = Caller("jane", ("devs",))


def policy(*rules: AuditRule) -> AuditPolicy:
    return AuditPolicy(
        ref=Ref("audit.k8s.io/v1", "Policy", None, None), origin=Origin(Document("p.yaml")), rules=rules
    )


def about(group: str, *resources: str, names: tuple[str, ...] = ()) -> AuditRule:
    return AuditRule(
        level="None", resources=(AuditResources(group=group, resources=resources, resource_names=names),)
    )


@pytest.mark.parametrize(
    ("rule", "request_", "matches"),
    [
        (AuditRule(level="None"), "get pods", True),
        (AuditRule(level=None), "get pods", True),
        (AuditRule(level="None", users=("tom",)), "get pods", False),
        (AuditRule(level="None", users=("jane",)), "get pods", True),
        (AuditRule(level="None", user_groups=("ops",)), "get pods", False),
        (AuditRule(level="None", user_groups=("ops", "devs")), "get pods", True),
        (AuditRule(level="None", verbs=("list",)), "get pods", False),
        (AuditRule(level="None", namespaces=("m",)), "get pods", False),
        (AuditRule(level="None", namespaces=("n",)), "get pods", True),
        (AuditRule(level="None", namespaces=("",)), "get /metrics", False),
        (AuditRule(level="None", non_resource_urls=("/met*",)), "get /metrics", True),
        (AuditRule(level="None", non_resource_urls=("/metrics",)), "get /metrics", True),
        (AuditRule(level="None", non_resource_urls=("/healthz",)), "get /metrics", False),
        (AuditRule(level="None", non_resource_urls=("*",)), "get pods", False),
        (about(""), "get pods", True),
        (about("apps"), "get pods", False),
        (about("*", "pods"), "get pods", True),
        (about("", "pods"), "get pods/log a", False),
        (about("", "pods/log"), "get pods/log a", True),
        (about("", "pods/*"), "get pods", True),
        (about("", "*/log"), "get pods/log a", True),
        (about("", "*/log"), "get pods", False),
        (about("", "*"), "get pods/log a", True),
        (about("", "pods", names=("a",)), "get pods a", True),
        (about("", "pods", names=("b",)), "get pods a", False),
    ],
)
def test_rules_match_as_the_server_matches_them(rule: AuditRule, request_: str, matches: bool) -> None:
    level = level_of(policy(rule, AuditRule(level="Metadata")), JANE, call(request_))
    assert level == ("None" if matches else "Metadata")


def test_what_no_rule_matches_is_not_logged() -> None:
    assert level_of(policy(), JANE, call("get pods")) == "None"


def test_the_parts_that_may_be_about_somebody_are_said() -> None:
    rules = policy(
        AuditRule(level="None", verbs=("get", "watch")),
        AuditRule(level="None", users=("tom",)),
        AuditRule(level="None", users=("jane",), namespaces=("n",)),
        AuditRule(level="None", user_groups=("ops",)),
        AuditRule(level="None", user_groups=("devs",), non_resource_urls=("/healthz*",)),
        AuditRule(level="Metadata"),
        AuditRule(
            level="None",
            resources=(AuditResources(group="apps", resources=("deployments",)), AuditResources()),
        ),
    )
    user = list(left_out(rules, Holder("User", "jane"), [JANE]))
    assert user == [
        "get, watch",
        "any request in n",
        "any request on /healthz*",
        "any request on deployments.apps, *",
    ]
    group = list(left_out(rules, Holder("Group", "devs"), [JANE]))
    assert group[:3] == ["get, watch", "any request", "any request in n"]

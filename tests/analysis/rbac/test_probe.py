"""Twenty-one roles, 15 dangerous and 6 harmless: the family answers about each as a person would."""

import pytest

from casemate.controls.catalogue import family
from casemate.engine.judge import judge
from casemate.model.rbac import RBAC, PolicyRule
from casemate.model.settings import Settings
from tests.analysis.rbac.estates import estate, role, rule

DANGEROUS = {
    "everything by another name": ((rule("*", "*", group="*"),), "rbac-full-access"),
    "exec by a wildcard on subresources": ((rule("create", "*/exec"),), "rbac-enter-pods"),
    "escalate on cluster roles": ((rule("escalate update", "clusterroles", group=RBAC),), "rbac-escalation"),
    "bind, with bindings in another rule": (
        (rule("bind", "clusterroles", group=RBAC), rule("create", "clusterrolebindings", group=RBAC)),
        "rbac-escalation",
    ),
    "impersonation of users": ((rule("impersonate", "users"),), "rbac-escalation"),
    "tokens on request": ((rule("create", "serviceaccounts/token"),), "rbac-token-creation"),
    "the kubelet, by get alone": ((rule("get", "nodes/proxy"),), "rbac-node-proxy"),
    "webhooks": (
        (rule("patch", "mutatingwebhookconfigurations", group="admissionregistration.k8s.io"),),
        "rbac-webhooks",
    ),
    "ephemeral containers": ((rule("patch", "pods/ephemeralcontainers"),), "rbac-enter-pods"),
    "approval of certificates": (
        (
            rule("approve", "signers", group="certificates.k8s.io"),
            rule("update", "certificatesigningrequests/approval", group="certificates.k8s.io"),
        ),
        "rbac-certificate-approval",
    ),
    "changed deployments": ((rule("patch", "deployments", group="apps"),), "rbac-create-pods"),
    "Secrets by watch": ((rule("watch", "secrets"),), "rbac-secrets"),
    "volumes of the node": ((rule("create", "persistentvolumes"),), "rbac-persistent-volumes"),
    "labels of namespaces": ((rule("update", "namespaces"),), "rbac-namespace-labels"),
    "tokens through Secrets": ((rule("create", "secrets"), rule("get", "secrets")), "rbac-token-secrets"),
}
HARMLESS = {
    "reading pods": (rule("get list watch", "pods", "services"),),
    "the name of a power in another group": (
        rule("create", "pods/exec", "secrets", group="example.org"),
        rule("impersonate", "users", group="example.org"),
    ),
    "subresources that a wildcard does not mean": (rule("create get", "pods/*", "nodes/*"),),
    "creation by name": (rule("create", "pods", "serviceaccounts", names=("a",)),),
    "what monitoring needs of a node": (rule("get", "nodes/metrics", "nodes/stats"),),
    "a rule without verbs": (PolicyRule(api_groups=("*",), resources=("*",)),),
}


def found(*rules: PolicyRule) -> set[str]:
    """The controls that find a fault in a role with these rules."""
    answers = judge(estate(role("probe", *rules)), family("rbac"), Settings())
    return {finding.control.id for finding in answers.findings}


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_role_is_found_for_what_it_is(name: str) -> None:
    rules, control = DANGEROUS[name]
    assert control in found(*rules)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_role_is_left_alone(name: str) -> None:
    # Wildcards that mean nothing are told by another control, which is about the words and not the power.
    assert found(*HARMLESS[name]) <= {"rbac-wildcards"}


def test_the_role_that_may_do_everything_is_one_finding() -> None:
    assert found(*DANGEROUS["everything by another name"][0]) == {"rbac-full-access"}

"""Requests that an intruder makes are not logged.

The rules are asked in their order as the API server does, for a user, a namespace and an object that
none of them names.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.audit import NONE, Request, deciding, level
from casemate.model.cluster_configs import AuditPolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_RBAC = "rbac.authorization.k8s.io"
_HOOKS = "admissionregistration.k8s.io"
_ANONYMOUS = ("system:unauthenticated",)
_ASKED: tuple[tuple[str, tuple[Request, ...]], ...] = (
    (
        "commands in pods",
        (
            Request(verb="create", resource="pods", subresource="exec"),
            Request(verb="get", resource="pods", subresource="exec"),
        ),
    ),
    ("attaching to pods", (Request(verb="create", resource="pods", subresource="attach"),)),
    ("port forwarding", (Request(verb="create", resource="pods", subresource="portforward"),)),
    (
        "proxies to pods and services",
        (
            Request(verb="get", resource="pods", subresource="proxy"),
            Request(verb="get", resource="services", subresource="proxy"),
        ),
    ),
    ("proxies to kubelets", (Request(verb="get", resource="nodes", subresource="proxy", namespace=""),)),
    ("debug containers", (Request(verb="patch", resource="pods", subresource="ephemeralcontainers"),)),
    ("reading secrets", (Request(verb="get", resource="secrets"), Request(verb="list", resource="secrets"))),
    (
        "changing secrets",
        (Request(verb="create", resource="secrets"), Request(verb="patch", resource="secrets")),
    ),
    ("creating pods", (Request(verb="create", resource="pods"),)),
    (
        "changing deployments",
        (
            Request(verb="create", resource="deployments", group="apps"),
            Request(verb="patch", resource="deployments", group="apps"),
        ),
    ),
    (
        "changing roles and bindings",
        (
            Request(verb="create", resource="clusterrolebindings", group=_RBAC, namespace=""),
            Request(verb="create", resource="rolebindings", group=_RBAC),
            Request(verb="update", resource="clusterroles", group=_RBAC, namespace=""),
        ),
    ),
    ("making tokens", (Request(verb="create", resource="serviceaccounts", subresource="token"),)),
    (
        "changing admission webhooks",
        (Request(verb="delete", resource="validatingwebhookconfigurations", group=_HOOKS, namespace=""),),
    ),
    (
        "approving certificates",
        (
            Request(
                verb="update",
                resource="certificatesigningrequests",
                subresource="approval",
                group="certificates.k8s.io",
                namespace="",
            ),
        ),
    ),
    (
        "anonymous requests",
        (Request(verb="list", resource="secrets", user="system:anonymous", groups=_ANONYMOUS),),
    ),
)


@control(
    "cluster-audit-unlogged-requests",
    title="Sensitive requests are not logged",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNSEEN,
    remedy="Put rules with level: Metadata for them before the rule that leaves them out",
    standards=(
        "CIS-Kubernetes-1.12:3.2.2",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
)
def audit_unlogged_requests(policy: AuditPolicy) -> Iterator[Fault]:
    found: dict[int | None, list[str]] = {}
    for name, requests in _ASKED:
        unlogged = next((one for one in requests if level(policy, one) == NONE), None)
        if unlogged is not None:
            found.setdefault(deciding(policy, unlogged), []).append(name)
    if sum(map(len, found.values())) == len(_ASKED) and all(
        rule.level in {None, NONE} for rule in policy.rules
    ):
        return
    for index, names in found.items():
        why = "no rule matches them" if index is None else "the first rule that matches them says None"
        yield Fault(
            message=f"not logged: {', '.join(names)}",
            at=("rules",) if index is None else ("rules", index, "level"),
            why=(why, "asked for a user, a namespace and an object that no rule names"),
        )

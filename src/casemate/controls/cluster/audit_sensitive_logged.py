"""The audit log takes down secrets.

Above the level Metadata a log entry holds what was sent, or what was answered: for secrets and tokens
that is the secret itself, in a file that many more people and systems read.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.audit import REQUEST, REQUEST_RESPONSE, Request, deciding
from casemate.model.cluster_configs import AuditPolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_WITH_REQUEST = frozenset((REQUEST, REQUEST_RESPONSE))
_WITH_RESPONSE = frozenset((REQUEST_RESPONSE,))
_ASKED = (
    ("secrets", Severity.HIGH, Request(verb="get", resource="secrets"), _WITH_RESPONSE),
    ("secrets", Severity.HIGH, Request(verb="create", resource="secrets"), _WITH_REQUEST),
    (
        "tokens of token reviews",
        Severity.HIGH,
        Request(verb="create", resource="tokenreviews", group="authentication.k8s.io", namespace=""),
        _WITH_REQUEST,
    ),
    (
        "new tokens of service accounts",
        Severity.HIGH,
        Request(verb="create", resource="serviceaccounts", subresource="token"),
        _WITH_RESPONSE,
    ),
    ("config maps", Severity.LOW, Request(verb="update", resource="configmaps"), _WITH_REQUEST),
)


@control(
    "cluster-audit-sensitive-logged",
    title="Audit log that takes down secrets",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Put a rule with level: Metadata for secrets, configmaps, token reviews and tokens first",
    standards=("CIS-Kubernetes-1.12:3.2.2", "NSA-CISA-1.2:logging", "OWASP-Kubernetes-2025:K03"),
    area="audit_log_enabled",
)
def audit_sensitive_logged(policy: AuditPolicy) -> Iterator[Fault]:
    found: dict[int, dict[str, Severity]] = {}
    for name, severity, request, levels in _ASKED:
        index = deciding(policy, request)
        if index is not None and policy.rules[index].level in levels:
            found.setdefault(index, {})[name] = severity
    for index, names in found.items():
        rule = policy.rules[index]
        yield Fault(
            message=f"the audit log holds the contents of {', '.join(names)}",
            at=("rules", index, "level"),
            why=(f"the first rule that matches logs at the level {rule.level}",),
            severity=max(names.values()),
        )

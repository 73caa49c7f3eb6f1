"""A rule grants nothing that the role's other rules do not grant.

Whoever takes it out believes to have taken the right away. The answer is that of the API server's own
check against escalation.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.defaults import own_rules
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.rbac import PolicyRule, Role
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_MOST = 200
"""Rules of a role that are compared with each other; each pair is."""


@control(
    "rbac-duplicate-rule",
    title="Rule that the role's other rules contain",
    severity=Severity.INFO,
    consequence=Consequence.MEANING,
    remedy="Remove the rule, or the wider one if that was not meant",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
    fixes=True,
)
def duplicate_rule(role: Role, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    if role.aggregation_rule is not None or len(role.rules) > _MOST:
        return
    kept = list(role.rules)
    for index, _ in reversed(tuple(own_rules(role, kubernetes))):
        rule = kept.pop(index)
        if _says_nothing(rule) or any(True for _ in uncovered(kept, (rule,))):
            kept.insert(index, rule)
            continue
        path = ("rules", index)
        yield Fault(
            message=f"other rules of the role grant {', '.join(rule.verbs)} on {_on(rule)} too",
            at=path,
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )


def _says_nothing(rule: PolicyRule) -> bool:
    """Whether it grants nothing by itself: that is refused by the API server, and no duplicate."""
    grants = (rule.api_groups and rule.resources) or rule.non_resource_urls
    return not rule.verbs or not grants or rule.attribute_restrictions is not None


def _on(rule: PolicyRule) -> str:
    named = f" named {', '.join(rule.resource_names)}" if rule.resource_names else ""
    return f"{', '.join(rule.resources or rule.non_resource_urls)}{named}"

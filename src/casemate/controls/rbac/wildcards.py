"""A rule says `*` where it could say what it means.

It grants what exists today and whatever is added later: new kinds, subresources and verbs, such as bind
and escalate on roles, or impersonate on users.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.dangers import softened
from casemate.analysis.rbac.defaults import own_rules
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.rules import ALL, COMMON_GROUPS, grants_everything
from casemate.model.control import Consequence, Fault, control
from casemate.model.place import Path
from casemate.model.rbac import PolicyRule, Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_SHARED = (*COMMON_GROUPS, ALL)


@control(
    "rbac-wildcards",
    title="Rule with a wildcard",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="List the verbs, resources and API groups that are used",
    standards=(
        "CIS-Kubernetes-1.12:5.1.3",
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def wildcards(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    said: set[str] = set()
    for index, rule in own_rules(role, kubernetes):
        found = () if grants_everything(rule) else tuple(_found(rule))
        message = (
            f"{' and '.join(name for name, _ in found)} {'is' if len(found) == 1 else 'are'} * {_of(rule)}"
        )
        if not found or message in said:
            continue
        said.add(message)
        severity, notes = softened(role, known, _severity(rule, role), escalates=True)
        yield Fault(
            message=message,
            at=("rules", index, *found[0][1]),
            why=(*notes, *known.holders(role)),
            severity=severity,
        )


def _found(rule: PolicyRule) -> Iterator[tuple[str, Path]]:
    """The lists of a rule that hold a wildcard, and where."""
    lists = (
        ("resources", rule.resources),
        ("apiGroups", rule.api_groups),
        ("verbs", rule.verbs),
        ("nonResourceURLs", rule.non_resource_urls),
    )
    for name, values in lists:
        if ALL in values:
            yield name, (name, values.index(ALL))


def _severity(rule: PolicyRule, role: Role) -> Severity:
    """More where all resources of a group that many share are meant, and they can be changed."""
    wide = ALL in rule.resources and not rule.resource_names and any(g in _SHARED for g in rule.api_groups)
    return Severity.MEDIUM if wide and role.is_cluster else Severity.LOW


def _of(rule: PolicyRule) -> str:
    """What the rule is about, as far as it says so."""
    if rule.non_resource_urls:
        return "in a rule about URLs" if ALL in rule.non_resource_urls else f"for {rule.non_resource_urls[0]}"
    if ALL not in rule.resources:
        return f"for {', '.join(rule.resources[:3])}"
    groups = ", ".join(group or "the core group" for group in rule.api_groups if group != ALL)
    return f"for {groups}" if groups else f"with {', '.join(rule.verbs[:3])}"

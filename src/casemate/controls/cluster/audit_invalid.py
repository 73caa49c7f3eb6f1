"""A rule of the audit policy is refused or never reached.

The API server does not start with a level that it does not know; a rule behind one for all requests
reads well and does nothing.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.audit import LEVELS, STAGES, catches_all
from casemate.model.cluster_configs import AuditPolicy, AuditRule
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.place import Path
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_FORMS = frozenset(("v1", "v1beta1", "v1alpha1"))
_V1_ONLY = KubernetesVersion(1, 24)
_V1 = Fix(safe=True, edits=(Edit("set", ("apiVersion",), "audit.k8s.io/v1"),))


@control(
    "cluster-audit-invalid",
    title="Audit rule that is refused or never reached",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Mend the rule as the message says, and put the rule for all requests last",
    standards=("NSA-CISA-1.2:logging",),
    area="audit_log_enabled",
    fixes=True,
)
def audit_invalid(policy: AuditPolicy, version: KubernetesVersion) -> Iterator[Fault]:
    caught = False
    form = policy.ref.api_version.partition("/")[2]
    if form not in _FORMS or (form != "v1" and version >= _V1_ONLY):
        yield Fault(
            message=f"the API server of Kubernetes {version} does not take {policy.ref.api_version}",
            at=("apiVersion",),
            why=("v1alpha1 and v1beta1 are gone since 1.24",),
            fix=_V1 if form in _FORMS else None,
        )
    for index, stage in enumerate(policy.omit_stages):
        if stage not in STAGES:
            yield _refused(f"{stage} is no stage", ("omitStages", index))
    for index, rule in enumerate(policy.rules):
        at = ("rules", index)
        for what, steps in _wrong(rule):
            yield _refused(what, (*at, *steps))
        for field in ("users", "userGroups", "verbs", "namespaces"):
            if "*" in _listed(rule, field):
                yield Fault(
                    message=f"a rule asks for {field} with the name *, which stands for itself alone",
                    at=(*at, field),
                    why=("only resources, their groups and other addresses know wildcards",),
                )
        if caught:
            yield Fault(
                message="a rule stands behind one for all requests and is never reached",
                at=at,
                severity=Severity.LOW,
            )
        caught = caught or catches_all(rule)


def _listed(rule: AuditRule, field: str) -> tuple[str, ...]:
    lists = {"users": rule.users, "userGroups": rule.user_groups, "verbs": rule.verbs}
    return lists.get(field, rule.namespaces)


def _refused(what: str, at: Path) -> Fault:
    return Fault(message=f"the API server refuses the policy: {what}", at=at)


def _wrong(rule: AuditRule) -> Iterator[tuple[str, Path]]:
    if rule.level not in LEVELS:
        yield f"{rule.level} is no level" if rule.level else "a rule has no level", ("level",)
    for index, stage in enumerate(rule.omit_stages):
        if stage not in STAGES:
            yield f"{stage} is no stage", ("omitStages", index)
    if rule.non_resource_urls and (rule.resources or rule.namespaces):
        yield "a rule is about resources and other addresses at once", ("nonResourceURLs",)
    for index, url in enumerate(rule.non_resource_urls):
        if url != "*" and (not url.startswith("/") or "*" in url[:-1]):
            yield f"{url} is no path, with * at its end at most", ("nonResourceURLs", index)
    for index, resources in enumerate(rule.resources):
        group = resources.group
        if "/" in group or group.lower() != group:
            yield (
                f"{group} is no API group; a group stands without its version",
                ("resources", index, "group"),
            )
        if resources.resource_names and not resources.resources:
            yield "resourceNames need resources", ("resources", index, "resourceNames")

"""A ClusterRole's labels make its rules part of admin, edit or view.

Everybody who was given one of these holds the new rules too, in all namespaces where they were given it, and
no binding shows it. A chart that is installed later thus changes what earlier grants mean.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.additions import Addition, Additions
from casemate.analysis.rbac.defaults import is_default_role
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.summary import summary
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-aggregated-role",
    title="Role that others take in",
    severity=Severity.INFO,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Remove the label and bind the role to who needs it, unless all holders are meant to have it",
    standards=(
        "CIS-Kubernetes-1.12:5.1.8",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1098.006",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="k8s_rbac",
)
def aggregated_role(role: Role, known: Holdings, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    if not role.labels or is_default_role(role, kubernetes):
        return
    found = list(known.derived(Additions).of_role(role, kubernetes))
    if not found:
        return
    worst = max(found, key=lambda addition: addition.severity)
    what = _what(worst)
    same = [one.target for one in found if _what(one) == what]
    gives = dict.fromkeys(power.capability.gives for power in worst.powers)
    others = (f"to {one.target} it adds {_what(one)}" for one in found if one.target not in same)
    further = [name for name in worst.further if name not in same]
    also = (
        (f"it becomes part of {' and '.join(further)} too, which take in {worst.target}",) if further else ()
    )
    yield Fault(
        message=f"it adds to {', '.join(same)}: {what}",
        at=worst.at,
        why=(*gives, *also, *others),
        severity=worst.severity,
    )


def _what(addition: Addition) -> str:
    """The powers first, where there are any; else the rules."""
    if not addition.powers:
        return summary(addition.rules)
    ways = (" with ".join(f"{r.verb} on {r.resource}" for r in power.way) for power in addition.powers)
    return ", ".join(dict.fromkeys(ways))

"""Somebody may make pods in a namespace that holds a powerful service account.

A pod runs under any service account of its namespace that its maker names. A right that looks like that of a
developer, to deploy, is thus worth as much as the strongest account there: often an operator's that can do
everything.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.rbac.borrowed import Beside, Borrowed, Power
from casemate.analysis.rbac.controllers import controller_of
from casemate.analysis.rbac.grants import title
from casemate.analysis.rbac.holdings import EVERYWHERE, Holdings, scope_of
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Binding
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_SHOWN = 3


@control(
    "rbac-pods-beside-power",
    title="Pods beside a powerful service account",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Run what needs the powerful account in a namespace of its own, where nobody else makes pods",
    standards=(
        "CIS-Kubernetes-1.12:5.1.4",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1610",
        "MITRE:T1078",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def pods_beside_power(binding: Binding, known: Holdings, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    found = known.derived(Beside).of_binding(binding, kubernetes)
    if not found:
        return
    widest = max(found, key=lambda borrowed: len(borrowed.powers))
    strongest = widest.powers[0]
    names = some([_name(borrowed) for borrowed in found])
    may = "may run pods" if binding.is_cluster else f"may run pods in {scope_of(binding)}"
    yield Fault(
        message=f"{names} {may} as {_whom(strongest, binding)}",
        at=("roleRef", "name"),
        why=(*(_through(power) for power in widest.powers[:_SHOWN]), *_more(widest)),
        severity=_severity(widest),
    )


def _severity(widest: Borrowed) -> Severity:
    """Worse where rights in one namespace become rights in all: pods everywhere are power by themselves."""
    holding = widest.holding
    if holding.scope != EVERYWHERE:
        return Severity.MEDIUM if widest.powers[0].held else Severity.HIGH
    role = holding.content.role
    return Severity.LOW if role is not None and controller_of(role) is not None else Severity.MEDIUM


def _whom(power: Power, binding: Binding) -> str:
    if binding.is_cluster:
        return "service accounts of any namespace, some of which may do everything"
    if not power.held:
        return f"{power.title}, which may do everything"
    rights = dict.fromkeys(" and ".join(f"{r.verb} {r.resource}" for r in one.way) for one in power.held)
    return f"{power.title}, which may {some(list(rights))} in every namespace"


def _through(power: Power) -> str:
    return f"{power.title} holds {' and '.join(one.title for one in power.through[:_SHOWN])}"


def _more(borrowed: Borrowed) -> tuple[str, ...]:
    more = len(borrowed.powers) - _SHOWN
    return (f"and {more:,} more powerful accounts",) if more > 0 else ()


def _name(borrowed: Borrowed) -> str:
    holding = borrowed.holding
    return title(holding.binding.holder(holding.binding.subjects[holding.index]))

"""Roles that are harmless each give their holder more when they come together.

The API server adds up all that a caller holds. A role that may bind roles and another that may write bindings
are cluster-admin in one hand, and a review of one role at a time shows neither.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.rbac.grants import title
from casemate.analysis.rbac.holdings import EVERYWHERE, Holding, Holdings
from casemate.analysis.rbac.unions import Union, Unions
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Binding
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-split-power",
    title="Power that several roles give together",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Take one of the roles away, or give them to different subjects",
    standards=(
        "CIS-Kubernetes-1.12:5.1.1",
        "CIS-Kubernetes-1.12:5.1.8",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def split_power(binding: Binding, known: Holdings, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    if not known.counts(binding):
        return
    found: dict[str, list[Union]] = {}
    for union in known.derived(Unions).of_binding(binding, kubernetes):
        found.setdefault(_message(union), []).append(union)
    for message, unions in found.items():
        first = unions[0]
        names = some([_name(union.last) for union in unions])
        gives = () if first.power is None else (first.power.capability.gives,)
        yield Fault(
            message=f"{names} {'holds' if len(unions) == 1 else 'hold'} {message}",
            at=("subjects", first.last.index, "name"),
            why=(*gives, *(f"by {one.title}" for one in first.others)),
            severity=max(union.severity for union in unions),
        )


def _message(union: Union) -> str:
    where = "in the whole cluster" if union.last.scope == EVERYWHERE and not _inside(union) else "there"
    others = some(list(dict.fromkeys(one.content.title for one in union.others)))
    if union.power is None:
        return f"every verb on every resource {where}, together with {others}"
    rights = " and ".join(f"{right.verb} on {right.resource}" for right in union.power.way)
    return f"{rights} {where}, together with {others}"


def _inside(union: Union) -> bool:
    return any(one.scope != EVERYWHERE for one in union.others)


def _name(holding: Holding) -> str:
    return title(holding.binding.holder(holding.binding.subjects[holding.index]))

"""Whole namespaces are left out, by their names or by labels that somebody may set.

Whoever may label a namespace, as the owners of namespaces often may, turns the check off there. The label
kubernetes.io/metadata.name is the API server's own and cannot be forged.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Admitter, asks_about, called_by
from casemate.analysis.listing import some
from casemate.analysis.namespaces import SYSTEM
from casemate.model.control import Consequence, Fault, control
from casemate.model.selectors import LabelSelector, Requirement
from casemate.model.severity import Confidence, Severity

_NAME = "kubernetes.io/metadata.name"


@control(
    "admission-exempts-namespaces",
    title="Check that leaves namespaces out",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Leave out kube-system and the webhook's own namespace only, by kubernetes.io/metadata.name",
    confidence=Confidence.LIKELY,
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def exempts_namespaces(admitter: Admitter) -> Iterator[Fault]:
    selector = admitter.namespace_selector
    if selector is None or not admitter.validating or not admitter.guarded:
        return
    at = (*admitter.match, "namespaceSelector")
    expressions = selector.match_expressions or ()
    named = [name for found in expressions for name in _left_out(found, admitter.own_namespace)]
    if named:
        yield Fault(
            message=f"{admitter.title} is not asked about what is in {some(named)}",
            at=at,
            why=("the namespaces are left out by name",),
            severity=Severity.INFO,
            confidence=Confidence.CERTAIN,
        )
    if _labels_are_guarded(admitter):
        return
    unwanted = [found.key or "" for found in expressions if _is_left_out_by(found)]
    wanted = [key for key in selector.match_labels or {} if key != _NAME]
    wanted += [found.key or "" for found in expressions if found.operator in {"In", "Exists"}]
    wanted = [key for key in wanted if key != _NAME]
    if unwanted:
        yield Fault(
            message=f"whoever may label a namespace keeps {admitter.title} away with {some(unwanted)}",
            at=at,
            why=("namespaces with the label are left out", f"it is asked about {some(admitter.guarded)}"),
        )
    elif wanted:
        yield Fault(
            message=f"{admitter.title} is asked about nothing in namespaces without {some(wanted)}",
            at=at,
            why=("a new namespace has no such label", f"it is asked about {some(admitter.guarded)}"),
        )


def _left_out(found: Requirement, own: str | None) -> list[str]:
    if found.key != _NAME or found.operator != "NotIn":
        return []
    return [name for name in found.values or () if name not in SYSTEM and name != own]


def _is_left_out_by(found: Requirement) -> bool:
    return found.key != _NAME and found.operator in {"NotIn", "DoesNotExist"}


def _labels_are_guarded(admitter: Admitter) -> bool:
    """Whether another webhook of the same configuration watches who labels a namespace."""
    return any(
        called.failure_policy == "Fail"
        and not _other_keys(called.webhook.namespace_selector)
        and asks_about(called.webhook.rules, "", "namespaces")
        for called in called_by(admitter.entity)
    )


def _other_keys(selector: LabelSelector | None) -> bool:
    """Whether a selector asks for more than the names of namespaces."""
    if selector is None:
        return False
    keys = {*(selector.match_labels or ()), *(found.key for found in selector.match_expressions or ())}
    return bool(keys - {_NAME})

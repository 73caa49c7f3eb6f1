"""A binding gives somebody what they hold through other bindings.

Whoever takes one of them away believes to have taken the right away. What is reported can go all at once, and
nobody may do less than before.
"""

from collections.abc import Iterator, Sequence

from casemate.analysis.listing import some
from casemate.analysis.rbac.grants import title
from casemate.analysis.rbac.holdings import Holdings
from casemate.analysis.rbac.redundancy import Needless, Redundancy
from casemate.analysis.rbac.subject_keys import key_of
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.rbac import Binding
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_SHOWN = 5


@control(
    "rbac-redundant-binding",
    title="Right that is given twice",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.MEANING,
    remedy="Remove the subject, or the other grant if that one was not meant",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
    fixes=True,
)
def redundant_binding(binding: Binding, known: Holdings, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    if not known.counts(binding):
        return
    found = known.derived(Redundancy).of_binding(binding, kubernetes)
    if not found and not known.has_spare_subjects(binding, kubernetes):
        return
    seen: dict[str, int] = {}
    for index, subject in enumerate(binding.subjects):
        key = key_of(binding, subject)
        if key is not None and seen.setdefault(key, index) != index:
            yield _twice(binding, index)
    if found and len(found) == len(seen):
        yield _whole(binding, found)
    else:
        for needless in found:
            yield _subject(binding, needless)


def _twice(binding: Binding, index: int) -> Fault:
    path = ("subjects", index)
    return Fault(
        message=f"{title(binding.holder(binding.subjects[index]))} is named twice",
        at=path,
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        remedy="Remove one of the two",
        fix=Fix(safe=True, edits=(Edit("remove", path),)),
    )


def _whole(binding: Binding, found: Sequence[Needless]) -> Fault:
    who = some([_name(binding, needless) for needless in found])
    lines = [f"{_name(binding, needless)} keeps {_through(needless)}" for needless in found]
    more = (f"and {len(lines) - _SHOWN:,} more",) if len(lines) > _SHOWN else ()
    return Fault(
        message=f"all that it gives {who} hold{'s' if len(found) == 1 else ''} by other bindings",
        at=("roleRef", "name"),
        why=(*lines[:_SHOWN], *more),
        remedy="Delete the binding: nobody may do less then. Or the other one, if that was not meant",
    )


def _subject(binding: Binding, needless: Needless) -> Fault:
    path = ("subjects", needless.holding.index)
    return Fault(
        message=f"{_name(binding, needless)} holds by other bindings all that it is given here",
        at=path,
        why=(f"it keeps {_through(needless)}",),
        fix=Fix(safe=False, edits=(Edit("remove", path),)),
    )


def _name(binding: Binding, needless: Needless) -> str:
    return title(binding.holder(binding.subjects[needless.holding.index]))


def _through(needless: Needless) -> str:
    return " and ".join(holding.title for holding in needless.by)

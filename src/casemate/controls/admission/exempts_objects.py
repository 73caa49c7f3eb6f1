"""A label on the object itself decides whether anybody is asked about it.

Who writes a pod writes its labels. A selector of objects is therefore an offer to leave the check out, and
fits only where nobody gains by that.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Admitter
from casemate.analysis.listing import some
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "admission-exempts-objects",
    title="Check that an object's own label turns off",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Remove objectSelector, and leave namespaces out by their name where something must be left out",
    confidence=Confidence.LIKELY,
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def exempts_objects(admitter: Admitter) -> Iterator[Fault]:
    selector = admitter.object_selector
    if selector is None or not admitter.guarded:
        return
    wanted = list(selector.match_labels or {})
    unwanted: list[str] = []
    for requirement in selector.match_expressions or ():
        listed = wanted if requirement.operator in {"In", "Exists"} else unwanted
        listed.append(requirement.key or "")
    if not unwanted and not (wanted and admitter.validating):
        return  # who wants to be changed asks for it: a sidecar, a certificate
    label = f"a label {some(unwanted)}" if unwanted else f"no label {some(wanted)}"
    yield Fault(
        message=f"whoever writes an object keeps {admitter.title} from being asked with {label}",
        at=(*admitter.match, "objectSelector"),
        why=(f"it is asked about {some(admitter.guarded)}",),
        severity=Severity.MEDIUM if admitter.validating else Severity.INFO,
    )

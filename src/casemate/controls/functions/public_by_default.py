"""A Knative service is reached from outside, since nobody said otherwise.

Knative routes every service at the cluster's outer gateway and asks nobody who calls. Services that
only others in the cluster need are then one guess of a name away from the internet.
"""

from collections.abc import Iterator

from casemate.analysis.functions import is_public
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.functions import KnativeService
from casemate.model.severity import Severity

_LABEL = "networking.knative.dev/visibility"


@control(
    "function-public-by-default",
    title="Function reached from outside by default",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Label it cluster-local, or let something in front of it ask who calls",
    standards=("MITRE:T1190",),
    area="app_code_event_input",
    fixes=True,
)
def public_by_default(service: KnativeService) -> Iterator[Fault]:
    if is_public(service):
        path = ("metadata", "labels", _LABEL)
        yield Fault(
            message="the function is routed at the outer gateway, which asks nobody who calls",
            at=path,
            why=(f"the label {_LABEL} is not cluster-local",),
            fix=Fix(safe=False, edits=(Edit("set", path, "cluster-local"),)),
        )

"""A webhook must be asked before its own pods may be made.

When all of them are gone, after a node's failure or an upgrade, nobody answers, and without an answer none of
them can be made again. Only deleting the configuration by hand helps.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called, asks_about
from casemate.analysis.namespaces import Namespaces
from casemate.analysis.selectors import is_empty, selects
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.estate import Estate, Workload
from casemate.model.exposure import Service
from casemate.model.selectors import LabelSelector
from casemate.model.severity import Confidence, Severity

_NAME = "kubernetes.io/metadata.name"


@control(
    "admission-webhook-own-pods",
    title="Webhook that keeps its own pods from starting",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Leave the webhook's own namespace out by kubernetes.io/metadata.name",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:fault-tolerance",),
    area="admission_pod_standards",
    fixes=True,
)
def webhook_own_pods(called: Called, namespaces: Namespaces, estate: Estate) -> Iterator[Fault]:
    hook = called.webhook
    service = hook.client_config.service
    own = service.namespace if service else None
    if service is None or own is None or called.failure_policy != "Fail":
        return
    if not asks_about(hook.rules, "", "pods"):
        return
    if not _selects_namespace(hook.namespace_selector, own, namespaces):
        return
    if not _is_open(hook.object_selector) and not _selects_pods(
        hook.object_selector, own, service.name, estate
    ):
        return
    path = called.at("namespaceSelector")
    leave_out = {"matchExpressions": [{"key": _NAME, "operator": "NotIn", "values": [own]}]}
    yield Fault(
        message=f"{called.title} is asked about its own pods in {own}, and refuses them while it is down",
        at=path,
        why=("failurePolicy is Fail", f"no selector leaves the namespace {own} out"),
        fix=Fix(safe=False, edits=(Edit("set", path, leave_out),))
        if _is_open(hook.namespace_selector)
        else None,
    )


def _is_open(selector: LabelSelector | None) -> bool:
    """Whether a selector that selects everything where it is not there selects everything."""
    return selector is None or is_empty(selector)


def _selects_namespace(selector: LabelSelector | None, name: str, namespaces: Namespaces) -> bool:
    """Whether a namespace is surely selected; its other labels are known where it was read."""
    if selector is None:
        return True
    found = namespaces.objects.get(name)
    keys = {*(selector.match_labels or ()), *(part.key for part in selector.match_expressions or ())}
    if found is None and keys - {_NAME}:
        return False
    return selects(selector, {**(found.labels if found else {}), _NAME: name})


def _selects_pods(
    selector: LabelSelector | None, namespace: str, service: str | None, estate: Estate
) -> bool:
    """Whether some pod behind the Service is surely selected."""
    for found in estate.of(Service):
        labels = found.spec.selector
        if (found.ref.namespace, found.ref.name) == (namespace, service) and labels:
            return any(
                labels.items() <= template.labels.items() and selects(selector, template.labels)
                for workload in estate.of(Workload)
                if workload.ref.namespace == namespace
                for template in workload.templates
            )
    return False

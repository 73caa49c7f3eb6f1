"""The object is written in a version of the API that the cluster does not serve, or soon will not.

It cannot be applied after the upgrade: a deployment fails on the day when it is needed, and a policy that
cannot be applied protects nothing.
"""

from collections.abc import Iterator

from casemate.analysis.removed_apis import RETIRED, Retirement
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.estate import Entity
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "manifest-removed-api",
    title="API version that is gone or will go",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Write the object in a version of the API that stays",
    standards=("NSA-CISA-1.2:upgrading",),
    area="admission_pod_standards",
    fixes=True,
)
def removed_api(entity: Entity, version: KubernetesVersion) -> Iterator[Fault]:
    kinds = RETIRED.get(entity.ref.api_version)
    retirement = kinds.get(entity.ref.kind) if kinds else None
    if retirement is None or version.minor < retirement.deprecated:
        return
    what = f"{entity.ref.api_version} {entity.ref.kind}"
    removed = retirement.removed
    if removed is None:
        message = f"{what} is deprecated since Kubernetes 1.{retirement.deprecated}"
        severity = Severity.INFO
    elif removed <= version.minor:
        message = f"{what} is no longer served from Kubernetes 1.{removed} on: it cannot be applied"
        severity = Severity.MEDIUM
    else:
        message = f"{what} is deprecated, and gone from Kubernetes 1.{removed} on"
        severity = Severity.LOW
    usable = retirement.replacement and retirement.available <= version.minor
    yield Fault(
        message=message,
        at=("apiVersion",),
        why=(
            f"the Kubernetes version is {version}",
            f"its place takes {retirement.replacement} since 1.{retirement.available}"
            if usable
            else "no other version of the kind takes its place in that release",
        ),
        severity=severity,
        remedy=_remedy(entity.ref.kind, retirement) if usable else "Replace what the object is there for",
        fix=Fix(safe=True, edits=(Edit("set", ("apiVersion",), retirement.replacement),))
        if usable and retirement.same
        else None,
    )


def _remedy(kind: str, retirement: Retirement) -> str:
    if kind == "Endpoints":
        return f"Write it as an EndpointSlice of {retirement.replacement}"
    if retirement.same:
        return f"Set apiVersion: {retirement.replacement}; nothing else changes"
    return f"Write it as {retirement.replacement}, whose fields or defaults differ"

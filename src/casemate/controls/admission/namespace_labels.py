"""A Pod Security label is misspelled.

The API server refuses a namespace with a level or version that it does not know, and ignores a label that it
does not know: then nothing is enforced, while the manifest says that something is.
"""

from collections.abc import Iterator

from casemate.analysis.namespace_levels import LEVELS, MODES, PREFIX, is_version
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.governance import Namespace
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_KEYS = (*MODES, *(f"{mode}-version" for mode in MODES))


@control(
    "admission-namespace-labels",
    title="Pod Security label that means nothing",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Write a level as privileged, baseline or restricted, and a version as latest or v1.30",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
    fixes=True,
)
def namespace_labels(namespace: Namespace) -> Iterator[Fault]:
    for label, value in namespace.labels.items():
        if not label.startswith(PREFIX):
            continue
        key = label.removeprefix(PREFIX)
        at = ("metadata", "labels", label)
        if key not in _KEYS:
            yield Fault(
                message=f"Pod Security knows no label {label}",
                at=at,
                why=(f"it knows {', '.join(_KEYS)}",),
                remedy=f"Write one of {', '.join(f'{PREFIX}{mode}' for mode in MODES)}",
            )
        elif key in MODES and value not in LEVELS:
            meant = value.strip().lower()
            yield Fault(
                message=f"the level of {key} is none that Pod Security knows: {value}",
                at=at,
                why=(f"it knows {', '.join(LEVELS)}", "the API server refuses the namespace"),
                fix=Fix(safe=False, edits=(Edit("set", at, meant),)) if meant in LEVELS else None,
            )
        elif key not in MODES and not is_version(value):
            meant = f"v{value}"
            yield Fault(
                message=f"the value of {key} is no version that Pod Security knows: {value}",
                at=at,
                why=("it is latest, or v1. and a number", "the API server refuses the namespace"),
                fix=Fix(safe=False, edits=(Edit("set", at, meant),)) if is_version(meant) else None,
            )

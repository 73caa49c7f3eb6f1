"""An annotation or a label of an object holds a secret in plain text.

They are printed by every tool that lists objects and copied into logs and metrics. `kubectl apply`
keeps the whole object in one of them: for a Secret, with all its values.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.analysis.secrets import in_text, in_value, is_suspicious
from casemate.model.configuration import Secret
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.estate import Entity, Workload
from casemate.model.place import Path
from casemate.model.severity import Severity

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_LONG = 200
_ONE: dict[str | int, str] = {"annotations": "annotation", "labels": "label"}


@control(
    "secret-in-annotation",
    title="Secret in an annotation",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Remove it, and replace the value: it is known by now",
    standards=(
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552",
        "MITRE:T1552.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NIST-800-190:4.1.4",
    ),
    area="secrets_env_encryption",
    fixes=True,
)
def in_annotation(entity: Entity) -> Iterator[Fault]:
    if entity.annotations:
        yield from _faults(entity, entity.annotations, ("metadata", "annotations"))
    if entity.labels:
        yield from _faults(entity, entity.labels, ("metadata", "labels"))
    if isinstance(entity, Workload):
        for template in entity.templates:
            path = (*template.metadata_path, "annotations")
            if template.annotations and path != ("metadata", "annotations"):
                yield from _faults(entity, template.annotations, path)


def _faults(entity: Entity, notes: dict[str, str], base: Path) -> Iterator[Fault]:
    if _APPLIED not in notes and not is_suspicious(notes, notes.values()):
        return
    for key, value in notes.items():
        if key == _APPLIED:
            if isinstance(entity, Secret) and _has_data(value):
                yield _fault(
                    "the last applied configuration holds the values of the Secret",
                    (*base, key),
                    Severity.MEDIUM,
                )
            continue
        found = in_value(key, value) if len(value) < _LONG else next(iter(in_text(value)), None)
        if found is not None:
            yield _fault(f"{_ONE[base[-1]]} {key} holds {found.kind}", (*base, key), found.severity)


def _fault(message: str, path: Path, severity: Severity) -> Fault:
    fix = Fix(safe=False, edits=(Edit("remove", path),))
    return Fault(message=message, at=path, severity=severity, fix=fix)


def _has_data(text: str) -> bool:
    try:
        applied: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return isinstance(applied, dict) and any(
        isinstance(applied.get(field), dict) and any(applied[field].values())
        for field in ("data", "stringData")
    )

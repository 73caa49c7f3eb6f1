"""Answers about access as JSON: schemas `casemate.who-can/1` and `casemate.rights/1`."""

from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec

from casemate.analysis.rbac.rules import Request
from casemate.engine.access import Access, Path
from casemate.model.rbac import PolicyRule, Subject
from casemate.writers.access_ids import object_id
from casemate.writers.as_json import as_json
from casemate.writers.decision import request_row


def write_who_can(access: Access, request: Request, out: BinaryIO) -> None:
    """Write who may do what was asked, each subject and namespace once."""
    rows: dict[tuple[Subject, str], list[Path]] = {}
    for path in access.paths:
        rows.setdefault((path.subject, path.namespace), []).append(path)
    tree = {
        "schema": "casemate.who-can/1",
        "request": request_row(request),
        "subjects": [
            {"subject": subject_row(who), "namespace": where or None, "because": _reasons(paths)}
            for (who, where), paths in rows.items()
        ],
        "notes": access.notes,
        "unknown": access.unknown,
    }
    out.write(as_json(tree) + b"\n")


def write_rights(access: Access, subject: Subject, out: BinaryIO) -> None:
    """Write what a subject may do, each rule and namespace once."""
    rows: dict[tuple[str, PolicyRule], list[Path]] = {}
    for path in access.paths:
        rows.setdefault((path.namespace, path.rule), []).append(path)
    tree = {
        "schema": "casemate.rights/1",
        "subject": subject_row(subject),
        "rights": [
            {"namespace": where or None, **rule_row(rule), "because": _reasons(paths)}
            for (where, rule), paths in rows.items()
        ],
        "notes": access.notes,
        "unknown": access.unknown,
    }
    out.write(as_json(tree) + b"\n")


def subject_row(subject: Subject) -> dict[str, str | None]:
    """A subject as bindings name it."""
    return {"kind": subject.kind, "name": subject.name, "namespace": subject.namespace}


def rule_row(rule: PolicyRule) -> dict[str, Any]:
    """A rule as roles say it, without OpenShift's restrictions."""
    row: dict[str, Any] = msgspec.to_builtins(rule)
    row.pop("attributeRestrictions", None)
    return row


def _reasons(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [
        {"binding": object_id(path.binding), "role": object_id(path.role), "rule": path.index}
        for path in paths
    ]

"""The answer of `casemate pss`, as JSON (schema `casemate.pss/1`) and for people."""

from collections.abc import Iterator
from typing import BinaryIO, TextIO

import msgspec

from casemate.analysis.pod_security import Verdict, Violation
from casemate.model.estate import DOCKER, Estate, Workload
from casemate.model.place import path_text
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.writers.as_json import as_json
from casemate.writers.paint import plain

_NO_LEVEL = "a Compose service: Docker runs it, and Kubernetes has no say"


class Levels(msgspec.Struct, eq=False):
    """The verdict on each workload at a version."""

    kubernetes: KubernetesVersion
    estate: Estate
    verdicts: list[tuple[Workload, Verdict]]


def write_json(levels: Levels, out: BinaryIO) -> None:
    """Write the fixed form of the answer; see docs/schemas/pss.json."""
    answer: dict[str, object] = {
        "schema": "casemate.pss/1",
        "kubernetes": str(levels.kubernetes),
        "note": levels.kubernetes.note,
        "objects": [
            {
                "file": workload.origin.document.file,
                "kind": workload.ref.kind,
                "namespace": workload.ref.namespace,
                "name": workload.ref.name,
                "level": verdict.level.word,
                "violations": [_violation(item) for item in verdict.violations],
            }
            for workload, verdict in levels.verdicts
        ],
        "unreadable": levels.estate.unreadable,
    }
    skipped = [
        {"file": workload.origin.document.file, "name": workload.ref.name, "reason": _NO_LEVEL}
        for workload in _in_docker(levels.estate)
    ]
    if skipped:
        answer["skipped"] = skipped
    out.write(as_json(answer) + b"\n")


def write_text(levels: Levels, out: TextIO) -> None:
    """Write one line per workload and one per violation."""
    out.writelines(f"{plain(line)}\n" for line in _lines(levels))


def _lines(levels: Levels) -> Iterator[str]:
    counts: dict[str, int] = {}
    for workload, verdict in levels.verdicts:
        level = verdict.level.word
        counts[level] = counts.get(level, 0) + 1
        yield f"{level:<10} {workload.ref} ({workload.ref.kind})  {workload.origin.document.file}"
        yield from (f"{'':<10}   {item.level.word}: {_message(item)}" for item in verdict.violations)
    total = sum(counts.values())
    words = ", ".join(f"{count} {level}" for level, count in sorted(counts.items())) or "none"
    yield f"{total} workloads by the rules of Kubernetes {min(levels.kubernetes, NEWEST)}: {words}"
    for workload in _in_docker(levels.estate):
        yield f"no level: {workload.ref} ({workload.ref.kind})  {workload.origin.document.file}  {_NO_LEVEL}"
    for item in levels.estate.unreadable:
        yield f"not read: {item.file}:{item.line}:{item.column}  {item.error}"


def runs_in_docker(workload: Workload) -> bool:
    """Whether Docker runs it by itself, where Pod Security has no say."""
    return any(template.engine == DOCKER for template in workload.templates)


def _in_docker(estate: Estate) -> Iterator[Workload]:
    return (item for item in estate.entities if isinstance(item, Workload) and runs_in_docker(item))


def _violation(item: Violation) -> dict[str, object]:
    return {
        "level": item.level.word,
        "check": item.check,
        "message": _message(item),
        "paths": [path_text(path) for path in item.forbidden.paths],
    }


def _message(item: Violation) -> str:
    return f"{item.forbidden.reason} ({item.forbidden.detail})"

"""A baseline as JSON, schema `casemate.baseline/1`: sorted, one finding on each line, no date in it.

Two runs over the same input give the same bytes, and a change of the baseline can be reviewed.
"""

from collections.abc import Callable, Iterable

from casemate.model.control import Finding
from casemate.model.place import path_text
from casemate.writers.as_json import as_json
from casemate.writers.scan_json import subject


def baseline(findings: Iterable[Finding], name: Callable[[str], str]) -> bytes:
    """The baseline of what was found; `name` gives the name of a file as it is to be kept."""
    rows: dict[tuple[str, str, str], dict[str, object]] = {}
    for finding in findings:
        key = name(finding.entity.origin.document.file), finding.control.id, finding.id
        row = rows.get(key)
        if row is not None:
            row["count"] = int(str(row["count"])) + 1
            continue
        where = tuple(step for step in finding.fault.at if isinstance(step, str))
        rows[key] = {
            "id": finding.id,
            "control": finding.control.id,
            "severity": finding.severity.word,
            "subject": subject(finding.entity.ref),
            "container": finding.container,
            "path": path_text(where),
            "message": finding.fault.message,
            "file": key[0],
            "count": 1,
        }
    lines = b",\n".join(as_json(rows[key]) for key in sorted(rows))
    body = b"\n" + lines + b"\n" if lines else b""
    return b'{"schema":"casemate.baseline/1","findings":[' + body + b"]}\n"

"""Places as SARIF names them."""

import os
from typing import Any
from urllib.parse import quote

from casemate.model.control import Finding
from casemate.model.place import Position
from casemate.writers.paint import plain


def location(file: str, position: Position, folder: str) -> dict[str, Any]:
    """A `location` object; its region reaches from the place to the end of the line."""
    region = {"startLine": position.line, "startColumn": position.column, "endLine": position.line}
    return {"physicalLocation": {"artifactLocation": artifact(file, folder), "region": region}}


def subject(finding: Finding) -> dict[str, str]:
    """A `logicalLocation` object: the object that a finding is about, and the container in it."""
    ref = finding.entity.ref
    inside = f", container {finding.container}" if finding.container else ""
    return {"fullyQualifiedName": plain(f"{ref.kind} {ref}{inside}"), "kind": "resource"}


def artifact(file: str, folder: str) -> dict[str, str]:
    """An `artifactLocation`: relative to the root of the sources where the file is below `folder`.

    Any other file is named by its absolute `file:` URI, as RFC 8089 writes it.
    """
    path = os.path.normpath(os.path.join(folder, file))
    root = folder.rstrip("/") + "/"
    if path.startswith(root):
        return {"uri": quote(os.fsencode(path[len(root) :])), "uriBaseId": "%SRCROOT%"}
    return {"uri": "file://" + quote(os.fsencode(path))}

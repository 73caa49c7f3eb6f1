"""Places as SARIF names them."""

import os
from typing import Any
from urllib.parse import quote

from casemate.model.control import Finding
from casemate.model.estate import Unreadable
from casemate.model.place import Position
from casemate.writers.paint import plain


def location(of: Finding | Unreadable, position: Position, folder: str) -> dict[str, Any]:
    """A `location` object; its region reaches from the place to the end of the line."""
    file = of.file if isinstance(of, Unreadable) else of.entity.origin.document.file
    region = {"startLine": position.line, "startColumn": position.column, "endLine": position.line}
    found: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": artifact(file, folder), "region": region}
    }
    if isinstance(of, Finding):
        ref = of.entity.ref
        name = plain(f"{ref.kind} {ref}" + (f", container {of.container}" if of.container else ""))
        found["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "resource"}]
    return found


def artifact(file: str, folder: str) -> dict[str, str]:
    """An `artifactLocation`: relative to the root of the sources where the file is below `folder`.

    Any other file is named by its absolute `file:` URI, as RFC 8089 writes it.
    """
    path = os.path.normpath(os.path.join(folder, file))
    root = folder.rstrip("/") + "/"
    if path.startswith(root):
        return {"uri": quote(os.fsencode(path[len(root) :])), "uriBaseId": "%SRCROOT%"}
    return {"uri": "file://" + quote(os.fsencode(path))}

"""Faults of a pod, said of the service that Docker runs in its place.

A service is asked the questions of a pod, and answers them in its own words: each path becomes
that of the field in the file which says so, and a fix goes along only where an edit there does
the same.
"""

import re

import msgspec

from casemate.model.control import Control, Edit, Fault, Fix
from casemate.model.estate import Place, Template
from casemate.model.place import Path

_WORDS = {"node": "host", "nodes": "hosts", "pod": "service", "pods": "services", "kubelet": "Docker",
          "livenessProbe": "healthcheck"}  # fmt: skip
_WORD = re.compile(r"\b(?:nodes?|pods?|kubelet|livenessProbe)\b")


def translated(fault: Fault, template: Template, control: Control) -> Fault:
    """The fault at the place of the service's file that decides, with the remedy for it."""
    place = _place(fault.at, template)
    said = (place.said,) if place.said else tuple(map(_in_words, fault.why))
    remedy = control.docker if isinstance(control.docker, str) else fault.remedy
    return msgspec.structs.replace(
        fault,
        message=_in_words(fault.message),
        at=place.path,
        why=said,
        remedy=remedy,
        fix=None if fault.fix is None else _fix(fault.fix, template),
    )


def _place(path: Path, template: Template) -> Place:
    """The place of the longest known beginning of a path; the service itself where there is none."""
    inside = path[len(template.path) :]
    for length in range(len(inside), 0, -1):
        found = template.places.get(inside[:length])
        if found is not None:
            return found
    return Place(template.path)


def _fix(fix: Fix, template: Template) -> Fix | None:
    edits: list[Edit] = []
    for edit in fix.edits:
        place = _place(edit.path, template)
        new: Edit | None = None
        if place.edit == "same":
            new = Edit(edit.op, place.path, edit.value)
        elif place.edit == "remove":
            new = Edit("remove", place.path)
        elif place.edit == "set":
            new = Edit("set", place.path, place.value)
        if new is None:
            return None
        if new not in edits:
            edits.append(new)
    return Fix(safe=False, edits=tuple(edits))


def _in_words(text: str) -> str:
    return _WORD.sub(lambda match: _WORDS[match[0]], text)

"""The way through a fix: judge, revise the files, and judge again what the edits uncover."""

import os
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from casemate.cli.revisions import Mend, Revision
from casemate.cli.scanning import judged, scan
from casemate.engine.edits import EditTree, applied
from casemate.model.control import Edit, Finding
from casemate.model.errors import ReadError
from casemate.model.estate import Entity, Estate, Ref
from casemate.model.place import path_text
from casemate.model.settings import Settings
from casemate.readers.contents import Contents
from casemate.readers.manifests import read_text
from casemate.readers.objects import entities as entities_of
from casemate.readers.places import Sources
from casemate.readers.sheets import no_sheet, open_sheet

_ROUNDS = 8
"""A mended fault may uncover another: a container that is no longer privileged has capabilities to lose."""


class Wanted(msgspec.Struct, frozen=True):
    """Which fixes are wanted: those of `controls`, or of all where none is named; safe ones only, or all."""

    controls: frozenset[str]
    safe_only: bool


class Fixes(msgspec.Struct, eq=False):
    """All that a run of fix has to say; `left` are mends to review where only safe ones are wanted."""

    estate: Estate
    left: list[Mend]
    made: list[Mend] = []
    refused: list[Mend] = []
    revisions: list[Revision] = []
    objects: list[tuple[Ref, object, EditTree]] = []


def revise(targets: tuple[str, ...], settings: Settings, wanted: Wanted, *, quiet: bool) -> Fixes:
    """Revise the files so that nothing that can be mended is left."""
    report = scan(targets, settings, quiet=quiet)
    pending, left = _mends(report.findings, wanted)
    result = Fixes(report.estate, left)
    revisions: dict[str, Revision] = {}
    estate = report.estate
    seen: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        _revise_files(pending, revisions)
        result.refused += [mend for mend in pending if mend.reason is not None]
        if all(mend.reason is not None for mend in pending):
            break
        seen |= {(mend.file, mend.finding.id) for mend in pending}
        estate = _read_again(estate, revisions.values())
        findings = judged(estate, settings)[0].findings
        files = {revision.sheet.name for revision in revisions.values() if revision.made}
        found, _ = _mends((f for f in findings if f.entity.origin.document.file in files), wanted)
        pending = [mend for mend in found if (mend.file, mend.finding.id) not in seen]
    result.revisions = [revision for revision in revisions.values() if revision.made]
    result.made = [mend for revision in result.revisions for mend in revision.made]
    return result


def patch(targets: tuple[str, ...], settings: Settings, wanted: Wanted, *, quiet: bool) -> Fixes:
    """The content and edits of each object, as patches need them."""
    report = scan(targets, settings, quiet=quiet)
    pending, left = _mends(report.findings, wanted)
    result = Fixes(report.estate, left)
    contents = Contents(targets, settings)
    subjects: dict[int, _Subject] = {}
    entities = list(report.estate.entities)
    for _ in range(_ROUNDS):
        for mend in pending:
            _add_to_patch(mend, subjects, contents)
        made = [mend for mend in pending if mend.reason is None]
        result.made += made
        result.refused += [mend for mend in pending if mend.reason is not None]
        if not made:
            break
        seen = {(id(subjects[id(m.finding.entity)]), m.finding.id) for m in result.made}
        entities = [subjects[id(e)].edited(e, subjects) if id(e) in subjects else e for e in entities]
        estate = msgspec.structs.replace(report.estate, entities=tuple(entities))
        findings = judged(estate, settings)[0].findings
        found, _ = _mends((f for f in findings if id(f.entity) in subjects), wanted)
        pending = [m for m in found if (id(subjects[id(m.finding.entity)]), m.finding.id) not in seen]
    unique = {id(subject): subject for subject in subjects.values()}
    result.objects = [(s.ref, s.content, s.tree) for s in unique.values() if s.tree.children]
    return result


class _Subject(msgspec.Struct, eq=False):
    """An object to be patched; `kept` are its states, whose identities must stay their own.

    `known` are the edits behind its last state.
    """

    ref: Ref
    content: Any
    tree: EditTree
    kept: list[Entity]
    known: EditTree

    def edited(self, entity: Entity, subjects: "dict[int, _Subject]") -> Entity:
        """The object as the patch leaves it."""
        new = next(iter(entities_of(applied(self.content, self.tree), entity.origin.document)), None)
        if not isinstance(new, Entity):
            return entity
        new = msgspec.structs.replace(new, origin=entity.origin)
        self.kept.append(new)
        self.known = self.tree.copy()
        subjects[id(new)] = self
        return new


def _add_to_patch(mend: Mend, subjects: dict[int, _Subject], contents: Contents) -> None:
    entity = mend.finding.entity
    try:
        if id(entity) not in subjects:
            content = contents.of(entity)
            _check_name(content)
            subjects[id(entity)] = _Subject(entity.ref, content, EditTree(), [entity], EditTree())
    except ReadError as error:
        mend.reason = str(error)
    else:
        subject = subjects[id(entity)]
        edits = [Edit(e.op, subject.known.before(e.path), e.value) for e in mend.fix.edits]
        mend.reason = _in_the_way(subject.content, edits) or subject.tree.add(edits)


def _in_the_way(content: Any, edits: Iterable[Edit]) -> str | None:
    """Why an edit cannot be made: its path leads through a value that has nothing below it."""
    for edit in edits:
        here = content
        for index, step in enumerate(edit.path):
            if here is None:
                break
            if isinstance(here, list) and isinstance(step, int):
                here = here[step] if step < len(here) else None
            elif isinstance(here, dict) and isinstance(step, str):
                here = here.get(step)
            else:
                return f"{path_text(edit.path[:index])} holds something else than expected"
    return None


def _mends(findings: Iterable[Finding], wanted: Wanted) -> tuple[list[Mend], list[Mend]]:
    """The mends that are wanted, each once, and those left because they are not safe."""
    found: dict[object, Mend] = {}
    real = cache(os.path.realpath)
    chosen = (f for f in findings if not wanted.controls or f.control.id in wanted.controls)
    for finding, position in Sources().locate(f for f in chosen if f.fault.fix is not None):
        fix, origin = finding.fault.fix, finding.entity.origin
        if fix is not None:
            place = real(origin.document.file), origin.document.line, origin.document.offset
            found.setdefault((finding.id, place, origin.path, fix.edits), Mend(finding, fix, position.line))
    left = [mend for mend in found.values() if wanted.safe_only and not mend.fix.safe]
    return [mend for mend in found.values() if mend.fix.safe or not wanted.safe_only], left


def _revise_files(mends: list[Mend], revisions: dict[str, Revision]) -> None:
    files: dict[str, list[Mend]] = {}
    real = cache(os.path.realpath)
    for mend in mends:
        mend.reason = no_sheet(mend.finding.entity)
        if mend.reason is None:
            files.setdefault(real(mend.file), []).append(mend)
    for path, group in files.items():
        try:
            if path not in revisions:
                document = group[0].finding.entity.origin.document
                sheet = open_sheet(document.file, is_json=document.is_json)
                revisions[path] = Revision(sheet, [{} for _ in sheet.parts], [[] for _ in sheet.parts])
            revisions[path].add(group)
        except ReadError as error:
            for mend in group:
                mend.reason = str(error)


def _read_again(estate: Estate, revisions: Iterable[Revision]) -> Estate:
    """The estate as it will be once the revisions are written."""
    texts = {r.sheet.name: "".join(r.texts).encode() for r in revisions if r.made}
    entities: list[Entity] = []
    for entity in estate.entities:
        name = entity.origin.document.file
        if name not in texts or entity.origin.note is not None:
            entities.append(entity)
        elif texts[name]:
            entities += [item for item in read_text(name, texts[name]) if isinstance(item, Entity)]
            texts[name] = b""
    return msgspec.structs.replace(estate, entities=tuple(entities))


def _check_name(content: Any) -> None:
    if not isinstance(content, dict) or "apiVersion" not in content:
        raise ReadError("it is no object of Kubernetes, which a kustomization could patch")
    about = content.get("metadata")
    if not isinstance(about, dict) or not about.get("name"):
        raise ReadError("a patch names its object, and this one has no name of its own")

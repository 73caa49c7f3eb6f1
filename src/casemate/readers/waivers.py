"""Waivers are collected from settings, comments and annotations, and applied to the answers."""

import datetime as dt
import os
from collections.abc import Callable, Iterator

import msgspec

from casemate.controls.catalogue import all_controls, family
from casemate.engine.judge import Answers, judge
from casemate.engine.waive import names_control, waive
from casemate.model.control import Finding
from casemate.model.errors import ReadError
from casemate.model.estate import Entity, Estate, Ref, Workload
from casemate.model.place import Document, Origin, Path
from casemate.model.settings import Settings
from casemate.model.waiver import Waived, Waiver, WaiverUse
from casemate.readers.positions import Locator
from casemate.readers.waiver_comments import comments
from casemate.readers.waiver_signs import ANNOTATION, is_waiver
from casemate.readers.waiver_words import Words, words


class Malformed(msgspec.Struct, frozen=True):
    """An inline waiver that cannot be read, and why."""

    file: str
    line: int
    column: int
    error: str


def apply(
    estate: Estate,
    answers: Answers,
    settings: Settings,
    today: dt.date,
    *,
    partial: bool = False,
    place: Callable[[str], str] = os.path.normpath,
) -> list[Waived]:
    """Take the waived findings out of the answers, and add what the controls about waivers find.

    `partial` says that the target is only a part of what the settings are about, so that a waiver
    in them may be for another part. `place` says where a file stands for the globs of paths.
    """
    waivers, malformed = list(settings.waivers), list[Malformed]()
    for found in _inline(estate):
        if isinstance(found, Waiver):
            waivers.append(found)
        else:
            malformed.append(found)
    if not waivers and not malformed:
        return []
    locator = Locator()

    def lines(finding: Finding) -> frozenset[int]:
        origin = finding.entity.origin
        return locator.lines(origin.document, (*origin.path, *finding.fault.at))

    result = waive(answers.findings, waivers, today, lines, lambda file: _names(place(file), settings.source))
    uses = [
        WaiverUse(
            ref=_ref(str(waiver)),
            origin=_origin(waiver),
            today=today,
            waiver=waiver,
            hides=hides,
            asked=any(number and names_control(waiver, name) for name, number in answers.asked.items()),
            whole=not estate.unreadable and not (partial and waiver.in_settings),
        )
        for waiver, hides in zip(waivers, result.hides, strict=True)
    ]
    uses += [
        WaiverUse(
            ref=_ref(f"in {os.path.basename(item.file)}"), origin=_origin(item), today=today, error=item.error
        )
        for item in malformed
    ]
    about = judge(Estate(entities=tuple(uses)), family("waivers"), settings)
    answers.findings = result.left + about.findings
    answers.asked = answers.asked | about.asked
    return result.waived


def _ref(name: str) -> Ref:
    return Ref("casemate.dev/v1", "Waiver", None, name)


def _origin(at: Waiver | Malformed) -> Origin:
    return Origin(Document(at.file, at.line, at.column))


def _inline(estate: Estate) -> Iterator[Waiver | Malformed]:
    """The waivers in manifests, each place once; the controls are looked up only when there is one."""
    known: tuple[str, ...] = ()
    locator = Locator()
    seen: set[tuple[str, int]] = set()
    last: Document | None = None
    for entity in estate.entities:
        document = entity.origin.document
        if document is not last:
            last = document
            for comment in comments(document):
                if (document.file, comment.line) in seen:
                    continue
                seen.add((document.file, comment.line))
                known = known or _known()
                where = document.file, comment.line, comment.column
                try:
                    said = words(comment.words, known)
                    if comment.covers is None:
                        raise ReadError("nothing stands below it that it could cover")
                except ReadError as error:
                    yield Malformed(*where, str(error))
                else:
                    yield _waiver(said, where, covers=comment.covers)
        for path, key, value in _annotations(entity):
            known = known or _known()
            position = locator.place(document, (*entity.origin.path, *path, key))
            where = document.file, position.line, position.column
            control, _, container = key[len(ANNOTATION) :].partition(".")
            try:
                said = words(value, known, (control,))
            except ReadError as error:
                yield Malformed(*where, str(error))
            else:
                yield _waiver(said, where, entity=entity, container=container or None)


def _waiver(
    said: Words,
    where: tuple[str, int, int],
    *,
    entity: Entity | None = None,
    container: str | None = None,
    covers: int | None = None,
) -> Waiver:
    file, line, column = where
    return Waiver(
        controls=said.controls,
        until=said.until,
        reason=said.reason,
        owner=said.owner,
        container=container,
        file=file,
        line=line,
        column=column,
        entity=entity,
        covers=covers,
    )


def _annotations(entity: Entity) -> Iterator[tuple[Path, str, str]]:
    """Annotations of an object and its pod templates that are waivers: where, key and value."""
    places: list[tuple[Path, dict[str, str]]] = [(("metadata", "annotations"), entity.annotations)]
    if isinstance(entity, Workload):
        places += [
            ((*template.metadata_path, "annotations"), template.annotations)
            for template in entity.templates
            if template.metadata_path != ("metadata",)
        ]
    for path, notes in places:
        for key, value in notes.items():
            if is_waiver(key):
                yield path, key, value


def _known() -> tuple[str, ...]:
    return tuple(control.id for control in all_controls())


def _names(file: str, settings: str | None) -> tuple[str, ...]:
    """What a glob of paths may mean: the name as shown, and from the folder of `casemate.yaml`."""
    if settings is None:
        return (file,)
    inside = os.path.relpath(os.path.abspath(file), os.path.dirname(os.path.abspath(settings)))
    return file, inside

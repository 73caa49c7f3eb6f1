"""Targets become one estate: every file is read, rendered, or passed over with a reason."""

import os
import posixpath
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from casemate.model.errors import ReadError
from casemate.model.estate import Coverage, Entity, Estate, Skipped, Unreadable
from casemate.model.place import Document, Origin
from casemate.model.settings import Settings
from casemate.readers import kustomizations
from casemate.readers.files import Listing, on_disk
from casemate.readers.manifests import read_file, read_text
from casemate.readers.objects import Read
from casemate.readers.targets import expand, list_files, without_repeats

if TYPE_CHECKING:
    from casemate.model.identities import IdentitySource

Progress = Callable[[int, int], None]
_CHART = "Chart.yaml"
_ORIGIN = "config.kubernetes.io/origin"


def read_estate(targets: tuple[str, ...], settings: Settings, progress: Progress | None = None) -> Estate:
    """Read all targets; `progress` is told files done and files in all.

    Raises `UsageError` for a target that is not there. What cannot be read is in the estate.
    """
    listings = [list_files(target, settings.exclude) for target in expand(targets)]
    without_repeats(listings)
    total = sum(len(item.files) for item in listings)
    entities: list[Entity] = []
    skipped: list[Skipped] = []
    unreadable: list[Unreadable] = []
    rendered = False
    done = 0
    for item in listings:
        skipped += item.skipped
        unreadable += item.unreadable
        charts, plan = charts_in(item), kustomizations.plan(item.files)
        rendered = rendered or bool(charts or plan.builds)
        for found in _read_listing(item, charts, plan):
            if isinstance(found, int):
                done += found
                if progress is not None:
                    progress(done, total)
            elif isinstance(found, Entity):
                entities.append(found)
            elif isinstance(found, Unreadable):
                unreadable.append(found)
            else:
                skipped.append(found)
    identities: tuple[IdentitySource, ...] = ()
    if settings.identities:
        from casemate.readers.identities.sources import read_sources  # noqa: PLC0415 # start-up: few have any

        read = read_sources(settings.identities)
        identities = read.sources
        unreadable += read.unreadable
    if settings.audit_logs:
        from casemate.readers.audit_log import read_audit_logs, unread  # noqa: PLC0415 # start-up: the same

        log = read_audit_logs(settings.audit_logs)
        entities.append(log)
        unreadable += unread(log)
    coverage = Coverage(
        files=total,
        documents=len(entities) + len(skipped) + len(unreadable),
        complete=settings.complete,
        rendered=rendered,
    )
    return Estate(
        entities=tuple(entities),
        coverage=coverage,
        unreadable=tuple(unreadable),
        skipped=tuple(skipped),
        identities=identities,
    )


def _read_listing(item: Listing, charts: list[str], plan: kustomizations.Plan) -> Iterator[Read | int]:
    """What the files of a target hold; a number says how many files are done."""
    for folder in charts:
        yield from _chart(item, folder)
    for build in plan.builds:
        yield from _build(item, build)
    for file in item.files:
        part_of = next((c for c in charts if not c or file.inside.startswith(f"{c}/")), None)
        if part_of is not None:
            chart = part_of or item.target
            yield Skipped(file.name, 1, f"a part of the chart in {chart}, which is judged only as rendered")
        elif file.inside in plan.reasons:
            yield Skipped(file.name, 1, plan.reasons[file.inside])
        else:
            yield from read_file(file)
        yield 1


def charts_in(item: Listing) -> list[str]:
    """The folders of the charts in a target, without the charts that these hold."""
    return _outermost(
        posixpath.dirname(f.inside) for f in item.files if posixpath.basename(f.inside) == _CHART
    )


def _outermost(folders: Iterator[str]) -> list[str]:
    """The folders that are not inside another one: a chart's own dependencies belong to it."""
    found: list[str] = []
    for folder in sorted(folders):
        if not any(not outer or folder.startswith(f"{outer}/") for outer in found):
            found.append(folder)
    return found


def _chart(item: Listing, folder: str) -> Iterator[Read]:
    from casemate.readers import rendering  # noqa: PLC0415 # start-up: few targets hold charts

    shown = posixpath.join(item.target, folder, _CHART)
    try:
        if item.is_archive and folder.count("/"):
            raise ReadError("a chart inside an archive of other things: unpack it to have it rendered")
        rendered = rendering.helm(item.target if item.is_archive else os.path.join(item.target, folder))
    except ReadError as error:
        yield Unreadable(shown, 1, 1, str(error))
        return
    above = posixpath.dirname(posixpath.join(item.target, folder))
    for source, text in rendering.sources(rendered.text):
        name = posixpath.join(above, source) if source else shown
        for found in read_text(name, text):
            if isinstance(found, Entity) and "test" in found.annotations.get("helm.sh/hook", ""):
                yield Skipped(name, 1, "a Helm test, which runs only on demand")
            elif isinstance(found, Entity):
                yield _placed(found, Document(name), (), f"as rendered by {rendered.program}")
            else:
                yield found


def _build(item: Listing, build: kustomizations.Kustomization) -> Iterator[Read]:
    from casemate.readers import rendering  # noqa: PLC0415 # start-up: few targets are built

    try:
        if item.is_archive:
            raise ReadError("a kustomization inside an archive: unpack it to have it built")
        if build.remote is not None:
            raise ReadError(
                f"a kustomization that fetches {build.remote} from the network: build it yourself"
            )
        rendered = rendering.kustomize(os.path.join(item.target, build.folder))
    except ReadError as error:
        yield Unreadable(build.file.name, 1, 1, str(error))
        return
    originals: dict[str, list[Entity]] = {}
    note = f"as built by the kustomization in {posixpath.dirname(build.file.name) or '.'}"
    for found in read_text(build.file.name, rendered.text):
        if isinstance(found, Entity):
            original = _original(found, rendered.base, item, originals)
            origin = original.origin if original else Origin(Document(build.file.name))
            yield _placed(found, origin.document, origin.path, note)
        else:
            yield found


def _original(built: Entity, base: str, item: Listing, cache: dict[str, list[Entity]]) -> Entity | None:
    """The object in its own file that a built one came from, by the origin that kustomize notes."""
    lines = built.annotations.get(_ORIGIN, "").splitlines()
    path = next((line.partition(":")[2].strip() for line in lines if line.startswith("path:")), "")
    wanted = os.path.normpath(os.path.join(base, path))
    if not path or not os.path.isfile(wanted):
        return None
    inside = os.path.relpath(wanted, os.path.realpath(item.target))
    file = on_disk(os.path.normpath(os.path.join(item.target, inside)), inside, 0)
    if file.name not in cache:
        cache[file.name] = [found for found in read_file(file) if isinstance(found, Entity)]
    name = built.ref.name or ""
    same = (e for e in cache[file.name] if e.ref.kind == built.ref.kind and (e.ref.name or "") in name)
    return next(same, None)


def _placed(entity: Entity, document: Document, path: tuple[str | int, ...], note: str) -> Entity:
    return msgspec.structs.replace(entity, origin=Origin(document, path, note))

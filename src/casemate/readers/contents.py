"""Objects as plain values once more: what a patch for them has to start from."""

import os
from collections.abc import Iterator
from typing import Any

from casemate.model.errors import ReadError
from casemate.model.estate import Entity, Ref
from casemate.model.place import Document, Path
from casemate.model.settings import Settings
from casemate.readers import kustomizations, rendering, yaml_text
from casemate.readers.estate import charts_in
from casemate.readers.manifests import reopened
from casemate.readers.objects import entities
from casemate.readers.sheets import Part, values
from casemate.readers.targets import expand, list_files


class Contents:
    """The content of objects; charts and kustomizations are rendered once more when one is asked for."""

    def __init__(self, targets: tuple[str, ...], settings: Settings) -> None:
        self._targets = targets
        self._settings = settings
        self._rendered: dict[Ref, Any] | None = None
        self._last: tuple[bytes, dict[int, Any]] | None = None

    def of(self, entity: Entity) -> Any:
        """The object as a map. Raises `ReadError` where it cannot be read again."""
        origin = entity.origin
        if origin.note is not None:
            if self._rendered is None:
                self._rendered = dict(self._render())
            if entity.ref not in self._rendered:
                raise ReadError("what is rendered does not hold it any more")
            return self._rendered[entity.ref]
        document = reopened(origin.document)
        text = document.text or b""
        if self._last is None or self._last[0] is not text:
            part = Part(1, "", document.is_json)
            self._last = text, dict(values(part, text.decode()))
        found: Any = self._last[1].get(document.offset if document.is_json else 0)
        return _at(found, origin.path)

    def _render(self) -> Iterator[tuple[Ref, Any]]:
        for target in expand(self._targets):
            listing = list_files(target, self._settings.exclude)
            for folder in charts_in(listing):
                where = target if listing.is_archive else os.path.join(target, folder)
                yield from _objects(rendering.helm(where).text)
            for build in kustomizations.plan(listing.files).builds:
                if build.remote is None and not listing.is_archive:
                    yield from _objects(rendering.kustomize(os.path.join(target, build.folder)).text)


def _objects(text: bytes) -> Iterator[tuple[Ref, Any]]:
    for chunk in yaml_text.split(text):
        for tree in yaml_text.read(chunk):
            if isinstance(tree, yaml_text.Tree):
                for found in entities(tree.value, Document("")):
                    if isinstance(found, Entity):
                        yield found.ref, _at(tree.value, found.origin.path)


def _at(content: Any, path: Path) -> Any:
    for step in path:
        content = content[step]
    return content

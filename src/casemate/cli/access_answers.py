"""Answers about access in each format, with the places of their rules."""

import importlib
from typing import TextIO

from casemate.analysis.rbac.rules import Request
from casemate.cli.output import as_text, paint_for, save
from casemate.engine.access import Access
from casemate.model.estate import Entity
from casemate.model.place import Path
from casemate.model.rbac import Role, Subject
from casemate.model.version import KubernetesVersion
from casemate.readers.positions import Locator

FORMATS = ("text", "json", "dot", "mermaid", "html")


class RuleLines:
    """Finds where rules are written: `roles.yaml:12:5`."""

    def __init__(self) -> None:
        self._locator = Locator()

    def of_rule(self, role: Role, index: int) -> str:
        """The place of a rule of a role."""
        return self.of(role, ("rules", index))

    def of(self, entity: Entity, path: Path) -> str:
        """The place of a path of an object."""
        document, top = entity.origin.document, entity.origin.path
        if document.text is None and not document.length:
            return document.file  # what Kubernetes itself brings is in no file
        found = self._locator.place(document, (*top, *path))
        return f"{document.file}:{found.line}:{found.column}"


def write_access(
    access: Access,
    formats: list[tuple[str, str | None]],
    kubernetes: KubernetesVersion,
    asked: Request | None = None,
    whose: Subject | None = None,
) -> None:
    """Write an answer about access in the formats that were chosen: to a request, or about a subject."""
    for name, path in formats:
        with save(path) as out:
            if name == "json":
                from casemate.writers import access_json  # noqa: PLC0415 # start-up: the formats are many

                if asked is not None:
                    access_json.write_who_can(access, asked, out)
                elif whose is not None:
                    access_json.write_rights(access, whose, out)
                continue
            with as_text(out) as text:
                if name == "html":
                    _write_html(access, kubernetes, text)
                    continue
                _write_text(access, name, text, asked is not None, to_screen=path is None)


def _write_html(access: Access, kubernetes: KubernetesVersion, text: TextIO) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 # start-up: the formats are many

    from casemate.writers import access_html  # noqa: PLC0415

    access_html.write(access, text, RuleLines(), kubernetes, datetime.now(UTC))


def _write_text(access: Access, name: str, text: TextIO, to_request: bool, *, to_screen: bool) -> None:
    if name == "text":
        from casemate.writers import access_text  # noqa: PLC0415 # start-up: the formats are many

        write = access_text.write_who_can if to_request else access_text.write_rights
        write(access, RuleLines(), text, paint_for(to_screen=to_screen))
        return
    picture = importlib.import_module(f"casemate.writers.access_{name}")
    picture.write(access, text)

"""Access as one HTML page that needs nothing but itself: a picture to click through, filters, and a list.

The page's script draws both from the data at its end; without a script the page holds a plain table. Names
are not trusted: all of them are escaped, and the page's own policy allows no other script, style or address.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from string import Template
from typing import Any, TextIO

import msgspec

from casemate import __version__
from casemate.analysis.rbac.holding import held
from casemate.analysis.rbac.rules import grants_everything
from casemate.engine.access import Access, Path
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, Binding, PolicyRule, Role, Subject
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from casemate.writers.access_graph import visible
from casemate.writers.access_words import entity_name, rule_words, subject_name
from casemate.writers.decision import Lines
from casemate.writers.html import asset, digest
from casemate.writers.html_parts import shown
from casemate.writers.scan_text import counted

_STILL = 300
_NOTICES = 4
_KINDS = (GROUP, USER, SERVICE_ACCOUNT)


def write(
    access: Access, out: TextIO, lines: Lines, kubernetes: KubernetesVersion, now: datetime | None = None
) -> None:
    """Write the page; `now` is the time that it shows."""
    style = asset("report.css") + asset("access.css")
    script = asset("page.js") + asset("access.js")
    page = Template(asset("access.html")).substitute(
        title=shown(access.question),
        style=style,
        script=script,
        style_hash=digest(style),
        script_hash=digest(script),
        facts=" · ".join(_facts(access, kubernetes, now)),
        notices="".join(_notices(access)),
        none="" if access.paths else " none",
        lines="".join(_still(access, lines)),
        data="\0",
    )
    before, after = page.split("\0")
    out.write(before)
    out.write(msgspec.json.encode(_Data(access, lines, kubernetes).all()).decode().replace("<", "\\u003c"))
    out.write(after)


def _facts(access: Access, kubernetes: KubernetesVersion, now: datetime | None) -> Iterator[str]:
    yield counted(len({path.subject for path in access.paths}), "subject")
    yield f"Kubernetes {kubernetes} rules"
    if now is not None:
        yield f'<time datetime="{now.isoformat()}">{now.day} {now:%B %Y, %H:%M %Z}</time>'
    yield f"casemate {__version__}"


def _notices(access: Access) -> Iterator[str]:
    """What needs no role, and what was not read."""
    sentences = [f"<p>{shown(sentence)}</p>" for sentence in (*access.notes, *access.unknown)]
    if sentences:
        more = sentences[_NOTICES:]
        yield f'<div class="notice">{"".join(sentences[:_NOTICES])}'
        if more:
            yield f"<details><summary>and {len(more):,} more</summary>{''.join(more[:_STILL])}</details>"
        yield "</div>"


def _still(access: Access, lines: Lines) -> Iterator[str]:
    """What a reader without a script sees, and what is printed."""
    if not access.paths:
        yield '<div class="praise none"><p>Nothing that was read allows it.</p></div>'
        return
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(
        f'<th scope="col">{head}</th>' for head in ("Subject", "Where", "May", "Through", "Written in")
    )
    yield "</tr></thead><tbody>\n"
    for path in access.paths[:_STILL]:
        binding, role = path.binding, path.role
        cells = (
            f"{path.subject.kind or ''} {subject_name(path.subject)}",
            path.namespace or "everywhere",
            rule_words(path.rule),
            f"{binding.ref.kind} {entity_name(binding)}, {role.ref.kind} {entity_name(role)}",
            lines.of_rule(path.source_role, path.source_index),
        )
        yield f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in cells)}</tr>\n"
    yield "</tbody></table></div>"
    if len(access.paths) > _STILL:
        yield f"<p>and {counted(len(access.paths) - _STILL, 'further line')} of access.</p>"


class _Data:
    """What the script draws from: tables of entries, sorted, and paths as rows of numbers into them."""

    def __init__(self, access: Access, lines: Lines, kubernetes: KubernetesVersion) -> None:
        self._lines = lines
        self._held = lru_cache(maxsize=None)(lambda rule, *, wide: _powers(rule, kubernetes, wide=wide))
        self._paths = access.paths
        holders: dict[int, set[Subject]] = {}
        for path in self._paths:
            holders.setdefault(id(path.role), set()).add(path.subject)
        roles = {id(role): role for path in self._paths for role in (path.role, path.source_role)}
        self._subjects = _numbered({path.subject: path.subject for path in self._paths}, _subject_key)
        self._roles = _numbered(roles, lambda role: (-len(holders.get(id(role), ())), *_ref_key(role)))
        self._bindings = _numbered({id(path.binding): path for path in self._paths}, self._binding_key)
        self._rules = _numbered({_rule(path): path for path in self._paths}, self._rule_key)

    def all(self) -> dict[str, Any]:
        """The whole of it, as the script reads it."""
        return {
            "severities": [severity.word for severity in Severity],
            "subjects": [
                _named(subject.kind, subject.namespace, subject.name) for subject in self._subjects[0]
            ],
            "bindings": [
                (*_named(path.binding.ref.kind, path.binding.ref.namespace, path.binding.ref.name), place)
                for path in self._bindings[0]
                for place in [visible(self._lines.of(path.binding, ("roleRef",)))]
            ],
            "roles": [
                (*_named(role.ref.kind, role.ref.namespace, role.ref.name), visible(self._lines.of(role, ())))
                for role in self._roles[0]
            ],
            "rules": [self._rule_row(path) for path in self._rules[0]],
            "paths": [
                (
                    self._subjects[1][path.subject],
                    self._bindings[1][id(path.binding)],
                    self._roles[1][id(path.role)],
                    self._rules[1][_rule(path)],
                    visible(path.namespace),
                )
                for path in self._paths
            ],
        }

    def _rule_row(self, path: Path) -> tuple[Any, ...]:
        rule = path.rule
        wide, gives = self._held(rule, wide=True)
        inside, gives_inside = self._held(rule, wide=False)
        return (
            visible(rule_words(rule, most=100)),
            list(map(visible, rule.verbs)),
            list(map(visible, (*rule.resources, *rule.non_resource_urls))),
            path.source_index,
            self._roles[1][id(path.source_role)],
            visible(self._lines.of_rule(path.source_role, path.source_index)),
            wide,
            inside,
            gives or gives_inside,
        )

    def _binding_key(self, path: Path) -> tuple[Any, ...]:
        return self._roles[1][id(path.role)], *_ref_key(path.binding)

    def _rule_key(self, path: Path) -> tuple[int, int, int]:
        return self._roles[1][id(path.source_role)], -self._held(path.rule, wide=True)[0], path.source_index


def _powers(rule: PolicyRule, kubernetes: KubernetesVersion, *, wide: bool) -> tuple[int, tuple[str, ...]]:
    """How bad a rule is by itself, -1 where it is not, and what it gives."""
    if grants_everything(rule):
        return int(Severity.CRITICAL if wide else Severity.HIGH), ("whatever can be done, as cluster-admin",)
    found = [power for power in held((rule,), kubernetes, wide=wide) if power.severity is not None]
    found.sort(key=lambda power: -(power.severity or 0))
    worst = int(found[0].severity or 0) if found else -1
    return worst, tuple(dict.fromkeys(power.capability.gives for power in found[:4]))


def _numbered(found: dict[Any, Any], key: Any) -> tuple[list[Any], dict[Any, int]]:
    """Things in order, and the number of each by its key in `found`."""
    ordered = sorted(found.items(), key=lambda entry: key(entry[1]))
    return [thing for _, thing in ordered], {name: number for number, (name, _) in enumerate(ordered)}


def _rule(path: Path) -> tuple[int, int]:
    return id(path.source_role), path.source_index


def _subject_key(subject: Subject) -> tuple[Any, ...]:
    kind = subject.kind or ""
    place = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
    return place, kind, subject.namespace or "", subject.name or "", subject.api_group or ""


def _ref_key(entity: Binding | Role) -> tuple[str, ...]:
    ref = entity.ref
    return ref.kind, ref.namespace or "", ref.name or "", entity.origin.document.file


def _named(*parts: str | None) -> tuple[str, ...]:
    return tuple(visible(part or "") for part in parts)

"""Writes docs/powers.md from the catalogue of capabilities: `python docs/powers.py`.

A test fails where the page is not what this program would write.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from casemate.analysis.rbac import capabilities
from casemate.analysis.rbac.capabilities import AREAS
from casemate.analysis.rbac.capabilities.terms import ANY, Capability, Right, Way
from casemate.controls.catalogue import family
from casemate.model.severity import Severity

PAGE = Path(__file__).with_suffix(".md")
_CONTROLS = Path(__file__).parents[1] / "src" / "casemate" / "controls" / "rbac"
_HEAD = """# What rights amount to

<!-- Written by docs/powers.py: change the data or the controls, then run it. -->

Rights that give more than their words say, as casemate knows them. A power is held by any of its ways. In a
way each right is needed, and different rules of one subject may grant them: `a` **and** `b`. Rules are read
as the API server reads them, wildcards included ([Roles and bindings](rbac.md)).

- **scope**: how bad it is in the whole cluster, inside one namespace, and where the rule names its objects.
  `-` is no fault. Inside a namespace a right on what belongs to none has no effect. Strong names are objects
  that are as bad as all.
- **releases**: the first and the last one, where it does not hold in all, with the defaults of Kubernetes.
- **asked by**: the controls that look for it in one role. Without any it is left to questions about a whole
  estate.

Left out on purpose: `sign` on signers (to write a certificate takes the key of its authority), `create` on
reviews of tokens and access (their answers give nothing away), and writing roles or bindings without
`escalate` or `bind`, which the API server refuses beyond the writer's own rights.
"""


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    asked = _asked()
    yield _HEAD
    for area, members in AREAS.items():
        yield f"## {area}"
        yield ""
        for capability in members:
            yield from _section(capability, asked.get(capability.id, ()))


def _section(capability: Capability, controls: tuple[str, ...]) -> Iterator[str]:
    yield f"### {capability.id}"
    yield ""
    yield f"{capability.gives[0].upper()}{capability.gives[1:]}."
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| ways | {'<br>'.join(_ways(capability))} |"
    yield f"| scope | {_scope(capability)} |"
    if releases := _releases(capability):
        yield f"| releases | {releases} |"
    if capability.unless:
        yield f"| not said beside | {', '.join(f'`{name}`' for name in capability.unless)} |"
    yield f"| source | {capability.source} |"
    yield f"| asked by | {', '.join(f'`{name}`' for name in controls) or '-'} |"
    yield ""


def _ways(capability: Capability) -> Iterator[str]:
    """The ways; those that differ in the first or in the second right only are one line."""
    ends: dict[tuple[Right, ...], list[Right]] = {}
    for way in capability.ways:
        ends.setdefault(way[1:], []).append(way[0])
    starts: dict[tuple[Right, ...], list[Way]] = {}
    for rest, beginnings in ends.items():
        starts.setdefault(tuple(beginnings), []).append(rest)
    for first, rests in starts.items():
        seconds = [right for rest in rests for right in rest]
        text = _rights(first)
        yield f"{text} **and** {_rights(seconds)}" if seconds else text


def _rights(found: tuple[Right, ...] | list[Right]) -> str:
    """Rights in words: `get, list on secrets`, the group in brackets."""
    verbs: dict[tuple[str, str], list[str]] = {}
    for right in found:
        verb = f"{right.verb.removesuffix(ANY)}:(any verb)" if right.verb.endswith(ANY) else right.verb
        verbs.setdefault((right.group, right.resource), []).append(verb + _until(right))
    resources: dict[tuple[str, str], list[str]] = {}
    for (group, resource), of_one in verbs.items():
        resources.setdefault((", ".join(of_one), group), []).append(resource)
    return "; ".join(
        f"`{words}` on {', '.join(f'`{name}`' for name in names)}{f' ({group})' if group else ''}"
        for (words, group), names in resources.items()
    )


def _until(right: Right) -> str:
    return f" (up to {right.until})" if right.until else ""


def _scope(capability: Capability) -> str:
    reach = any(all(right.namespaced for right in way) for way in capability.ways)
    inside = capability.inside if reach else None
    words = [
        f"cluster {_word(capability.cluster)}",
        f"namespace {_word(inside)}",
        f"named {_word(capability.named)}",
    ]
    if capability.places:
        words[1] += f" (only in {', '.join(capability.places)})"
    strong = dict.fromkeys(name for way in capability.ways for right in way for name in right.strong)
    if strong:
        grade = "" if capability.strong is None else f" ({_word(capability.strong)})"
        words.append(f"strong names{grade} {', '.join(f'`{name}`' for name in strong)}")
    return ", ".join(words)


def _word(severity: Severity | None) -> str:
    return "-" if severity is None else severity.name.lower()


def _releases(capability: Capability) -> str:
    since = f"since {capability.since}" if capability.since else ""
    until = f"up to {capability.until}" if capability.until else ""
    return ", ".join(text for text in (since, until) if text)


def _asked() -> dict[str, tuple[str, ...]]:
    """The controls that name a capability, as the text of their modules says."""
    named = {
        name: value.id
        for module in vars(capabilities).values()
        if isinstance(module, ModuleType)
        for name, value in vars(module).items()
        if isinstance(value, Capability)
    }
    found: dict[str, tuple[str, ...]] = {}
    for control in sorted(family("rbac"), key=lambda control: control.id):
        text = (_CONTROLS / f"{control.module.rpartition('.')[2]}.py").read_text(encoding="utf-8")
        for name in sorted(named.keys() & set(re.findall(r"\w+", text))):
            found[named[name]] = (*found.get(named[name], ()), control.id)
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

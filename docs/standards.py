"""Writes docs/standards.md from the standards' data and the controls: `python docs/standards.py`.

A test fails where the page is not what this program would write.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from casemate.controls.catalogue import all_controls
from casemate.engine.standards import MODULES, every, load
from casemate.engine.standards.items import CLOUD, FILES, HOST, LEVEL, MANUAL, RUNTIME, Item, Standard

PAGE = Path(__file__).with_suffix(".md")
_HOW = {
    HOST: "needs the host",
    CLOUD: "needs the cloud's API",
    RUNTIME: "needs to see it run",
    MANUAL: "a person must judge",
}
_HEAD = """# Standards

<!-- Written by docs/standards.py: change the data or the controls, then run it. -->

`casemate scan TARGET --standard NAME[@VERSION]` answers each item of a standard once, in its order, as
text, `--format json` ([schema](schemas/standard.json)) or `--format html`. The exit status is that of a scan.

| verdict | means |
|---|---|
| `fail` | a control found a fault above `info` that nobody waived |
| `pass` | controls were asked of everything that the item is about; none found a fault, none was left open |
| `not-assessed` | what the answer needs was not read, or no control asks for it; the reason is said |
| `manual` | a person must judge |
| `provider` | it is the provider's duty on that [platform](responsibility.md) |
| `not-applicable` | the platform or the Kubernetes release has no such thing |

Nothing passes because nothing was seen: a folder without an API server says nothing about API servers. A
pass is about what was read and asked, which may be less than the item means. The titles are in our own
words; the ids are those of the standards (NSA and CISA number nothing, so the words are ours).
"""


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    controls: dict[str, set[str]] = {}
    for control in all_controls():
        for name in control.standards:
            controls.setdefault(name, set()).add(control.id)
    yield _HEAD
    yield "| name | version | items | answered by files |"
    yield "|---|---|---|---|"
    for standard in every():
        answered = sum(bool(_controls(standard, item, controls)) for item in standard.items)
        newest = load(standard.name).version == standard.version and len(MODULES[standard.name]) > 1
        version = f"{standard.version} (newest)" if newest else standard.version
        yield f"| `{standard.name}` | {version} | {len(standard.items)} | {answered} |"
    for standard in every():
        yield ""
        yield f"## {standard.title} {standard.version}"
        yield ""
        ways = Counter(item.way for item in standard.items)
        if ways.keys() - {FILES, LEVEL}:
            rest = ", ".join(f"{count} {_HOW[way]}" for way, count in sorted(ways.items()) if way in _HOW)
            yield f"By their nature: {rest}."
            yield ""
        yield "| item | asks | answered by |"
        yield "|---|---|---|"
        for item in standard.items:
            names = _controls(standard, item, controls)
            by = ", ".join(f"`{name}`" for name in names)
            how = _HOW.get(item.way, "" if names else "no control yet")
            yield f"| {item.id} | {item.title} | {'; '.join(filter(None, (how, by)))} |"


def _controls(standard: Standard, item: Item, controls: dict[str, set[str]]) -> list[str]:
    names = standard.names(item)
    return sorted({control for name in names for control in controls.get(name, ())})


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

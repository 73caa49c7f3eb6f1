"""Compare the findings on published applications with those of peers, check by check.

`python -m bench.noise.compare` writes docs/quality/peers.md: for each check of a peer, in how many
files it answers, in how many of those our own controls for it answer too, and why the rest differs.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.noise.answers import READERS, Answer, ours
from bench.noise.counterparts import COUNTERPARTS
from bench.scan import provide
from bench.scan.corpus import CHECKOUT, CORPUS, HELP, manifests
from bench.scan.tools import PEERS

PAGE = CHECKOUT / "docs" / "quality" / "peers.md"

Found = dict[str, dict[str, list[Answer]]]
"""The answers by tool and application."""


def main() -> None:
    """Ask every tool about every application and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifests", type=Path, default=CORPUS, help=HELP)
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/casemate-bench"))
    options = parser.parse_args()
    cache = options.cache.expanduser().resolve()
    tools = {name: provide.peer(PEERS[name], cache) for name in READERS}
    found: Found = defaultdict(dict)
    mine: dict[str, set[tuple[str, str]]] = {}
    with manifests(options.manifests) as folder:
        for application in sorted(path for path in folder.iterdir() if path.is_dir()):
            mine[application.name] = ours(application)
            for name, tool in tools.items():
                if not tool.missing:
                    found[name][application.name] = list(READERS[name](tool, application))
    missing = [f"{name} was not to be had: {tool.missing}." for name, tool in tools.items() if tool.missing]
    PAGE.write_text("\n".join(_page(mine, found, missing)) + "\n")


def _page(mine: dict[str, set[tuple[str, str]]], found: Found, missing: list[str]) -> Iterator[str]:
    yield "# What peers find in the same applications"
    yield ""
    yield "Written by `python -m bench.noise.compare`. The unit is a check that answers in a file."
    yield from missing
    yield ""
    yield "| application | casemate | " + " | ".join(found) + " |"
    yield "|---|---|" + "---|" * len(found)
    for application, answers in mine.items():
        counts = [len({(a.check, a.file) for a in found[name][application]}) for name in found]
        yield f"| {application} | {len(answers)} | {' | '.join(map(str, counts))} |"
    for name, by_application in found.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield "| check | says | files | also ours | our controls | the rest |"
        yield "|---|---|---|---|---|---|"
        yield from _rows(name, by_application, mine)


def _rows(
    name: str, by_application: dict[str, list[Answer]], mine: dict[str, set[tuple[str, str]]]
) -> Iterator[str]:
    titles: dict[str, str] = {}
    files: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for application, answers in by_application.items():
        for answer in answers:
            titles[answer.check] = answer.title
            files[answer.check].add((application, answer.file))
    counts = Counter({check: len(places) for check, places in files.items()})
    for check, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        counterpart = COUNTERPARTS[name].get(check)
        controls = counterpart.controls if counterpart else ()
        also = sum(
            any((control, file) in mine[application] for control in controls)
            for application, file in files[check]
        )
        why = counterpart.why if counterpart else "not looked at yet"
        shown = ", ".join(controls) or "none"
        yield f"| {check} | {titles[check]} | {count} | {also} | {shown} | {why if also < count else ''} |"


if __name__ == "__main__":
    main()

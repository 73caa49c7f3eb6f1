"""Ways to read the same YAML, timed in turn in one process, for docs/decisions/0002-reading-yaml.md.

`yaml_paths.py [--manifests FOLDER] [--runs N]` in the environment that `make test` makes; rapidyaml is
timed where it is installed (`pip install rapidyaml`). Prints two Markdown tables: CPU seconds, and what
each way makes of texts on which readers of YAML differ.
"""

import argparse
import contextlib
import gc
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import yaml
from yaml._yaml import CParser
from yaml.events import StreamEndEvent

sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.scan.corpus import CORPUS, HELP, manifests  # noqa: E402 # a program beside its own package
from casemate.model.errors import ReadError  # noqa: E402
from casemate.readers import yaml_text  # noqa: E402

Way = Callable[[bytes], Iterable[Any]]

PROBES: dict[str, tuple[bytes, str]] = {
    "`a: yes`": (b"a: yes", '{"a": true}'),
    "`a: 0777`": (b"a: 0777", '{"a": 511}'),
    "`a: 8_080`": (b"a: 8_080", '{"a": 8080}'),
    "`a: 2026-01-01`": (b"a: 2026-01-01", '{"a": "2026-01-01"}'),
    "`a: =`": (b"a: =", '{"a": "="}'),
    "`a: 1`, then `a: 2`": (b"a: 1\na: 2", '{"a": 2}'),
    "`<<: *x`": (b"x: &x {a: 1}\nb:\n  <<: *x", '{"x": {"a": 1}, "b": {"a": 1}}'),
    "a broken document, then `a: 1`": (b"b: [\n---\na: 1\n", 'error; {"a": 1}'),
}
"""Texts, and what the API server's reader makes of them."""


def parser_only(text: bytes) -> Iterator[Any]:
    """Let libyaml check the text and build nothing."""
    CParser(text).raw_parse()
    yield from ()


def events(text: bytes) -> Iterator[Any]:
    """Fetch every event and build nothing."""
    get = CParser(text).get_event
    while get().__class__ is not StreamEndEvent:
        pass
    yield from ()


def loader(text: bytes) -> Iterator[Any]:
    """PyYAML's own loader upon libyaml."""
    yield from yaml.load_all(text, Loader=yaml.CSafeLoader)


def compose(text: bytes) -> Iterator[Any]:
    """PyYAML's nodes with line and column, not yet values."""
    yield from yaml.compose_all(text, Loader=yaml.CSafeLoader)


def own(text: bytes) -> Iterator[Any]:
    """Casemate's reader; a document's error stands in its place."""
    for chunk in yaml_text.split(yaml_text.as_utf8(text)):
        try:
            for tree in yaml_text.read(chunk):
                yield tree.value if isinstance(tree, yaml_text.Tree) else None
        except ReadError as error:
            yield error


def own_all(text: bytes) -> Iterator[Any]:
    """Casemate's reader, CustomResourceDefinitions built like anything else."""
    with mock.patch.object(yaml_text, "_is_definition", return_value=False):
        yield from own(text)


def rapid() -> Way | None:
    """Rapidyaml's tree, written as JSON and decoded by msgspec; none where it is not installed."""
    try:
        ryml = importlib.import_module("ryml")
    except ImportError:
        return None

    def read(text: bytes) -> Iterator[Any]:
        tree = ryml.parse_in_arena(text)
        tree.resolve()
        if answer := ryml.emit_json(tree):
            value = msgspec.json.decode(answer)
            yield from value if tree.is_stream(tree.root_id()) else (value,)

    return read


def collected(way: Way, text: bytes) -> list[Any]:
    """The documents that are not empty; an error ends them."""
    found: list[Any] = []
    try:
        found.extend(item for item in way(text) if item is not None)
    except Exception as error:  # noqa: BLE001 # every library has errors of its own
        found.append(error)
    return found


def timed(ways: dict[str, Way], texts: list[bytes], runs: int) -> dict[str, float]:
    """The median CPU seconds each way needs for all texts, in turn, after a warm-up."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            gc.collect()
            start = time.process_time()
            for text in texts:
                with contextlib.suppress(Exception):
                    for _ in way(text):
                        pass
            if run:
                seconds[name].append(time.process_time() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def main() -> None:
    """Print the two tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--manifests", type=Path, default=CORPUS, metavar="FOLDER", help=HELP)
    options.add_argument("--runs", type=int, default=5)
    chosen = options.parse_args()
    with manifests(chosen.manifests) as folder:
        texts = [path.read_bytes() for path in sorted(folder.rglob("*.y*ml")) if path.is_file()]
    gc.set_threshold(100_000, 50, 100)  # as casemate has it
    valued: dict[str, Way] = {
        "PyYAML `CSafeLoader`": loader,
        "own trees from events, definitions too": own_all,
        "own trees from events, definitions checked only": own,
    }
    if fast := rapid():
        valued["rapidyaml, its JSON, msgspec"] = fast
    bare: dict[str, Way] = {
        "libyaml alone, nothing built": parser_only,
        "libyaml's events in Python, nothing built": events,
        "PyYAML `compose` (nodes with positions)": compose,
    }
    print(f"{len(texts)} files, {sum(map(len, texts)) / 1e6:.1f} MB; median of {chosen.runs} runs.\n")
    _print_times(timed(bare | valued, texts, chosen.runs), valued, texts)
    print()
    _print_probes(valued)


def _print_times(seconds: dict[str, float], valued: dict[str, Way], texts: list[bytes]) -> None:
    print("| way | CPU s | files with an error | other files read unlike casemate |\n|---|---|---|---|")
    right = [collected(own_all, text) for text in texts]
    for name, value in seconds.items():
        cells = ["", ""]
        if name in valued and valued[name] is not own:
            read = [collected(valued[name], text) for text in texts]
            failed = [any(isinstance(item, Exception) for item in items) for items in read]
            unlike = sum(a != b for a, b, bad in zip(read, right, failed, strict=True) if not bad)
            cells = [str(sum(failed)), "" if valued[name] is own_all else str(unlike)]
        print(f"| {name} | {value:.3f} | {' | '.join(cells)} |")


def _print_probes(valued: dict[str, Way]) -> None:
    names = [name for name, way in valued.items() if way is not own]
    print(f"| text | API server | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}")
    for title, (text, expected) in PROBES.items():
        cells = ["; ".join(map(_shown, collected(valued[name], text))) for name in names]
        print(f"| {title} | {' | '.join(f'`{cell}`' for cell in (expected, *cells))} |")


def _shown(value: Any) -> str:
    return "error" if isinstance(value, Exception) else json.dumps(value, default=repr)


if __name__ == "__main__":
    main()

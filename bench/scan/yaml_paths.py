"""Ways to read the same YAML, timed in turn in one process: `yaml_paths.py [--manifests FOLDER] [--runs N]`.

Needs casemate's own environment (`make test` makes it); rapidyaml is timed where it is installed.
Prints two Markdown tables: CPU seconds, and what each way makes of texts whose meaning is disputed.
"""

import argparse
import contextlib
import gc
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import yaml
from yaml._yaml import CParser
from yaml.events import StreamEndEvent

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[0] = str(CHECKOUT)

from bench.scan.corpus import CORPUS, manifests  # noqa: E402 # a program beside the package it belongs to
from casemate.model.errors import ReadError  # noqa: E402
from casemate.readers import yaml_text  # noqa: E402

Way = Callable[[bytes], list[Any]]

PROBES = {
    "`a: yes`": b"a: yes",
    "`a: 0777`": b"a: 0777",
    "`a: 8_080`": b"a: 8_080",
    "`a: 2026-01-01`": b"a: 2026-01-01",
    "`a: =`": b"a: =",
    "`1: x`": b"1: x",
    "`a: 1`, then `a: 2`": b"a: 1\na: 2",
    "a merge key (`<<: *x`)": b"x: &x {a: 1}\nb:\n  <<: *x",
    "a good document, then a broken one": b"a: 1\n---\na: [\n",
}
"""What a Kubernetes API server reads: true, 511, 8080, text, text, the key "1", 2, merged, and 1 and an error."""


def parser_only(text: bytes) -> list[Any]:
    """Let libyaml check the text and build nothing."""
    CParser(text).raw_parse()
    return []


def events(text: bytes) -> list[Any]:
    """Fetch every event and build nothing."""
    get = CParser(text).get_event
    while get().__class__ is not StreamEndEvent:
        pass
    return []


def loader(text: bytes) -> list[Any]:
    """PyYAML's own loader upon libyaml."""
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def compose(text: bytes) -> list[Any]:
    """PyYAML's nodes with line and column, not yet values."""
    return list(yaml.compose_all(text, Loader=yaml.CSafeLoader))


def own(text: bytes) -> list[Any]:
    """Casemate's reader."""
    read = [tree for chunk in yaml_text.split(yaml_text.as_utf8(text)) for tree in yaml_text.read(chunk)]
    return [tree.value for tree in read if isinstance(tree, yaml_text.Tree)]


def own_all(text: bytes) -> list[Any]:
    """Casemate's reader, CustomResourceDefinitions built like anything else."""
    with mock.patch.object(yaml_text, "_is_definition", return_value=False):
        return own(text)


def rapid() -> Way | None:
    """Rapidyaml's tree written as JSON and decoded by msgspec; none where it is not installed."""
    with contextlib.suppress(ImportError):
        ryml = importlib.import_module("ryml")

        def read(text: bytes) -> list[Any]:
            tree = ryml.parse_in_arena(text)
            documents = msgspec.json.decode(bytes(ryml.emit_json_malloc(tree, tree.root_id()), "utf-8"))
            return documents if ryml.is_stream(tree, tree.root_id()) else [documents]

        return read
    return None

"""Every answer can be written as JSON, whatever a file is called."""

import json
from typing import Any

import pytest

from casemate.model.estate import Skipped, Unreadable
from casemate.model.severity import Confidence
from casemate.model.version import KubernetesVersion
from casemate.writers.as_json import as_json


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": [1, None, True, "é"]}, {"a": [1, None, True, "é"]}),
        ((Skipped("a", 1, "r"),), [{"file": "a", "line": 1, "reason": "r"}]),
        (Confidence.CERTAIN, "certain"),
        (Exception("told"), "told"),
        ("a\udcffb", "a\ufffdb"),
        ({"\udcff": ("\ud83d", 1)}, {"\ufffd": ["\ufffd", 1]}),
        ([Unreadable("\udcff", 1, 2, "e")], [{"file": "\ufffd", "line": 1, "column": 2, "error": "e"}]),
        (["\udcff", Exception("told"), {"a": 1.5}], ["\ufffd", "told", {"a": 1.5}]),
        ("😀", "😀"),
    ],
    ids=repr,
)
def test_values(value: Any, found: Any) -> None:
    assert json.loads(as_json(value)) == found


def test_a_version_is_written_as_its_parts() -> None:
    assert as_json(KubernetesVersion(1, 35)) == b"[1,35]"

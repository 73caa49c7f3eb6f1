"""Fields of a wrong type are found at their path and repaired or left out; the rest is kept."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.errors import ReadError
from casemate.model.estate import UNKNOWN_FIELD, Problem
from casemate.model.place import Path
from casemate.model.pods import PodSpec
from casemate.readers.typed import json_type, type_words, typed, within_64_bits
from tests.trees import LAW

BASE: Path = ("spec", "template", "spec")

POD: dict[str, Any] = {
    "hostNetwork": False,
    "serviceAccountName": "a",
    "nodeSelector": {"disk": "ssd", "zone": "x"},
    "securityContext": {
        "runAsUser": 5,
        "supplementalGroups": [1, 2],
        "seccompProfile": {"type": "Localhost"},
    },
    "volumes": [{"name": "v", "hostPath": {"path": "/x"}}, {"name": "w", "emptyDir": {"sizeLimit": "1Gi"}}],
    "tolerations": [{"key": "k", "operator": "Exists"}],
    "containers": [
        {
            "name": "main",
            "image": "b",
            "command": ["sh", "-c"],
            "env": [{"name": "A", "value": "1"}],
            "ports": [{"containerPort": 80, "hostPort": 0}],
            "resources": {"limits": {"cpu": 1, "memory": "1Gi", "x": 0.5}},
            "securityContext": {"privileged": False, "capabilities": {"drop": ["ALL"], "add": []}},
            "livenessProbe": {"httpGet": {"port": "http", "host": ""}},
        },
        {"name": "side", "image": "c"},
    ],
}


def wrong(value: Any) -> list[Any]:
    """Values that can stand for no field that holds such a value."""
    if isinstance(value, dict):
        return ["x", 1, True, [], [1], 1.5]
    if isinstance(value, list):
        return ["x", 1, True, {}, {"a": 1}]
    if isinstance(value, bool):
        return ["maybe", 1, 0, [], {}, 1.5]
    if isinstance(value, (int, float)):
        return [[], {}, True]
    return [[], {}, True]


def places(value: Any, path: Path = ()) -> list[Path]:
    """Every place in the tree whose value has a type; free-form maps are one place."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    if path[-1:] == ("emptyDir",):
        return found
    for step, item in steps:
        found += places(item, (*path, step))
    return found


PLACES = places(POD)


def put(tree: Any, path: Path, value: Any) -> Any:
    """What stood at the path before."""
    for step in path[:-1]:
        tree = tree[step]
    before, tree[path[-1]] = tree[path[-1]], value
    return before


@LAW
@given(st.lists(st.sampled_from(PLACES), max_size=6, unique=True), st.data())
def test_each_wrong_value_is_one_problem_at_its_path(chosen: list[Path], data: st.DataObject) -> None:
    apart = [
        path for path in chosen if not any(path != other and path[: len(other)] == other for other in chosen)
    ]
    spoiled = copy.deepcopy(POD)
    for path in apart:
        put(spoiled, path, data.draw(st.sampled_from(wrong(put(spoiled, path, None)))))
    spec, problems = typed(copy.deepcopy(spoiled), PodSpec, BASE)
    assert {problem.path for problem in problems} == {(*BASE, *path) for path in apart}
    assert len(problems) == len(apart)
    assert {problem.kind for problem in problems} <= {"wrong-type"}
    assert all(" must be " in problem.message for problem in problems)
    mended = msgspec.to_builtins(spec)
    sound = msgspec.to_builtins(msgspec.convert(POD, PodSpec))
    for path in PLACES:
        if not any(path[: len(other)] == other[: len(path)] for other in apart):
            assert at(mended, path) == at(sound, path), "what is not wrong is kept"


def at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else tree[step]
    return tree


def test_what_is_right_gives_no_problem() -> None:
    spec, problems = typed(copy.deepcopy(POD), PodSpec, BASE)
    assert not problems
    assert spec == msgspec.convert(POD, PodSpec)


@pytest.mark.parametrize(
    ("content", "attribute", "meant", "message"),
    [
        ({"hostPID": "true"}, "host_pid", True, "hostPID must be true or false, not text"),
        ({"hostPID": "False"}, "host_pid", False, "hostPID must be true or false, not text"),
        ({"hostPID": "yes"}, "host_pid", None, "hostPID must be true or false, not text"),
        ({"hostPID": 1}, "host_pid", None, "hostPID must be true or false, not a whole number"),
        ({"hostPID": []}, "host_pid", None, "hostPID must be true or false, not a list"),
        ({"nodeName": 5}, "node_name", "5", "nodeName must be text, not a whole number"),
        ({"nodeName": 1.5}, "node_name", "1.5", "nodeName must be text, not a number"),
        ({"nodeName": True}, "node_name", "true", "nodeName must be text, not true or false"),
        ({"nodeName": {}}, "node_name", None, "nodeName must be text, not a map"),
        ({"containers": {}}, "containers", None, "containers must be a list, not a map"),
        ({"containers": "x"}, "containers", None, "containers must be a list, not text"),
        ({"affinity": []}, "affinity", None, "affinity must be a map, not a list"),
        ({"nodeSelector": 3}, "node_selector", None, "nodeSelector must be a map, not a whole number"),
        ({"nodeSelector": {"a": True}}, "node_selector", {"a": "true"}, "a must be text, not true or false"),
        (
            {"nodeSelector": {"a": "b", "c": []}},
            "node_selector",
            {"a": "b"},
            "c must be text, not a list",
        ),
    ],
)
def test_what_was_probably_meant(
    content: dict[str, Any], attribute: str, meant: object, message: str
) -> None:
    spec, (problem,) = typed(content, PodSpec, BASE)
    assert getattr(spec, attribute) == meant
    assert problem.message == message


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("0", 0),
        ("-1", -1),
        ("1000", 1000),
        ("", None),
        ("-", None),
        ("--1", None),
        ("2.5", None),
        ("12345678901234567890", None),
        (0.0, 0),
        (1.5, None),
        (1e300, None),
        (True, None),
        ("²", None),
    ],
)
def test_whole_numbers_that_were_probably_meant(value: object, meant: int | None) -> None:
    spec, (problem,) = typed({"securityContext": {"runAsUser": value}}, PodSpec, ())
    assert spec.security_context is not None
    assert spec.security_context.run_as_user == meant
    assert problem.path == ("securityContext", "runAsUser")


def test_an_item_of_a_list_stays_in_its_place() -> None:
    content: dict[str, Any] = {"containers": [{"name": "a", "command": [1, True, None, [], "x"]}, None, 5]}
    spec, problems = typed(content, PodSpec, ())
    assert spec.containers is not None
    assert spec.containers[0].command == ("1", "true", "", "", "x")
    assert [container.name for container in spec.containers] == ["a", None, None]
    told = {problem.path: problem.message for problem in problems}
    assert told == {
        ("containers", 0, "command", 0): "an item of command must be text, not a whole number",
        ("containers", 0, "command", 1): "an item of command must be text, not true or false",
        ("containers", 0, "command", 2): "an item of command must be text, not null",
        ("containers", 0, "command", 3): "an item of command must be text, not a list",
        ("containers", 1): "an item of containers must be a map, not null",
        ("containers", 2): "an item of containers must be a map, not a whole number",
    }


def test_items_that_were_mended_are_not_shared() -> None:
    content: dict[str, Any] = {"containers": [None, None]}
    typed(content, PodSpec, ())
    assert content["containers"] == [{}, {}]
    assert content["containers"][0] is not content["containers"][1]


@pytest.mark.parametrize("value", [None, [], "x", 1, True, [{"containers": []}]])
def test_a_pod_that_is_none_is_one_problem(value: object) -> None:
    spec, (problem,) = typed(value, PodSpec, BASE)
    assert spec == PodSpec()
    assert problem.path == BASE
    assert problem.message.startswith("spec must be a map, not ")


def test_the_object_itself_has_no_name() -> None:
    assert typed(1, PodSpec, ())[1][0].message == "the object must be a map, not a whole number"


def test_up_to_a_hundred_wrong_fields_are_told() -> None:
    containers = [{"image": 5} for _ in range(101)]
    problems = typed({"containers": containers[:100]}, PodSpec, ())[1]
    assert [problem.path for problem in problems] == [("containers", n, "image") for n in range(100)]
    with pytest.raises(ReadError, match="more than 100 fields have a wrong type; first: image must be text"):
        typed({"containers": [{"image": 5} for _ in range(101)]}, PodSpec, ())


def test_types_in_words() -> None:
    values: list[Any] = [None, True, 1, 1.5, "x", [], {}, b""]
    assert [json_type(value) for value in values] == [
        "null",
        "bool",
        "int",
        "float",
        "str",
        "array",
        "object",
        "bytes",
    ]
    assert [type_words(value) for value in values[:3]] == ["null", "true or false", "a whole number"]
    assert type_words(b"") == "bytes"


def test_whole_numbers_beyond_64_bits_become_text() -> None:
    tree = {"a": [2**64, 2**64 - 1, -(2**63), -(2**63) - 1, True], "b": {"c": 2**70, "d": "x"}}
    assert within_64_bits(tree) == {
        "a": [str(2**64), 2**64 - 1, -(2**63), str(-(2**63) - 1), True],
        "b": {"c": str(2**70), "d": "x"},
    }


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wide: bool | None = None
    unknown: str | None = msgspec.field(default=None, name=UNKNOWN_FIELD)


class _Doors(msgspec.Struct, frozen=True):
    doors: tuple[_Strict, ...] = ()


@pytest.mark.parametrize(
    "name", ["high", "", "a.b", "x` - at `$.doors", "x` - at `$.doors[0]`", "`", "a\nb", "é"]
)
def test_a_struct_that_asks_for_it_has_the_name_of_an_unknown_field(name: str) -> None:
    found, problems = typed({"doors": [{"wide": True}, {name: [1], "wide": "no"}]}, _Doors, ("spec",))
    assert found.doors == (_Strict(wide=True), _Strict(unknown=name))
    assert Problem("unknown-field", ("spec", "doors", 1, name), f"there is no field {name} here") in problems


def test_a_field_with_the_name_for_unknown_ones_is_no_trap() -> None:
    assert typed({"doors": [{UNKNOWN_FIELD: "x"}]}, _Doors, ())[0].doors == (_Strict(unknown="x"),)
    assert typed({"doors": [{UNKNOWN_FIELD: [1]}]}, _Doors, ())[0].doors == (_Strict(),)
    found, problems = typed({"doors": [{"a": 1, "b": 2}]}, _Doors, ())
    assert found.doors[0].unknown in {"a", "b"}
    assert len(problems) == 2


def test_a_strict_struct_that_does_not_ask_is_emptied() -> None:
    class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        wide: bool | None = None

    class House(msgspec.Struct, frozen=True):
        door: Closed = Closed()

    found, problems = typed({"door": {"wide": True, "high": 1}}, House, ())
    assert found == House()
    assert [problem.path for problem in problems] == [("door", "high"), ("door", UNKNOWN_FIELD)]

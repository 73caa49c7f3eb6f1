"""Kinds named in the table become typed entities; what is wrong in them is said and the rest is kept."""

import importlib
from typing import Any

import msgspec
import pytest

from casemate.model.estate import Entity, Problem
from casemate.readers.kinds import TYPES, VERSIONS, fields_of, type_of
from casemate.readers.manifests import read_text


class _Door(msgspec.Struct, frozen=True, rename="camel"):
    wide_open: bool = False


class _House(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    front_doors: tuple[_Door, ...] = ()
    name_plate: str | None = None


def read(tree: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    return fields_of(_House, tree, problems), problems


def test_fields_have_their_api_names_and_defaults() -> None:
    assert read({"kind": "House", "frontDoors": [{"wideOpen": True, "colour": "red"}, {}]}) == (
        {"front_doors": (_Door(wide_open=True), _Door()), "name_plate": None},
        [],
    )
    assert read({"frontDoors": None, "front_doors": [{}]}) == ({"front_doors": (), "name_plate": None}, [])


def test_wrong_types_are_told_at_their_place() -> None:
    fields, problems = read({"frontDoors": [{"wideOpen": "true"}, {"wideOpen": []}], "namePlate": 7})
    assert fields == {"front_doors": (_Door(wide_open=True), _Door()), "name_plate": "7"}
    assert {problem.path for problem in problems} == {
        ("frontDoors", 0, "wideOpen"),
        ("frontDoors", 1, "wideOpen"),
        ("namePlate",),
    }


def test_a_kind_that_nobody_asks_about_has_no_type() -> None:
    assert type_of("example.com", "House") is None


@pytest.mark.parametrize("key", sorted(TYPES))
def test_every_name_in_the_table_is_a_type_whose_fields_have_defaults(key: tuple[str, str]) -> None:
    entity_type = type_of(*key)
    assert entity_type is not None
    module = TYPES[key].partition(".")[0]
    assert entity_type.__module__ == importlib.import_module(f"casemate.model.{module}").__name__
    assert key[1] in (entity_type.KINDS or (entity_type.__name__,))
    problems: list[Problem] = []
    fields_of(entity_type, {}, problems)
    assert problems == []


@pytest.mark.parametrize("group", sorted(VERSIONS))
def test_another_version_of_a_configuration_file_is_named_and_not_guessed(group: str) -> None:
    kind = next(kind for known, kind in TYPES if known == group)
    (known,) = read_text("a.yaml", f"apiVersion: {group}/{VERSIONS[group][0]}\nkind: {kind}\n".encode())
    assert type(known) is type_of(group, kind)
    (other,) = read_text("a.yaml", f"apiVersion: {group}/v9\nkind: {kind}\n".encode())
    assert type(other) is Entity
    assert [problem.message for problem in other.problems] == [
        f"{group}/v9 is no known version: {group} has {', '.join(VERSIONS[group])}"
    ]

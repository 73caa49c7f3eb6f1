"""Each standard is whole, in order, in our own words, and answered by controls that exist."""

import re

import pytest

from casemate.controls.catalogue import all_controls
from casemate.engine.responsibility import MATRIX
from casemate.engine.standards import MODULES, every, load
from casemate.engine.standards.items import FILES, LEVEL, WAYS, Item, Standard
from casemate.model.errors import UsageError

STANDARDS = pytest.mark.parametrize("standard", every(), ids=lambda s: f"{s.name}@{s.version}")
SIZES = {
    "pss": 2,
    "cis-kubernetes": 131,
    "cis-eks": 50,
    "cis-gke": 57,
    "cis-aks": 51,
    "nsa-cisa": 38,
    "mitre-attack-containers": 44,
    "owasp-kubernetes": 10,
    "nist-800-190": 46,
}
KUBE_BENCH = {
    "1.1": 21, "1.2": 30, "1.3": 7, "1.4": 2, "2": 7, "3.1": 3, "3.2": 2, "4.1": 10, "4.2": 14, "4.3": 1,
    "5.1": 13, "5.2": 12, "5.3": 2, "5.4": 2, "5.5": 1, "5.6": 4,
}  # fmt: skip


def numbers(item: Item) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", item.id)]


@STANDARDS
def test_every_item_stands_once(standard: Standard) -> None:
    assert len(standard.items) == SIZES[standard.name]
    assert len({item.id for item in standard.items}) == len(standard.items)


@STANDARDS
def test_every_item_can_be_answered_somehow_and_has_an_area(standard: Standard) -> None:
    for item in standard.items:
        assert item.way in WAYS, item
        assert item.area in MATRIX, item
        assert item.title, item
        assert item.needs, item
        assert not item.title.startswith(("Ensure", "Minimize", "Adversaries")), item


@pytest.mark.parametrize("name", ["cis-kubernetes", "cis-eks", "cis-gke", "cis-aks", "nist-800-190"])
def test_numbered_items_stand_in_order(name: str) -> None:
    items = list(map(numbers, load(name).items))
    assert items == sorted(items)


def test_the_benchmark_has_as_many_items_per_section_as_kube_bench() -> None:
    sections: dict[str, list[int]] = {}
    for item in load("cis-kubernetes@1.12").items:
        section, _, last = item.id.rpartition(".")
        sections.setdefault(section, []).append(int(last))
    assert {name: len(found) for name, found in sections.items()} == KUBE_BENCH
    assert all(found == list(range(1, len(found) + 1)) for found in sections.values())


def test_items_that_point_elsewhere_point_at_items() -> None:
    known = {
        f"{standard.prefix}:{item.id}" for standard in every() if standard.prefix for item in standard.items
    }
    for standard in every():
        for item in standard.items:
            assert known.issuperset(item.like), item


def test_controls_name_only_items_that_there_are() -> None:
    known = {name for standard in every() for item in standard.items for name in standard.names(item)}
    wrong = {(c.id, name) for c in all_controls() for name in c.standards if name not in known}
    assert not wrong


def test_controls_name_an_area_of_the_matrix_and_no_item_twice() -> None:
    for control in all_controls():
        assert control.area in MATRIX, control.id
        assert len(set(control.standards)) == len(control.standards), control.id


def test_each_standard_is_answered_by_some_control() -> None:
    named = {name for control in all_controls() for name in control.standards}
    for standard in every():
        files = [item for item in standard.items if item.way in {FILES, LEVEL}]
        assert any(not named.isdisjoint(standard.names(item)) for item in files), standard.name


def test_the_newest_version_is_loaded_where_none_is_named() -> None:
    assert load("owasp-kubernetes").version == "2025"
    assert load("owasp-kubernetes@2022").version == "2022"
    assert {load(name).name for name in MODULES} == set(MODULES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cis-kubernets", "there is no standard cis-kubernets; did you mean cis-kubernetes?"),
        ("xyzzy", "there is no standard xyzzy: it is one of pss, cis-kubernetes"),
        ("owasp-kubernetes@2021", "there is no owasp-kubernetes 2021: it is one of 2022, 2025"),
        ("pss@", "there is no pss (no version): it is one of 1.37"),
    ],
)
def test_an_unknown_standard_is_named(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        load(text)

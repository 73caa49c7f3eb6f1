"""What a kustomization deploys is judged once: as built where it changes anything, else as it stands."""

from functools import partial
from pathlib import PurePosixPath

import pytest

from casemate.readers.files import File
from casemate.readers.kustomizations import Plan, plan


def planned(**content: str) -> Plan:
    """The plan for files whose names have `__` for a slash and end in `.yaml` if nothing else."""
    files = []
    for key, text in content.items():
        inside = key.replace("__", "/")
        inside = inside if "Kustomization" in inside else f"{inside}.yaml"
        files.append(File(f"top/{inside}", inside, len(text), partial(bytes, text.encode())))
    return plan(files)


def builds(found: Plan) -> list[str]:
    return [build.folder for build in found.builds]


def test_a_tree_without_kustomizations_is_read_as_it_is() -> None:
    assert planned(a="kind: Pod\n", b__kustomization_old="resources: [a.yaml]\n") == Plan({}, [])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: x}",
        "sortOptions: {order: legacy}\nbuildMetadata: [originAnnotations]\nopenapi: {path: schema.json}",
        "namespace: ''\nimages: []\npatches: null\ncommonLabels: {}",
    ],
)
def test_one_that_only_lists_changes_nothing(line: str) -> None:
    found = planned(
        kustomization=f"resources: [a.yaml, sub]\n{line}\n", sub__kustomization="bases: [../b]\n", a=""
    )
    assert not found.builds
    assert set(found.reasons) == {"kustomization.yaml", "sub/kustomization.yaml"}


@pytest.mark.parametrize(
    "line",
    [
        "namespace: shop",
        "namePrefix: a-",
        "commonLabels: {a: b}",
        "labels: [{pairs: {a: b}}]",
        "images: [{name: a, newTag: b}]",
        "replicas: [{name: a, count: 2}]",
        "patches: [{patch: x}]",
        "patchesStrategicMerge: [p.yaml]",
        "configMapGenerator: [{name: a}]",
        "components: [../c]",
        "somethingNew: true",
    ],
)
def test_one_that_changes_anything_is_built(line: str) -> None:
    found = planned(k__kustomization=f"resources: [a.yaml]\n{line}\n", k__a="", k__p="", other="")
    assert builds(found) == ["k"]
    assert found.reasons["k/a.yaml"] == "deployed through the kustomization in k, judged as built"
    assert "other.yaml" not in found.reasons


def test_a_base_is_judged_through_its_overlays_only() -> None:
    found = planned(
        base__kustomization="resources: [a.yaml]\n",
        base__a="",
        prod__kustomization="resources: [../base/]\nnamespace: prod\n",
        stage__kustomization="resources: [../base]\nnamespace: stage\n",
        plain__kustomization="resources: [b.yaml]\n",
        plain__b="",
    )
    assert builds(found) == ["prod", "stage"]
    assert set(found.reasons) == {
        "base/kustomization.yaml",
        "prod/kustomization.yaml",
        "stage/kustomization.yaml",
        "plain/kustomization.yaml",
        "base/a.yaml",
    }


def test_a_change_anywhere_below_is_a_change() -> None:
    found = planned(
        kustomization="resources: [one]\n",
        one__kustomization="resources: [two, a.yaml]\n",
        one__two__kustomization="resources: [b.yaml]\nnamespace: x\n",
        one__a="",
        one__two__b="",
    )
    assert builds(found) == [""]
    assert {"one/a.yaml", "one/two/b.yaml"} <= set(found.reasons)
    assert found.reasons["one/a.yaml"] == "deployed through the kustomization in ., judged as built"


def test_what_stands_alone_as_well_is_judged_as_it_stands() -> None:
    found = planned(
        prod__kustomization="resources: [../a.yaml]\nnamespace: x\n",
        kustomization="resources: [a.yaml]\n",
        a="",
    )
    assert builds(found) == ["prod"]
    assert "a.yaml" not in found.reasons


@pytest.mark.parametrize("target", ["../outside", "../../x/base", "../a.yaml"])
def test_what_leaves_the_target_is_built(target: str) -> None:
    assert builds(planned(kustomization=f"resources: [{target}]\n")) == [""]


@pytest.mark.parametrize("name", ["kustomization", "Kustomization"])
def test_the_names_of_kustomizations(name: str) -> None:
    assert len(builds(planned(**{f"k__{name}": "namespace: x\n"}))) == 1


def test_the_other_ending() -> None:
    text = b"namespace: x\n"
    assert builds(plan([File("k/kustomization.yml", "k/kustomization.yml", 1, partial(bytes, text))])) == [
        "k"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "patchesStrategicMerge: [p.yaml]",
        "patches: [{path: p.yaml, target: {kind: A}}]",
        "patchesJson6902: [{path: p.yaml}]",
        "replacements: [{path: p.yaml}]",
        "configurations: [p.yaml]",
        "crds: [p.yaml]",
        "transformers: [p.yaml]",
        "generators: [p.yaml]",
        "configMapGenerator: [{files: [p.yaml]}]",
        "configMapGenerator: [{files: [key=p.yaml]}]",
        "secretGenerator: [{files: [./p.yaml]}]",
    ],
)
def test_parts_are_never_judged_by_themselves(line: str) -> None:
    found = planned(k__kustomization=f"resources: [a.yaml]\n{line}\n", k__p="", k__a="")
    assert found.reasons["k/p.yaml"] == "a part that the kustomization in k applies to others"


@pytest.mark.parametrize(
    "line",
    [
        "patchesStrategicMerge: ['a: 1\n\n  b: 2']",
        "patches: [{patch: x}, x, {path: [p.yaml]}]",
        "patches: p.yaml",
        "configMapGenerator: [x, {files: p.yaml}, {files: [3]}, {literals: [p.yaml=1]}]",
        "resources: [1, {a: b}]",
        "resources: p.yaml",
    ],
)
def test_parts_that_are_written_in_place_or_wrongly_name_no_file(line: str) -> None:
    found = planned(kustomization=f"{line}\n", p="")
    assert set(found.reasons) == {"kustomization.yaml"}


@pytest.mark.parametrize(
    "listed", ["https://example.com/a.yaml", "github.com/a/b//c", "git@example.com:a/b.git", "a/b?ref=v1"]
)
def test_what_would_be_fetched_is_named(listed: str) -> None:
    (build,) = planned(kustomization=f"resources: [a.yaml, '{listed}']\nnamespace: x\n").builds
    assert build.remote == listed


def test_what_a_base_would_fetch_counts_for_its_overlay() -> None:
    found = planned(
        over__kustomization="resources: [../base]\nnamespace: x\n",
        base__kustomization="resources: ['https://example.com/a.yaml']\n",
        local__kustomization="resources: [a.yaml]\nnamespace: y\n",
    )
    assert {build.folder: build.remote for build in found.builds} == {
        "over": "https://example.com/a.yaml",
        "local": None,
    }


@pytest.mark.parametrize("folder", ["test", "tests", "testdata"])
def test_tests_are_not_deployed(folder: str) -> None:
    found = planned(
        **{f"{folder}__x__kustomization": "resources: [../../app]\nnamespace: x\n"},
        app__kustomization="resources: [a.yaml]\n",
        app__a="",
    )
    assert not found.builds
    assert "a folder of tests" in found.reasons[f"{folder}/x/kustomization.yaml"]
    assert "app/a.yaml" not in found.reasons


def test_a_component_is_built_by_what_uses_it() -> None:
    found = planned(
        part__kustomization="kind: Component\nresources: [a.yaml]\npatches: [{path: p.yaml}]\n",
        part__a="",
        part__p="",
        app__kustomization="components: [../part]\n",
    )
    assert builds(found) == ["app"]
    assert {"part/a.yaml", "part/p.yaml"} <= set(found.reasons)
    alone = planned(part__kustomization="kind: Component\nresources: [a.yaml]\nnamespace: x\n", part__a="")
    assert not alone.builds
    assert "part/a.yaml" not in alone.reasons


def test_a_circle_ends() -> None:
    found = planned(
        kustomization="resources: [a]\n",
        a__kustomization="resources: [b]\nnamespace: x\n",
        a__b__kustomization="resources: [../../a, c.yaml]\n",
        a__b__c="",
    )
    assert builds(found) == [""]
    assert "a/b/c.yaml" in found.reasons


@pytest.mark.parametrize("text", ["a: [", "- a", "", "text", "# nothing"])
def test_a_kustomization_that_is_none_is_left_to_the_reader(text: str) -> None:
    assert planned(kustomization=text, a="") == Plan({}, [])


def test_a_definition_that_calls_itself_kustomization() -> None:
    text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {a: b}\n"
    assert planned(kustomization=text.replace("spec: {a: b}", "spec:\n  a: b")) == Plan({}, [])


def test_reasons_name_files_that_are_there_or_none() -> None:
    found = planned(kustomization="resources: [gone.yaml]\nnamespace: x\npatches: [{path: gone-too.yaml}]\n")
    assert {PurePosixPath(name).name for name in found.reasons} == {
        "kustomization.yaml",
        "gone.yaml",
        "gone-too.yaml",
    }

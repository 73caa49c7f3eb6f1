"""Trees become entities with their identity; whatever is none of that is passed over with a reason."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.estate import Entity, Owner, Problem, Ref, ServiceAccount, Skipped, Unreadable, Workload
from casemate.model.functions import KnativeService, OpenFaasFunction
from casemate.model.place import Document, Path, path_text
from casemate.readers.manifests import read_text
from casemate.readers.objects import Read, entities, item_of
from tests.trees import LAW, trees

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: main, image: b}]}\n"


def read(text: str) -> list[Read]:
    return list(read_text("a.yaml", text.encode()))


def one(text: str) -> Any:
    (item,) = read(text)
    assert isinstance(item, Entity), item
    return item


def problems(text: str) -> list[tuple[str, str, str]]:
    return [(problem.kind, path_text(problem.path), problem.message) for problem in one(text).problems]


def listed(items: list[Read]) -> list[tuple[Path, str | None] | str]:
    """Where objects were read and their names; for others what was said."""
    return [
        (item.origin.path, item.ref.name)
        if isinstance(item, Entity)
        else item.error
        if isinstance(item, Unreadable)
        else item.reason
        for item in items
    ]


# Identity


@pytest.mark.parametrize(
    ("metadata", "namespace", "name"),
    [
        ("{name: a, namespace: b}", "b", "a"),
        ("{name: a}", None, "a"),
        ("{name: a, namespace: null}", None, "a"),
        ("{name: a, namespace: ''}", None, "a"),
        ("{generateName: a-}", None, "a-"),
        ("{name: a, generateName: b-}", None, "a"),
        ("{name: '', generateName: b-}", None, "b-"),
        ("{name: ''}", None, None),
        ("{}", None, None),
        ("", None, None),
    ],
)
def test_names_and_namespaces(metadata: str, namespace: str | None, name: str | None) -> None:
    item = one(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n")
    assert item.ref == Ref("v1", "ConfigMap", namespace, name)
    assert not item.problems


@pytest.mark.parametrize(
    ("metadata", "ref", "told"),
    [
        ("{name: 5}", (None, "5"), [("metadata.name", "name must be text, not a whole number")]),
        ("{name: true}", (None, "true"), [("metadata.name", "name must be text, not true or false")]),
        (
            "{name: [a], namespace: {}}",
            (None, None),
            [
                ("metadata.namespace", "namespace must be text, not a map"),
                ("metadata.name", "name must be text, not a list"),
            ],
        ),
        (
            "{generateName: 1.5}",
            (None, "1.5"),
            [("metadata.generateName", "generateName must be text, not a number")],
        ),
        ("[]", (None, None), [("metadata", "metadata must be a map, not a list")]),
        ("text", (None, None), [("metadata", "metadata must be a map, not text")]),
    ],
)
def test_identities_of_a_wrong_type(
    metadata: str, ref: tuple[str | None, str | None], told: list[tuple[str, str]]
) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n"
    assert (one(text).ref.namespace, one(text).ref.name) == ref
    assert problems(text) == [("wrong-type", *item) for item in told]


@pytest.mark.parametrize(
    ("metadata", "labels", "told"),
    [
        ("{labels: {a: b}}", {"a": "b"}, []),
        ("{labels: null}", {}, []),
        ("{labels: {}}", {}, []),
        ("{labels: {a: null, c: d}}", {"c": "d"}, []),
        ("{labels: {a: 1, c: d}}", {"c": "d"}, [("metadata.labels.a", "a must be text, not a whole number")]),
        (
            "{labels: {a.b/c: yes}}",
            {},
            [('metadata.labels["a.b/c"]', "a.b/c must be text, not true or false")],
        ),
        ("{labels: [a]}", {}, [("metadata.labels", "labels must be a map, not a list")]),
    ],
)
def test_labels(metadata: str, labels: dict[str, str], told: list[tuple[str, str]]) -> None:
    for key in ("labels", "annotations"):
        text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata.replace('labels', key)}\n"
        assert getattr(one(text), key) == labels
        wanted = [("wrong-type", *(part.replace("labels", key) for part in item)) for item in told]
        assert problems(text) == wanted


@pytest.mark.parametrize(
    ("owners", "found"),
    [
        ("[{kind: A, name: b, controller: true, uid: x}]", (Owner("A", "b", True),)),
        ("[{kind: A, name: b}, {}]", (Owner("A", "b"), Owner())),
        ("null", ()),
        ("{kind: A}", ()),
        ("[1]", ()),
        ("[{kind: [A]}]", ()),
    ],
)
def test_owners(owners: str, found: tuple[Owner, ...]) -> None:
    assert one(POD.replace("{name: a}", f"{{name: a, ownerReferences: {owners}}}")).owners == found


@pytest.mark.parametrize(
    ("line", "value", "told"),
    [
        ("", None, []),
        ("automountServiceAccountToken: null", None, []),
        ("automountServiceAccountToken: false", False, []),
        ("automountServiceAccountToken: yes", True, []),
        (
            "automountServiceAccountToken: 'false'",
            None,
            [
                (
                    "wrong-type",
                    "automountServiceAccountToken",
                    "automountServiceAccountToken must be true or false, not text",
                )
            ],
        ),
    ],
)
def test_service_accounts(line: str, value: bool | None, told: list[tuple[str, str, str]]) -> None:
    text = f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: a}}\n{line}\n"
    item = one(text)
    assert isinstance(item, ServiceAccount)
    assert item.automount_token is value
    assert problems(text) == told


def test_a_service_account_of_another_group_is_none() -> None:
    assert type(one("apiVersion: example.com/v1\nkind: ServiceAccount\n")) is Entity


# Pods


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (POD, []),
        ("apiVersion: v1\nkind: Pod\n", [("spec", "the pod has no spec")]),
        (
            "apiVersion: v1\nkind: Pod\nspec: {}\n",
            [("spec.containers", "the pod has no containers; the API server refuses it")],
        ),
        (
            "apiVersion: v1\nkind: Pod\nspec: {containers: []}\n",
            [("spec.containers", "the pod has no containers; the API server refuses it")],
        ),
        (
            "apiVersion: v1\nkind: Pod\nspec: {containers: x}\n",
            [("spec.containers", "containers must be a list, not text")],
        ),
        ("apiVersion: v1\nkind: Pod\nspec: [x]\n", [("spec", "spec must be a map, not a list")]),
        (
            "apiVersion: apps/v1\nkind: Deployment\nspec: {}\n",
            [("spec.template.spec", "this Deployment has no pod: spec.template.spec is missing")],
        ),
        (
            "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: []}\n",
            [
                (
                    "spec.jobTemplate.spec.template.spec",
                    "this CronJob has no pod: spec.jobTemplate.spec.template.spec is missing",
                )
            ],
        ),
        (
            POD.replace("{name: main,", "{name: main, securityContext: {privileged: 'true'},"),
            [("spec.containers[0].securityContext.privileged", "privileged must be true or false, not text")],
        ),
        (
            POD.replace(
                "{name: main,", "{name: main, securityContext: {runAsUser: 99999999999999999999999},"
            ),
            [
                (
                    "spec.containers[0].securityContext.runAsUser",
                    "runAsUser must be a whole number, not a number",
                )
            ],
        ),
    ],
)
def test_faults_of_pods(text: str, told: list[tuple[str, str]]) -> None:
    assert problems(text) == [("wrong-type", *item) for item in told]
    assert isinstance(one(text), Workload)


def test_numbers_beyond_64_bits_in_json() -> None:
    huge = 10**30
    tree = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [
        {"name": "a", "securityContext": {"runAsUser": huge}, "resources": {"limits": {"cpu": huge}}, "image": 5}
    ]}}  # fmt: skip
    (item,) = read_text("a.json", json.dumps(tree).encode())
    assert isinstance(item, Workload)
    (container,) = item.templates[0].spec.containers or ()
    assert container.security_context is not None
    assert container.security_context.run_as_user is None
    assert container.resources is not None
    assert container.resources.limits == {"cpu": str(huge)}
    assert container.image == "5"
    assert sorted(path_text(problem.path) for problem in item.problems) == [
        "spec.containers[0].image",
        "spec.containers[0].securityContext.runAsUser",
    ]


def test_a_pod_with_too_many_wrong_fields_is_unreadable() -> None:
    spec = {"containers": [{"name": n} for n in range(101)]}
    text = yaml.safe_dump_all([{"apiVersion": "v1", "kind": "Pod", "spec": spec}, yaml.safe_load(POD)])
    (first, second) = read(text)
    assert first == Unreadable(
        "a.yaml", 1, 1, "more than 100 fields have a wrong type; first: name must be text, not a whole number"
    )
    assert isinstance(second, Workload)


def test_wrong_types_in_custom_resources_are_not_the_api_servers_to_refuse() -> None:
    text = "apiVersion: example.com/v1\nkind: X\nspec: {containers: [{image: a, name: 5}], hostPID: 'true'}\n"
    item = one(text)
    assert not item.problems
    assert item.templates[0].spec.host_pid is True


def test_annotations_of_a_template_of_a_wrong_type_are_left_out() -> None:
    text = """
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    metadata: {annotations: {a: 1, b: c}}
    spec: {containers: [{name: main, image: b}]}
"""
    assert one(text).templates[0].annotations == {"b": "c"}
    assert one(text.replace("{annotations: {a: 1, b: c}}", "[]")).templates[0].annotations == {}


def test_keys_given_twice_are_problems_of_the_object_they_stand_in() -> None:
    text = """
apiVersion: v1
kind: List
kind: List
items:
- {apiVersion: v1, kind: Event, data: {a: 1, a: 2}}
- {apiVersion: v1, kind: Event}
"""
    first, second = read(text)
    assert isinstance(first, Entity)
    assert first.problems == (
        Problem("duplicate-key", ("data", "a"), "the key a is given twice; only the last one counts"),
    )
    assert isinstance(second, Entity)
    assert not second.problems


# What is no object


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\n", "not a Kubernetes object: no apiVersion and no kind"),
        ("kind: Pod\n", "not a Kubernetes object: no apiVersion"),
        ("apiVersion: v1\n", "not a Kubernetes object: no kind"),
        ("apiVersion: v1\nkind: ''\n", "not a Kubernetes object: no kind"),
        ("apiVersion: [v1]\nkind: Pod\n", "not a Kubernetes object: apiVersion and kind must be text"),
        ("apiVersion: 1\nkind: Pod\n", "not a Kubernetes object: apiVersion and kind must be text"),
        ("- 1\n- 2\n", "not a Kubernetes object: a list"),
        ("text\n", "not a Kubernetes object: text"),
        ("12\n", "not a Kubernetes object: a whole number"),
        ("yes\n", "not a Kubernetes object: true or false"),
        ("apiVersion: v1\nkind: List\n", "a List without items"),
        ("apiVersion: v1\nkind: PodList\nitems: []\n", "a List without items"),
        ("apiVersion: v1\nkind: PodList\nitems: null\n", "a List without items"),
    ],
)
def test_what_holds_no_object_is_passed_over(text: str, reason: str) -> None:
    assert read(f"---\n# c\n---\n{text}") == [Skipped("a.yaml", 3, reason)]


# Lists


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}, {apiVersion: v1, kind: A}]}",
         [(("items", 0), "a"), (("items", 1), None)]),
        ("{kind: PodList, items: [{metadata: {name: a}}, {kind: B, metadata: {name: b}}]}",
         [(("items", 0), "a"), (("items", 1), "b")]),
        ("{kind: List, items: [{metadata: {name: a}}]}", ["not a Kubernetes object: no apiVersion and no kind"]),
        ("{kind: List, items: [1, null, [x]]}",
         [f"items[{n}] of the List must be an object, not {word}"
          for n, word in enumerate(("a whole number", "null", "a list"))]),
        ("{kind: PodList, items: [x]}", ["items[0] of the PodList must be an object, not text"]),
        ("{kind: List, items: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: A}, 1]}]}",
         [(("items", 0, "items", 0), None), "items[0].items[1] of the List must be an object, not a whole number"]),
        ("{kind: List, items: {a: 1}}", [((), None)]),
        ("{kind: AllowList, spec: {a: 1}, items: [1]}", [((), None)]),
        ("{kind: Template, objects: [{apiVersion: v1, kind: A, metadata: {name: '${X}'}}, 1]}",
         [(("objects", 0), "${X}"), "objects[1] of the List must be an object, not a whole number"]),
        ("{kind: Template, objects: {a: 1}}", [((), None)]),
        ("{kind: Template, objects: []}", ["a List without items"]),
    ],
)  # fmt: skip
def test_lists_are_opened(text: str, found: list[Any]) -> None:
    assert listed(read(f"apiVersion: v1\n{yaml.safe_dump(yaml.safe_load(text))}")) == found


def test_a_typed_list_names_the_kind_of_its_items() -> None:
    (item,) = read("{apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: {name: a}}]}")
    assert isinstance(item, Workload)
    assert item.ref == Ref("apps/v1", "Deployment", None, "a")


@pytest.mark.parametrize(
    ("api_version", "kind", "default"),
    [
        ("v1", "PodList", ("v1", "Pod")),
        ("v1", "List", ("", "")),
        (None, "PodList", ("", "")),
        ("v1", None, ("", "")),
        ("v1", 5, ("", "")),
        ("v1", "Pod", ("v1", "Pod")),
    ],
)
def test_what_a_list_gives_to_its_items(api_version: object, kind: object, default: tuple[str, str]) -> None:
    assert item_of(api_version, kind) == default


def test_items_of_a_streamed_list_take_its_kind() -> None:
    document = Document("a.json", 7, 3)
    (item,) = entities({"metadata": {"name": "a"}}, document, (), ("v1", "Pod"))
    assert isinstance(item, Workload)
    (item,) = entities(5, document, (), ("v1", "Pod"))
    assert item == Unreadable("a.json", 7, 3, "an item of the PodList must be an object, not a whole number")


def test_a_list_at_the_root_holds_objects() -> None:
    text = "- {apiVersion: v1, kind: Event, data: {a: 1, a: 2}}\n- 5\n- {kind: Pod}\n"
    assert listed(read(text)) == [
        ((0,), None),
        "not a Kubernetes object: a whole number",
        "not a Kubernetes object: no apiVersion",
    ]
    (first, *_) = read(text)
    assert isinstance(first, Entity)
    assert [problem.path for problem in first.problems] == [("data", "a")]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ('{"apiVersion": "v1", "kind": "List", "items": [', "]}"),
        ('{"apiVersion": "v1", "kind": "Template", "objects": [', "]}"),
        ('[{"apiVersion": "v1", "kind": "A"}, ', "]"),
    ],
)
@pytest.mark.parametrize("depth", [19, 20, 25, 300])
def test_lists_in_lists(opening: str, closing: str, depth: int) -> None:
    inner = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "inmost"}}'
    found = listed(list(read_text("a.json", (opening * depth + inner + closing * depth).encode())))
    names = [item for item in found if isinstance(item, tuple) and item[1] == "inmost"]
    refused = [item for item in found if item == "Lists are nested more than 20 deep"]
    assert (len(names), len(refused)) == ((1, 0) if depth <= 20 else (0, 1))


# Laws


@LAW
@given(trees(keys=st.sampled_from(("apiVersion", "kind", "metadata", "items", "objects", "spec", "template", "name")),
             scalars=st.sampled_from(("v1", "apps/v1", "List", "PodList", "Pod", "Template", "Deployment", "", 1, None, True))))  # fmt: skip
def test_any_tree_is_read_or_passed_over(tree: Any) -> None:
    found = list(entities(tree, Document("a.yaml")))
    assert found
    assert all(isinstance(item, (Entity, Skipped, Unreadable)) for item in found)
    assert all(
        path_text(problem.path) for item in found if isinstance(item, Entity) for problem in item.problems
    )


# Typed workloads


def test_a_typed_workload_keeps_its_pods() -> None:
    function = one(
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: f}\nspec:\n  template:\n"
        "    spec: {timeoutSeconds: '5', containers: [{image: f}]}\n"
    )
    assert isinstance(function, KnativeService)
    assert function.spec.template.spec.timeout_seconds == 5
    assert [template.path for template in function.templates] == [("spec", "template", "spec")]
    assert [path_text(problem.path) for problem in function.problems] == ["spec.template.spec.timeoutSeconds"]


def test_a_typed_workload_may_have_no_pods() -> None:
    function = one("apiVersion: openfaas.com/v1\nkind: Function\nmetadata: {name: f}\nspec: {image: f}\n")
    assert isinstance(function, OpenFaasFunction)
    assert (function.spec.image, function.templates, function.problems) == ("f", (), ())

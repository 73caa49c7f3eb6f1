"""Pod templates are found where Kubernetes keeps them, and by their shape in every other kind."""

from typing import Any

import pytest
import yaml

from casemate.model.estate import Entity, Unreadable, Workload
from casemate.model.place import Path
from casemate.readers import pod_templates
from casemate.readers.manifests import read_text
from casemate.readers.pod_templates import BUILT_IN, find

SPEC = {"containers": [{"name": "main", "image": "a"}]}
METADATA = {"annotations": {"a": "b"}}


def nested(path: Path, inner: Any) -> Any:
    """The inner value below a path of keys."""
    for step in reversed(path):
        inner = {step: inner}
    return inner


def found(text: str) -> list[tuple[Path, Path, Any]]:
    """The templates of an object: path, path of the metadata, and the spec as it was found."""
    tree = yaml.safe_load(text)
    group = tree["apiVersion"].rpartition("/")[0]
    return [(item.path, item.metadata_path, item.spec) for item in find(group, tree["kind"], tree)]


def workload(text: str) -> Workload:
    (item,) = read_text("a.yaml", text.encode())
    assert isinstance(item, Workload)
    return item


@pytest.mark.parametrize(("group", "kind"), list(BUILT_IN), ids=lambda word: word or "core")
def test_every_kind_of_kubernetes(group: str, kind: str) -> None:
    path = BUILT_IN[group, kind]
    tree = nested(path, {"metadata": METADATA, "spec": SPEC})
    (item,) = find(group, kind, tree)
    assert (item.path, item.metadata_path) == ((*path, "spec"), (*path, "metadata"))
    assert (item.spec, item.metadata, item.container_paths) == (SPEC, METADATA, {})


@pytest.mark.parametrize(("group", "kind"), list(BUILT_IN), ids=lambda word: word or "core")
def test_every_kind_of_kubernetes_is_a_workload_with_that_pod(group: str, kind: str) -> None:
    version = f"{group}/v1" if group else "v1"
    tree = nested(BUILT_IN[group, kind], {"spec": SPEC})
    tree.update(apiVersion=version, kind=kind, metadata={"name": "a", "annotations": {"on": "the object"}})
    item = workload(yaml.safe_dump(tree))
    (template,) = item.templates
    assert template.path == (*BUILT_IN[group, kind], "spec")
    assert [container.image for container in template.spec.containers or ()] == ["a"]
    assert template.annotations == ({"on": "the object"} if kind == "Pod" else {})
    assert not item.problems


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"spec": None},
        {"spec": []},
        {"spec": {"template": None}},
        {"spec": {"template": [SPEC]}},
        {"spec": 5},
    ],
    ids=str,
)
def test_a_kind_of_kubernetes_without_its_template(tree: dict[str, Any]) -> None:
    assert not list(find("apps", "Deployment", tree))


def test_a_template_without_a_spec_is_a_template() -> None:
    (item,) = find("apps", "Deployment", {"spec": {"template": {}}})
    assert (item.path, item.spec, item.metadata) == (("spec", "template", "spec"), None, None)


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("", "ConfigMap"),
        ("", "Node"),
        ("apps", "ControllerRevision"),
        ("batch", "Other"),
        ("apps", "Pod"),
        ("", "Deployment"),
        ("policy", "PodSecurityPolicy"),
        ("networking.k8s.io", "Ingress"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ],
)
def test_shapes_in_the_groups_of_kubernetes_mean_nothing(group: str, kind: str) -> None:
    assert not list(find(group, kind, {"spec": {"template": {"spec": SPEC}}, "data": SPEC, **SPEC}))


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("argoproj.io/v1alpha1", "Rollout", ("spec", "template")),
        ("serving.knative.dev/v1", "Service", ("spec", "template")),
        ("apps.openshift.io/v1", "DeploymentConfig", ("spec", "template")),
        ("kubeflow.org/v1", "PyTorchJob", ("spec", "pytorchReplicaSpecs", "Worker", "template")),
        ("jobset.x-k8s.io/v1alpha2", "JobSet", ("spec", "replicatedJobs", "template", "spec", "template")),
        ("keda.sh/v1alpha1", "ScaledJob", ("spec", "jobTargetRef", "template")),
        ("example.com/v1", "Anything", ("a", "b.c/d", "e")),
    ],
)
def test_custom_resources_by_shape(api_version: str, kind: str, path: Path) -> None:
    tree = nested(path, {"metadata": METADATA, "spec": SPEC})
    tree.update(apiVersion=api_version, kind=kind, metadata={"name": "a"})
    item = workload(yaml.safe_dump(tree))
    (template,) = item.templates
    assert template.path == (*path, "spec")
    assert template.metadata_path == (*path, "metadata")
    assert template.annotations == {"a": "b"}
    assert [container.name for container in template.spec.containers or ()] == ["main"]


def test_several_templates_in_the_order_they_stand() -> None:
    text = """
apiVersion: kubeflow.org/v1
kind: TFJob
spec:
  tfReplicaSpecs:
    Worker: {template: {spec: {containers: [{image: a}]}}}
    Chief: {template: {spec: {containers: [{image: b}]}}}
  others:
  - {containers: [{image: c}]}
  - nothing
  - [{containers: [{image: d}]}]
"""
    assert [path for path, _, _ in found(text)] == [
        ("spec", "tfReplicaSpecs", "Worker", "template", "spec"),
        ("spec", "tfReplicaSpecs", "Chief", "template", "spec"),
        ("spec", "others", 0),
        ("spec", "others", 2, 0),
    ]


def test_a_pod_inside_a_pod_is_not_looked_for() -> None:
    text = """
apiVersion: example.com/v1
kind: Nest
spec:
  containers: [{image: a, spec: {containers: [{image: b}]}}]
  more: {containers: [{image: c}]}
"""
    assert [path for path, _, _ in found(text)] == [("spec",)]


@pytest.mark.parametrize(
    "spec",
    [
        "{containers: []}",
        "{containers: {image: a}}",
        "{containers: [a, b]}",
        "{containers: [{name: a}]}",
        "{containers: [{image: {repository: a}}]}",
        "{containers: 3}",
        "{container: {name: a}}",
        "{container: a}",
        "{driver: {image: a}}",
        "[driver, executor]",
    ],
)
def test_shapes_that_are_no_pods(spec: str) -> None:
    assert not found(f"{{apiVersion: example.com/v1, kind: X, spec: {spec}}}")


def test_a_container_without_an_image_beside_one_with_belongs_to_the_pod() -> None:
    ((_, _, spec),) = found(
        "{apiVersion: example.com/v1, kind: X, spec: {containers: [{name: proxy}, {name: a, image: b}]}}"
    )
    assert [container["name"] for container in spec["containers"]] == ["proxy", "a"]


def test_argo_workflows_spell_one_container_as_a_map() -> None:
    text = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: flow}
spec:
  templates:
    - name: build
      container: {name: main, image: a, securityContext: {privileged: true}}
      volumes: [{name: v, hostPath: {path: /}}]
    - name: script
      metadata: {annotations: {a: b}}
      script: {image: b, source: echo}
      securityContext: {runAsUser: 0}
    - name: set
      containerSet: {containers: [{name: x, image: c}]}
    - name: steps
      steps: [[{name: one, template: build}]]
"""
    build, script, several = workload(text).templates
    assert build.path == ("spec", "templates", 0)
    assert build.container_paths == {"containers": ("spec", "templates", 0, "container")}
    assert [container.image for container in build.spec.containers or ()] == ["a"]
    assert [volume.name for volume in build.spec.volumes or ()] == ["v"]
    assert script.container_paths == {"containers": ("spec", "templates", 1, "script")}
    assert script.metadata_path == ("spec", "templates", 1, "metadata")
    assert script.annotations == {"a": "b"}
    assert script.spec.security_context is not None
    assert script.spec.security_context.run_as_user == 0
    assert several.path == ("spec", "templates", 2, "containerSet")
    assert several.container_paths == {}


def test_spark_spells_the_driver_and_the_executor_as_maps() -> None:
    text = """
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: pi}
spec:
  image: spark
  driver: {cores: 1, securityContext: {privileged: true}, podSecurityContext: {runAsUser: 0}}
  executor: {memory: 1g, image: worker}
"""
    tree = yaml.safe_load(text)
    driver, executor = find("sparkoperator.example.com", "SparkApplication", tree)
    assert driver.path == ("spec", "driver")
    assert driver.container_paths == {"containers": ("spec", "driver")}
    assert driver.spec["securityContext"] == {"runAsUser": 0}
    assert driver.spec["containers"] == [tree["spec"]["driver"]]
    assert executor.spec["containers"][0]["image"] == "worker"


def test_what_is_too_large_to_be_searched_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pod_templates, "_MOST_NODES", 50)
    text = "apiVersion: example.com/v1\nkind: X\n"
    many = f"many: [{'[], ' * 200}]\n"
    (item,) = read_text("a.yaml", f"{text}{many}{yaml.safe_dump({'spec': SPEC})}".encode())
    assert item == Unreadable(
        "a.yaml", 1, 1, "it holds more than 50 maps and lists, too many to look for pods in"
    )
    (workload_,) = read_text(
        "a.yaml", f"{text}{yaml.safe_dump({'spec': SPEC})}many: [{'a, ' * 200}]\n".encode()
    )
    assert isinstance(workload_, Workload), "only maps and lists cost anything"


def test_what_is_read_is_not_changed_by_looking_for_shapes() -> None:
    text = "{apiVersion: example.com/v1, kind: X, spec: {container: {image: a}, podSecurityContext: {}}}"
    tree = yaml.safe_load(text)
    list(find("example.com", "X", tree))
    assert tree == yaml.safe_load(text)


def test_custom_resources_without_pods_are_plain_entities() -> None:
    (item,) = read_text(
        "a.yaml", b"{apiVersion: example.com/v1, kind: X, metadata: {name: a}, spec: {a: 1}}\n"
    )
    assert type(item) is Entity

"""The platform is recognised by what its users write, and nothing is guessed."""

import pytest

from casemate.engine.platforms import recognise
from casemate.model.estate import Entity, Estate, Ref, Template, Workload, pack
from casemate.model.exposure import Ingress, IngressSpec
from casemate.model.place import Document, Origin
from casemate.model.platform import Platform
from casemate.model.pods import Container, PodSpec
from casemate.model.storage import StorageClass

ORIGIN = Origin(Document("a.yaml"))


def thing(
    name: str = "a", *, labels: dict[str, str] | None = None, annotations: dict[str, str] | None = None
) -> Entity:
    return Entity(
        ref=Ref("v1", "Service", "ns", name),
        origin=ORIGIN,
        labels=labels or {},
        annotations=annotations or {},
    )


def pod(spec: PodSpec, annotations: dict[str, str] | None = None) -> Workload:
    template = Template(
        path=("spec",), metadata_path=("metadata",), packed=pack(spec), annotations=annotations or {}
    )
    return Workload(ref=Ref("v1", "Pod", "ns", "p"), origin=ORIGIN, templates=(template,))


def image(name: str | None) -> Workload:
    return pod(PodSpec(containers=(Container(name="c", image=name),)))


def of(*entities: Entity) -> Platform:
    return recognise(Estate(entities=entities))


@pytest.mark.parametrize(
    ("entity", "name", "by"),
    [
        (thing(labels={"eks.amazonaws.com/nodegroup": "x"}), "eks", "label eks.amazonaws.com/nodegroup"),
        (thing(annotations={"iam.gke.io/gcp-service-account": "x"}), "gke", "annotation iam.gke.io/"),
        (thing(annotations={"azure.workload.identity/client-id": "x"}), "aks", "annotation azure.workload"),
        (thing(annotations={"run.googleapis.com/ingress": "all"}), "cloud-run", "annotation run.goo"),
        (pod(PodSpec(node_selector={"kubernetes.azure.com/mode": None})), "aks", "node selector kubernetes.az"),
        (image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"), "eks", "image 123456789012.dkr.ecr"),
        (image("europe-docker.pkg.dev/p/r/a:1"), "gke", "image europe-docker.pkg.dev"),
        (image("corp.azurecr.io/a:1"), "aks", "image corp.azurecr.io"),
        (
            StorageClass(ref=Ref("storage.k8s.io/v1", "StorageClass", None, "s"), origin=ORIGIN,
                         provisioner="pd.csi.storage.gke.io"),
            "gke", "provisioner pd.csi.storage.gke.io",
        ),
        (
            Ingress(ref=Ref("networking.k8s.io/v1", "Ingress", "ns", "i"), origin=ORIGIN,
                    spec=IngressSpec(ingress_class_name="alb")),
            "eks", "ingress class alb",
        ),
        (
            Ingress(ref=Ref("networking.k8s.io/v1", "Ingress", "ns", "i"), origin=ORIGIN,
                    annotations={"kubernetes.io/ingress.class": "gce"}),
            "gke", "ingress class gce",
        ),
    ],
)  # fmt: skip
def test_recognised(entity: Entity, name: str, by: str) -> None:
    found = of(thing(), entity)
    assert found.name == name
    assert found.because[0].startswith(f"{name} by {by}"), found.because
    assert "a.yaml" in found.because[0]


def test_nothing_recognised_is_said() -> None:
    other = Ingress(
        ref=Ref("networking.k8s.io/v1", "Ingress", "ns", "i"),
        origin=ORIGIN,
        spec=IngressSpec(ingress_class_name="nginx"),
    )
    found = of(thing(labels={"app": "x"}), image("nginx"), image(None), other)
    assert found == Platform(because=("nothing read names a platform: self is assumed",))


def test_contradictions_are_said_and_the_most_frequent_wins() -> None:
    eks = [thing(f"e{i}", labels={"eks.amazonaws.com/x": "1"}) for i in range(2)]
    gke = [thing(f"g{i}", labels={"cloud.google.com/x": "1"}) for i in range(3)]
    found = of(*eks, *gke)
    assert found.name == "gke"
    assert found.because[0].endswith("and 2 more objects")
    assert found.because[1].startswith("but eks by label eks.amazonaws.com/x of ns/e0 (Service)")
    assert found.because[1].endswith("and 1 more object")


def test_registries_count_only_where_nothing_stronger_was_read() -> None:
    images = [image("corp.azurecr.io/a:1")] * 3
    assert of(*images).because[0].endswith("where images lie is only a hint")
    assert of(*images, thing(labels={"eks.amazonaws.com/x": "1"})).name == "eks"


@pytest.mark.parametrize(
    ("entity", "fact"),
    [
        (pod(PodSpec(), {"eks.amazonaws.com/compute-type": "fargate"}), "fargate"),
        (pod(PodSpec(node_selector={"eks.amazonaws.com/compute-type": "auto"})), "auto_mode"),
        (thing(annotations={"autopilot.gke.io/resource-adjustment": "{}"}), "autopilot"),
    ],
)
def test_how_it_is_set_up_is_read_too(entity: Entity, fact: str) -> None:
    assert getattr(of(entity), fact) is True


def test_only_auto_is_recognised_and_what_is_known_stays() -> None:
    estate = Estate(entities=(thing(labels={"cloud.google.com/x": "1"}),))
    found = recognise(estate, Platform(name="auto", dataplane_v2=True))
    assert (found.name, found.dataplane_v2) == ("gke", True)

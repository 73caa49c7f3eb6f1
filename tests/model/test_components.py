"""Which programs of Kubernetes an object is about."""

import pytest

from casemate.model.estate import Entity
from casemate.readers.manifests import read_text

POD = "{containers: [{name: c, image: 'registry.example/x:1', command: [etcd]}]}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"apiVersion: v1\nkind: Pod\nspec: {POD}\n", ("Etcd",)),
        (f"apiVersion: apps/v1\nkind: StatefulSet\nspec: {{template: {{spec: {POD}}}}}\n", ("Etcd",)),
        ("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", ("Kubelet",)),
        ("apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n", ("KubeProxy",)),
        ("apiVersion: v1\nkind: Secret\n", ()),
    ],
)
def test_the_programs_that_an_object_is_about(text: str, parts: tuple[str, ...]) -> None:
    (entity,) = read_text("a.yaml", text.encode())
    assert isinstance(entity, Entity)
    assert entity.parts == parts

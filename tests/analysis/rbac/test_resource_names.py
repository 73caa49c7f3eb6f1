"""What people call resources."""

import pytest

from casemate.analysis.rbac.resource_names import resource_named
from casemate.model.version import NEWEST, KubernetesVersion


@pytest.mark.parametrize(
    ("written", "name", "group"),
    [
        ("pods", "pods", ""), ("po", "pods", ""), ("Pod", "pods", ""), ("deploy", "deployments", "apps"),
        ("deployment.apps", "deployments", "apps"), ("ingress", "ingresses", "networking.k8s.io"),
        ("netpol", "networkpolicies", "networking.k8s.io"), ("networkpolicy", "networkpolicies", "networking.k8s.io"),
        ("events", "events", ""), ("events.events.k8s.io", "events", "events.k8s.io"),
        ("clusterrole", "clusterroles", "rbac.authorization.k8s.io"), ("storageclass", "storageclasses", "storage.k8s.io"),
        ("endpoints", "endpoints", ""),
    ],
)  # fmt: skip
def test_known_names(written: str, name: str, group: str) -> None:
    found = resource_named(written, NEWEST)
    assert found is not None
    assert (found.name, found.group) == (name, group)


def test_names_of_other_apis() -> None:
    assert resource_named("widgets.example.com", NEWEST) is None
    assert resource_named("deployments.example.com", NEWEST) is None
    old = resource_named("psp", KubernetesVersion.parse("1.24"))
    assert old is not None
    assert old.group == "policy"
    assert resource_named("psp", NEWEST) is None

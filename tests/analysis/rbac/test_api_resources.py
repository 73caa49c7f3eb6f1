"""The resources of each release."""

import pytest

from casemate.analysis.rbac.api_resources import ApiResource, api_resources, nearest
from casemate.analysis.rbac.api_resources_data import FIRST, LAST
from casemate.model.version import NEWEST, KubernetesVersion


def names(minor: int) -> dict[tuple[str, str], ApiResource]:
    return {(item.group, item.name): item for item in api_resources(KubernetesVersion(1, minor))}


@pytest.mark.parametrize(
    ("group", "name", "first", "last"),
    [
        ("", "pods", FIRST, LAST),
        ("", "pods/resize", 32, LAST),
        ("policy", "podsecuritypolicies", FIRST, 24),
        ("extensions", "ingresses", FIRST, 21),
        ("", "nodes/spec", FIRST, 20),
        ("", "nodes/metrics", FIRST, LAST),
        ("certificates.k8s.io", "signers", FIRST, LAST),
    ],
)
def test_what_a_release_serves(group: str, name: str, first: int, last: int) -> None:
    assert [minor for minor in range(FIRST, LAST + 1) if (group, name) in names(minor)] == list(
        range(first, last + 1)
    )


def test_what_is_known_of_one() -> None:
    known = names(LAST)
    execs = known["", "pods/exec"]
    assert (execs.parent, execs.subresource, execs.namespaced, execs.verbs) == (
        "pods",
        "exec",
        True,
        ("create", "get"),
    )
    assert known["", "pods"].subresource == ""
    assert "escalate" in known["rbac.authorization.k8s.io", "roles"].verbs
    assert not known["", "namespaces"].namespaced
    assert known["", "namespaces"].verbs == ("create", "delete", "get", "list", "patch", "update", "watch")


def test_the_newest_release_is_there_and_others_are_near_it() -> None:
    assert NEWEST.minor == LAST
    assert names(99) == names(LAST)
    assert nearest(KubernetesVersion(1, 99)) == NEWEST
    assert nearest(KubernetesVersion(1, 2)) == KubernetesVersion(1, FIRST)
    assert all(names(minor) for minor in range(FIRST, LAST + 1))

"""Who can have connections: pods by the names of their controllers, with what is known of them."""

import pytest

from casemate.analysis.network.endpoints import NamedPortOf, PodEndpoint, nodes_of, pods_of
from tests.analysis.network.small_cluster import estate, pod

OWNED = ", ownerReferences: [{{apiVersion: {group}, kind: {kind}, name: {name}, uid: u, controller: true}}]"
REPLICA_SET = """
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-1
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i}]}
"""
JOB = """
---
apiVersion: batch/v1
kind: Job
metadata:
  name: sweep-1
  namespace: shop
  ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: sweep, uid: u, controller: true}]
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
"""


def _owned(kind: str, name: str) -> str:
    return OWNED.format(group="v1", kind=kind, name=name)


def _one(text: str, *others: str) -> PodEndpoint:
    return next(iter(pods_of(estate(text, *others))))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (pod("shop/a"), "shop/a[Pod]"),
        (pod("shop/a", metadata=_owned("ReplicaSet", "web-1")), "shop/web-1[ReplicaSet]"),
        (pod("shop/a", metadata=_owned("ReplicaSet", "web-1")) + REPLICA_SET, "shop/web[Deployment]"),
        (pod("shop/a", metadata=_owned("Job", "sweep-1")) + JOB, "shop/sweep[CronJob]"),
        (pod("shop/a", metadata=_owned("Node", "n1")), "shop/a[Pod]"),
        (pod("shop/a", metadata=", ownerReferences: [{kind: X, name: x, controller: false}]"), "shop/a[Pod]"),
        (pod("shop/a", metadata=", ownerReferences: [{kind: X, name: ''}]"), "shop/a[Pod]"),
        (
            pod("shop/a", metadata=", ownerReferences: [{kind: X, name: x, controller: false}, {kind: Keep, name: it}]"),
            "shop/it[Keep]",
        ),
        (pod("far/a", metadata=_owned("ReplicaSet", "web-1")) + REPLICA_SET, "far/web-1[ReplicaSet]"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n", "default/a[Pod]"),
    ],
)  # fmt: skip
def test_names(text: str, name: str) -> None:
    assert _one(text).workload == name


def test_replicas_have_one_name() -> None:
    text = "".join(pod(f"shop/a{i}", metadata=_owned("ReplicaSet", "web-1")) for i in range(2))
    found = list(pods_of(estate(text + REPLICA_SET)))
    assert [item.workload for item in found] == ["shop/web[Deployment]"] * 3
    assert [item.name for item in found] == ["shop/a0", "shop/a1", ""]


def test_controllers_in_a_circle_have_an_end() -> None:
    one, other = ("a", "b"), ("b", "a")
    text = "".join(pod(f"shop/{name}", metadata=_owned("Pod", owner)) for name, owner in (one, other))
    assert [item.workload for item in pods_of(estate(text))] == ["shop/a[Pod]", "shop/b[Pod]"]


def test_an_owner_in_default_is_found_whether_the_namespace_is_said_or_not() -> None:
    owned = pod("default/a", metadata=_owned("ReplicaSet", "web-1"))
    assert _one(owned, REPLICA_SET.replace("  namespace: shop\n", "")).workload == "default/web[Deployment]"


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_pod_that_has_finished_has_no_connections(phase: str) -> None:
    assert not list(pods_of(estate(pod("shop/a", status=f"phase: {phase}, podIP: 10.0.0.1"))))
    assert list(pods_of(estate(pod("shop/a", status="phase: Pending"))))


def test_addresses_of_both_families() -> None:
    status = "podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: '::1'}, {}]"
    assert _one(pod("shop/a", status=status)).addresses == ("10.0.0.1", "::1")
    assert _one(pod("shop/a")).addresses == ()


def test_what_its_spec_says() -> None:
    spec = (
        "hostNetwork: true, nodeName: n1, serviceAccountName: robot, "
        "containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}, {name: http, containerPort: 81}, "
        "{name: http, containerPort: 80}, {containerPort: 99}, {name: none}, {name: dns, containerPort: 53, protocol: UDP}]}], "
        "initContainers: [{name: s, image: i, restartPolicy: Always, ports: [{name: side, containerPort: 15}]}, "
        "{name: init, image: i, ports: [{name: gone, containerPort: 16}]}]"
    )
    found = _one(pod("shop/a", "app: a", spec))
    assert found.on_host
    assert (found.node, found.account, found.labels) == ("n1", "robot", {"app": "a"})
    assert found.ports == (
        NamedPortOf("TCP", "http", 80),
        NamedPortOf("TCP", "http", 81),
        NamedPortOf("TCP", "side", 15),
        NamedPortOf("UDP", "dns", 53),
    )


@pytest.mark.parametrize(
    ("spec", "account"),
    [("", "default"), ("serviceAccount: old, ", "old"), ("serviceAccount: old, serviceAccountName: new, ", "new")],
)  # fmt: skip
def test_the_account_by_either_of_its_names(spec: str, account: str) -> None:
    assert _one(pod("shop/a", "", spec + "containers: []")).account == account


def test_what_the_kubelet_does_not_run_is_no_pod() -> None:
    assert not list(pods_of(estate("services:\n  web: {image: nginx, ports: ['80:80']}\n")))


def test_nodes() -> None:
    text = (
        "apiVersion: v1\nkind: Node\nmetadata: {name: n1, labels: {zone: a}}\n"
        "status: {addresses: [{type: InternalIP, address: 10.1.0.1}, {type: ExternalIP, address: '::7'}, "
        "{type: Hostname, address: n1}, {type: InternalIP}]}\n"
    )
    (found,) = nodes_of(estate(text))
    assert (found.name, found.labels, found.addresses) == ("n1", {"zone": "a"}, ("10.1.0.1", "::7"))

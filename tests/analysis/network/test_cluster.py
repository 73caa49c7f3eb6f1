"""The network of an estate: its dialects joined, and what its plugin makes of them."""

from pathlib import Path

from casemate.analysis.network.cluster import Network, network_of
from casemate.analysis.network.plugins.enforcement import profile
from casemate.analysis.network.queries import answer
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {app: a}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop, labels: {app: b}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {matchLabels: {app: a}}
  ingress: [{ports: [{port: http}], from: [{podSelector: {matchLabels: {app: c}}}]}]
"""
CILIUM = """\
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: q, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: none}}}
"""
NEVER = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-policy: never}
"""


def _network(folder: Path, text: str, plugin: str | None = None) -> Network:
    (folder / "a.yaml").write_text(text)
    estate = read_estate((str(folder),), Settings())
    return network_of(estate, None if plugin is None else profile(plugin))


def _allowed(network: Network) -> bool | str:
    return answer(network.reach, "shop/b", "shop/a", "TCP", 80).allowed


def test_a_policy_counts_as_its_plugin_follows_it(tmp_path: Path) -> None:
    assert _allowed(_network(tmp_path, PODS)) is False
    assert _allowed(Network.of(read_estate((str(tmp_path),), Settings()))) is False
    assert _allowed(_network(tmp_path, PODS, "calico")) is False
    for name in ("flannel", "weave"):
        network = _network(tmp_path, PODS, name)
        assert _allowed(network) is True
        assert network.plugin == profile(name)
        assert [notice.entity.name for notice in network.notices] == ["p"]


def test_cilium_that_enforces_nothing(tmp_path: Path) -> None:
    assert _allowed(_network(tmp_path, PODS + CILIUM)) is False
    network = _network(tmp_path, PODS + CILIUM + NEVER)
    assert _allowed(network) is True
    assert "p" in {
        notice.entity.name for notice in network.notices if "enable-policy: never" in notice.message
    }


def test_the_node_of_a_pod_always_reaches_it(tmp_path: Path) -> None:
    node = "---\napiVersion: v1\nkind: Node\nmetadata: {name: %s}\nstatus: {addresses: [{type: InternalIP, address: 192.0.2.%d}]}\n"
    text = PODS.replace(
        "{containers: [{name: c, image: i, ports", "{nodeName: one, containers: [{name: c, image: i, ports"
    )
    network = _network(tmp_path, text + node % ("one", 1) + node % ("two", 2))
    for source, allowed in (("one", True), ("192.0.2.1", True), ("two", False), ("192.0.2.2", False)):
        found = answer(network.reach, source, "shop/a", "TCP", 80)
        assert found.allowed is allowed
        assert bool(found.because[1].note) is allowed
    assert answer(network.reach, "shop/a", "shop/b", "TCP", 80).allowed is True


CALICO = """\
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: q, namespace: shop}
spec: {selector: app == 'none', types: [Ingress]}
"""
CLUSTER_WIDE = """\
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: first}
spec:
  priority: 1
  subject: {namespaces: {}}
  ingress: [{name: all, action: Allow, from: [{namespaces: {}}]}]
"""


def test_cluster_wide_policies_come_before_calicos_and_those_of_kubernetes(tmp_path: Path) -> None:
    assert _allowed(_network(tmp_path, PODS + CALICO)) is False
    assert _allowed(_network(tmp_path, PODS + CLUSTER_WIDE)) is True
    assert _allowed(_network(tmp_path, PODS + CALICO + CLUSTER_WIDE)) is True


def test_cluster_wide_policies_beside_calicos(tmp_path: Path) -> None:
    calico = "---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: c, namespace: shop}\nspec: {selector: app == 'none'}\n"
    admin = (
        "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: d}\n"
        "spec:\n  priority: 1\n  subject: {namespaces: {}}\n"
        "  ingress: [{action: Allow, from: [{namespaces: {}}]}]\n"
    )
    assert _allowed(_network(tmp_path, PODS + calico)) is False
    assert _allowed(_network(tmp_path, PODS + calico + admin)) is True

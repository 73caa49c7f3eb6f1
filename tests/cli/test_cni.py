"""The network plugin as people give it: by option, by settings, or by what they scan."""

from pathlib import Path
from typing import Any

import pytest

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress]}
"""
DAEMON = """---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec:
  selector: {matchLabels: {app: flannel}}
  template:
    metadata: {labels: {app: flannel}}
    spec: {containers: [{name: kube-flannel, image: "registry.example/flannel:v0.27.0"}]}
"""


def found(run: Any, *arguments: object) -> list[str]:
    """What is said about the policy and its plugin."""
    answer = run("scan", *arguments, "--format", "json", "--fail-on", "none").answer
    return [item["message"] for item in answer["findings"] if item["control"] == "network-ignored-by-plugin"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(POLICY)
    return tmp_path


ROMANA = "Romana knows ingress only: nothing limits what goes out"
FLANNEL = "flannel enforces no policies"


def test_nobody_is_asked_where_the_plugin_is_not_known(run: Any, shop: Path) -> None:
    assert found(run, shop) == []


def test_the_option_counts_before_the_settings_and_these_before_what_is_recognised(
    run: Any, shop: Path
) -> None:
    (shop / "a.yaml").write_text(POLICY + DAEMON)
    assert found(run, shop) == [FLANNEL]
    (shop / "casemate.yaml").write_text("cni: romana\n")
    assert found(run, shop) == [ROMANA]
    assert found(run, shop, "--cni", "none") == ["a cluster without policy plugin enforces no policies"]
    assert found(run, shop, "--cni", "calico@3.30") == []


def test_a_slip_is_told(run: Any, shop: Path) -> None:
    ran = run("scan", shop, "--cni", "wave")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no network plugin wave; did you mean weave?" in ran.err
    (shop / "casemate.yaml").write_text("cni: 7\n")
    assert run("scan", shop).status == 2

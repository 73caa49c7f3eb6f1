"""Cilium's own policy engine, asked about random policies, and Casemate answer alike.

`cilium_verdicts.jsonl` was made by `cilium_verdicts.go.txt` with Cilium 1.20.2: policies of Cilium and of Kubernetes
together, most of them sound. Where Casemate says that it depends, the engine was told what it depends on.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.network.cilium.dialect import policies
from casemate.analysis.network.cilium.peers import CiliumSurroundings
from casemate.analysis.network.cluster import labels_of
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.network_policies import policies as network_policies
from casemate.analysis.network.policies import Notice
from casemate.analysis.network.queries import DEPENDS, answer
from casemate.analysis.network.reach import Reach
from casemate.model.cilium import CiliumPolicy
from casemate.model.network_policy import NetworkPolicy
from tests.analysis.network.cilium_objects import EVERY, Tree, config, estate_of

LINES = Path(__file__).with_name("cilium_verdicts.jsonl").read_text(encoding="utf-8").splitlines()
WORLD, CASES = json.loads(LINES[0]), LINES[1:]
NAMES = {"host": "192.168.0.1", "remote-node": "192.168.0.2", "world-ipv4": "99.1.1.1"}
"""Addresses that stand for what the engine calls by name."""


def the_world() -> list[Tree]:
    """Namespaces, pods and nodes as the engine was told."""
    spaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name, labels in WORLD["namespaces"].items()
    ]
    ports = [
        {"name": name, "containerPort": number, "protocol": protocol}
        for name, number in WORLD["ports"].items()
        for protocol in ("TCP", "UDP")
    ]
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {key: pod[key] for key in ("namespace", "name", "labels")},
            "spec": {
                "serviceAccountName": pod["account"],
                "containers": [{"name": "c", "image": "c", "ports": ports}],
            },
        }
        for pod in WORLD["pods"]
    ]
    nodes = [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name},
            "status": {"addresses": [{"type": "InternalIP", "address": NAMES[name]}]},
        }
        for name in ("host", "remote-node")
    ]
    return [*spaces, *pods, *nodes]


@pytest.mark.parametrize("line", CASES, ids=range(len(CASES)))
def test_answers_are_those_of_the_engine(line: str) -> None:
    case: dict[str, Any] = json.loads(line)
    settings = config(
        enable_policy=case["mode"], enable_host_firewall="true", policy_default_local_cluster="true"
    )
    estate = estate_of(*the_world(), settings, *case["policies"], complete=EVERY)
    notices: list[Notice] = []
    found = [
        *network_policies(estate.of(NetworkPolicy), notices),
        *policies(estate.of(CiliumPolicy), notices, CiliumSurroundings.of(estate)),
    ]
    refused = [item for item in notices if "refuses" in item.message or "rejects" in item.message]
    only_here = {item.entity.name for item in refused if "API server" in item.message}
    assert {item.entity.name for item in refused} - only_here <= set(case["refused"])
    assert set(case["refused"]) <= {item.entity.name for item in refused}
    if only_here - set(case["refused"]):
        return  # the engine was given what the API server would have kept from it
    reach = Reach(found, pods_of(estate), list(nodes_of(estate)), labels_of(estate))
    for (source, destination, protocol, port), passes in zip(case["questions"], case["answers"], strict=True):
        ends = NAMES.get(source, source), NAMES.get(destination, destination)
        allowed = answer(reach, *ends, protocol, port).allowed
        assert allowed in {DEPENDS, passes == "1"}, (source, destination, protocol, port)


def test_few_answers_depend() -> None:
    everything = [json.loads(line) for line in CASES]
    assert sum(len(case["answers"]) for case in everything) > 1500
    assert sum(bool(case["refused"]) for case in everything) > 10

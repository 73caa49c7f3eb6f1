"""Write a large cluster as `kubectl get pods --all-namespaces -o json` prints it: `generate.py FILE [COUNT]`.

No two pods have the same template, so nothing that is remembered of one answers for another: real
clusters, where a Deployment's pods are alike, are easier. The same seed writes the same bytes.
"""

import json
import random
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEED = 20_260_101
_STARTED = "2026-01-01T00:00:00Z"
_HEAD = '{\n    "apiVersion": "v1",\n    "items": [\n'
_TAIL = '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n'
_CONTEXTS: tuple[dict[str, Any], ...] = (
    {},
    {"privileged": True},
    {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    {"runAsUser": 0},
    {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
)


def write_cluster(path: Path, count: int, seed: int = SEED) -> None:
    """Write `count` distinct pods, one at a time."""
    with path.open("w", encoding="ascii") as out:
        out.write(_HEAD)
        for index, pod in enumerate(pods(count, seed)):
            out.write(",\n" if index else "")
            out.write(textwrap.indent(json.dumps(pod, indent=4), " " * 8))
        out.write(_TAIL)


def pods(count: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Distinct pods of 200 namespaces on 100 nodes, as a cluster gives them back."""
    chance = random.Random(seed)
    for index in range(count):
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": _metadata(index, chance),
            "spec": {
                "containers": [_container(index, place, chance) for place in range(chance.randint(1, 3))],
                "dnsPolicy": "ClusterFirst",
                "hostNetwork": chance.random() < 0.05,
                "nodeName": f"node-{index % 100}",
                "restartPolicy": "Always",
                "schedulerName": "default-scheduler",
                "serviceAccountName": f"account-{index % 500}",
                "tolerations": [
                    {"effect": "NoExecute", "key": f"node.kubernetes.io/{state}", "operator": "Exists"}
                    for state in ("not-ready", "unreachable")
                ],
                "volumes": [_token(), {"hostPath": {"path": f"/data/{index}"}, "name": "data"}],
            },
            "status": _status(index),
        }


def _metadata(index: int, chance: random.Random) -> dict[str, Any]:
    return {
        "annotations": {"example.org/revision": f"{chance.getrandbits(160):040x}"},
        "creationTimestamp": _STARTED,
        "labels": {"app": f"app-{index}", "team": f"team-{index % 50}"},
        "name": f"app-{index}-0",
        "namespace": f"namespace-{index % 200}",
        "resourceVersion": str(index),
        "uid": f"{chance.getrandbits(128):032x}",
    }


def _container(index: int, place: int, chance: random.Random) -> dict[str, Any]:
    limits = {"cpu": f"{chance.randint(1, 2000)}m", "memory": f"{chance.randint(1, 2000)}Mi"}
    return {
        "env": [{"name": f"SETTING_{number}", "value": str(chance.random())} for number in range(8)],
        "image": f"registry.example/team-{index % 50}/app-{index}:{chance.randint(1, 99)}.{place}",
        "imagePullPolicy": "IfNotPresent",
        "name": f"part-{place}",
        "ports": [{"containerPort": chance.randint(1024, 65535), "protocol": "TCP"}],
        "resources": {"limits": limits} if chance.random() < 0.5 else {},
        "securityContext": chance.choice(_CONTEXTS),
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [
            {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "token", "readOnly": True}
        ],
    }


def _token() -> dict[str, Any]:
    source = {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}
    return {"name": "token", "projected": {"defaultMode": 420, "sources": [source]}}


def _status(index: int) -> dict[str, Any]:
    states = ("Initialized", "Ready", "ContainersReady", "PodScheduled")
    return {
        "conditions": [
            {"lastProbeTime": None, "lastTransitionTime": _STARTED, "status": "True", "type": state}
            for state in states
        ],
        "phase": "Running",
        "podIP": f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}",
        "qosClass": "Burstable",
        "startTime": _STARTED,
    }


if __name__ == "__main__":
    write_cluster(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)

"""Write a cluster of pods, namespaces and network policies, and questions about it, from a fixed seed.

    python bench/network/generate.py PODS NAMESPACES POLICIES FILE

Pods are replicas of workloads, those of one with the same labels but on nodes and with addresses of their
own. A third of the rules name ports, and ranges of addresses with exceptions are among the peers.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

APPS = tuple(f"app-{number}" for number in range(40))
TIERS = ("web", "api", "db", "cache")
TEAMS = tuple(f"team-{number}" for number in range(20))
NODES = 500
NAME_LABEL = "kubernetes.io/metadata.name"
Item = dict[str, Any]


class Sizes:
    """How many objects a cluster has."""

    def __init__(self, pods: int, namespaces: int, policies: int) -> None:
        self.pods = pods
        self.namespaces = namespaces
        self.policies = policies


def write_cluster(path: Path, sizes: Sizes, seed: int = 7) -> None:
    """Write the cluster as one JSON List."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"apiVersion":"v1","kind":"List","items":[\n')
        for number, item in enumerate(_objects(sizes, rng)):
            file.write((",\n" if number else "") + json.dumps(item, separators=(",", ":")))
        file.write("\n]}\n")


def write_queries(path: Path, sizes: Sizes, count: int, seed: int = 11) -> None:
    """Write questions as JSON Lines: between pods, half of them of one namespace, and with addresses."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            source = rng.randrange(sizes.pods)
            near = source + sizes.namespaces * rng.randint(-3, 3)
            far = rng.randrange(sizes.pods)
            destination = near if rng.random() < 0.5 and 0 <= near < sizes.pods else far
            ends = [_pod_name(source, sizes), _pod_name(destination, sizes)]
            if rng.random() < 0.2:
                ends[rng.randrange(2)] = f"172.{rng.randrange(14, 34)}.{rng.randrange(256)}.7"
            protocol, port = (
                ("UDP", 53) if rng.random() < 0.1 else ("TCP", rng.choice((80, 8080, 8050, 5432)))
            )
            line = {"src": ends[0], "dst": ends[1], "protocol": protocol, "port": port}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


def _objects(sizes: Sizes, rng: random.Random) -> Iterator[Item]:
    for number in range(sizes.namespaces):
        labels = {
            NAME_LABEL: f"ns-{number}",
            "team": rng.choice(TEAMS),
            "env": rng.choice(("dev", "prod")),
        }
        metadata = {"name": f"ns-{number}", "labels": labels}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    for namespace in range(sizes.namespaces):
        yield from _pods(namespace, sizes, rng)
    for number in range(sizes.policies):
        yield _policy(number, sizes, rng)


def _pod_name(number: int, sizes: Sizes) -> str:
    return f"ns-{number % sizes.namespaces}/pod-{number}"


def _pods(namespace: int, sizes: Sizes, rng: random.Random) -> Iterator[Item]:
    """The pods of a namespace: workloads of one to eight replicas."""
    numbers = range(namespace, sizes.pods, sizes.namespaces)
    done = 0
    while done < len(numbers):
        workload = _workload(rng)
        for number in numbers[done : done + rng.randint(1, 8)]:
            yield _pod(number, namespace, workload)
            done += 1


def _workload(rng: random.Random) -> Item:
    """What the pods of a workload have in common."""
    app = rng.choice(APPS[:24])
    labels = {"app": app, "tier": rng.choice(TIERS), "pod-template-hash": f"{rng.getrandbits(32):08x}"}
    ports = [
        {"name": "http", "containerPort": rng.choice((80, 8080, 8443)), "protocol": "TCP"},
        {"name": "metrics", "containerPort": 9090, "protocol": "TCP"},
    ]
    container = {
        "name": "main",
        "image": f"registry.example/{app}:1.{rng.randrange(20)}",
        "ports": ports,
        "resources": {"limits": {"memory": "128Mi"}, "requests": {"cpu": "50m"}},
    }
    name = f"{app}-{labels['pod-template-hash']}"
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name, "controller": True}
    return {"labels": labels, "container": container, "owner": owner}


def _pod(number: int, namespace: int, workload: Item) -> Item:
    node = number % NODES
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"pod-{number}",
            "namespace": f"ns-{namespace}",
            "labels": workload["labels"],
            "ownerReferences": [workload["owner"]],
        },
        "spec": {"nodeName": f"node-{node}", "containers": [workload["container"]]},
        "status": {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "hostIP": f"192.168.{node >> 8}.{node & 255}",
        },
    }


def _policy(number: int, sizes: Sizes, rng: random.Random) -> Item:
    """The first of each namespace isolates all its pods, the others one of its applications."""
    namespace = number % sizes.namespaces
    both = number % 2 == 1
    whole = number < sizes.namespaces
    spec: Item = {
        "podSelector": {} if whole else {"matchLabels": {"app": rng.choice(APPS[:24])}},
        "policyTypes": ["Ingress", "Egress"] if both else ["Ingress"],
        "ingress": [_rule("from", sizes, rng) for _ in range(rng.randint(0, 3))],
    }
    if both:
        dns = {
            "to": [
                {
                    "namespaceSelector": {"matchLabels": {NAME_LABEL: "ns-0"}},
                    "podSelector": {"matchLabels": {"app": "app-0"}},
                }
            ],
            "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
        }
        spec["egress"] = [*(_rule("to", sizes, rng) for _ in range(rng.randint(1, 3))), dns]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": f"np-{number}", "namespace": f"ns-{namespace}"},
        "spec": spec,
    }


def _rule(key: str, sizes: Sizes, rng: random.Random) -> Item:
    rule: Item = {key: [_peer(sizes, rng) for _ in range(rng.randint(1, 2))]}
    draw = rng.random()
    if draw < 0.4:
        rule["ports"] = [{"port": rng.choice((80, 8080, 443, 5432, 6379))}]
    elif draw < 0.75:
        rule["ports"] = [{"port": rng.choice(("http", "http", "metrics"))}]
    elif draw < 0.9:
        rule["ports"] = [{"port": 8000, "endPort": 8100}, {"protocol": "UDP", "port": 53}]
    return rule


def _peer(sizes: Sizes, rng: random.Random) -> Item:
    draw = rng.random()
    if draw < 0.5:
        return {"podSelector": {"matchLabels": {"app": rng.choice(APPS[:24])}}}
    if draw < 0.72:
        other = {NAME_LABEL: f"ns-{rng.randrange(sizes.namespaces)}"}
        web = {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["web", "api"]}]}
        return {"namespaceSelector": {"matchLabels": other}, "podSelector": web}
    if draw < 0.85:
        return {"namespaceSelector": {"matchLabels": {"team": rng.choice(TEAMS)}}}
    if draw < 0.88:
        return {"namespaceSelector": {}}
    second = rng.randrange(16, 32)
    block: Item = {"cidr": f"172.{second}.0.0/16"}
    if rng.random() < 0.5:
        block["except"] = [f"172.{second}.{rng.randrange(0, 256, 16)}.0/24"]
    return {"ipBlock": block}


if __name__ == "__main__":
    write_cluster(Path(sys.argv[4]), Sizes(*map(int, sys.argv[1:4])))

"""The naive way, as a program: every policy, every rule and every peer, for each question.

    python bench/network/naive.py CLUSTER QUERIES > ANSWERS

It reads with the standard library, knows NetworkPolicy only, and says only whether a connection is allowed.
"""

import json
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

Item = dict[str, Any]


def main() -> None:
    """Answer each question of a file."""
    items = json.loads(Path(sys.argv[1]).read_bytes())["items"]
    pods = {_name(item): item for item in items if item["kind"] == "Pod"}
    labels = {
        item["metadata"]["name"]: item["metadata"]["labels"] for item in items if item["kind"] == "Namespace"
    }
    policies = [item for item in items if item["kind"] == "NetworkPolicy"]
    for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        source, destination = (pods.get(question[end], question[end]) for end in ("src", "dst"))
        allowed = all(
            _passes(subject, peer, destination, question, policies, labels, words)
            for subject, peer, words in (
                (source, destination, ("Egress", "egress", "to")),
                (destination, source, ("Ingress", "ingress", "from")),
            )
        )
        print(json.dumps({"allowed": allowed}))


def _name(pod: Item) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def _passes(
    subject: Item | str,
    peer: Item | str,
    destination: Item | str,
    question: Item,
    policies: list[Item],
    labels: dict[str, dict[str, str]],
    words: tuple[str, str, str],
) -> bool:
    if isinstance(subject, str):
        return True
    kind, section, key = words
    isolated = False
    for policy in policies:
        namespace, spec = policy["metadata"]["namespace"], policy["spec"]
        if namespace != subject["metadata"]["namespace"] or kind not in spec["policyTypes"]:
            continue
        if not _selects(spec["podSelector"], subject["metadata"]["labels"]):
            continue
        isolated = True
        for rule in spec[section]:
            if _port(rule, destination, question) and any(
                _means(item, peer, namespace, labels) for item in rule[key]
            ):
                return True
    return not isolated


def _means(item: Item, peer: Item | str, namespace: str, labels: dict[str, dict[str, str]]) -> bool:
    block = item.get("ipBlock")
    if block is not None or isinstance(peer, str):
        if block is None or not isinstance(peer, str):
            return False
        address = ip_address(peer)
        outside = any(address in ip_network(text) for text in block.get("except", ()))
        return address in ip_network(block["cidr"]) and not outside
    home = peer["metadata"]["namespace"]
    around = item.get("namespaceSelector")
    if not (home == namespace if around is None else _selects(around, labels[home])):
        return False
    return _selects(item.get("podSelector", {}), peer["metadata"]["labels"])


def _selects(selector: Item, labels: dict[str, str]) -> bool:
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(labels.get(item["key"]) in item["values"] for item in selector.get("matchExpressions", ()))


def _port(rule: Item, destination: Item | str, question: Item) -> bool:
    if "ports" not in rule:
        return True
    for item in rule["ports"]:
        if item.get("protocol", "TCP") != question["protocol"]:
            continue
        port = item["port"]
        if isinstance(port, str):
            named = [] if isinstance(destination, str) else destination["spec"]["containers"][0]["ports"]
            if any(
                have["name"] == port and have["containerPort"] == question["port"]
                for have in named
                if have["protocol"] == question["protocol"]
            ):
                return True
        elif port <= question["port"] <= item.get("endPort", port):
            return True
    return False


if __name__ == "__main__":
    main()

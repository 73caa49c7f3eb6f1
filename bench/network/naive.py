"""The naive way, as a program: each question by itself, every policy and every rule.

    python bench/network/naive.py CLUSTER QUESTIONS > ANSWERS

It knows NetworkPolicy v1 as far as the generated clusters use it, reads with the standard library, and says
only whether a connection is allowed.
"""

import ipaddress
import json
import sys
from pathlib import Path
from typing import Any

Item = dict[str, Any]


def main() -> None:
    """Answer each question of a file."""
    items = json.loads(Path(sys.argv[1]).read_bytes())["items"]
    spaces = {
        i["metadata"]["name"]: i["metadata"].get("labels", {}) for i in items if i["kind"] == "Namespace"
    }
    pods = {_name(item): item for item in items if item["kind"] == "Pod"}
    policies = [item for item in items if item["kind"] == "NetworkPolicy"]
    for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        source, target = (pods.get(query[end], query[end]) for end in ("src", "dst"))
        allowed = all(
            _passes(way, policies, subject, peer, target, query, spaces)
            for way, subject, peer in (("Egress", source, target), ("Ingress", target, source))
        )
        print(json.dumps({"allowed": allowed}))


def _name(item: Item) -> str:
    return f"{item['metadata']['namespace']}/{item['metadata']['name']}"


def _passes(
    way: str, policies: list[Item], subject: Any, peer: Any, target: Any, query: Item, spaces: dict[str, Item]
) -> bool:
    if isinstance(subject, str):
        return True
    isolated = False
    for policy in policies:
        spec = policy["spec"]
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        same = policy["metadata"]["namespace"] == subject["metadata"]["namespace"]
        if (
            way not in types
            or not same
            or not _selects(spec.get("podSelector", {}), subject["metadata"]["labels"])
        ):
            continue
        isolated = True
        for rule in spec.get(way.lower()) or []:
            peers = rule.get("from" if way == "Ingress" else "to")
            own = policy["metadata"]["namespace"]
            if (not peers or any(_is(one, own, peer, spaces) for one in peers)) and _port(
                rule, target, query
            ):
                return True
    return not isolated


def _selects(selector: Item, labels: Item) -> bool:
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    for item in selector.get("matchExpressions") or []:
        value, values = labels.get(item["key"]), item.get("values") or []
        right = {
            "In": value in values,
            "NotIn": value not in values,
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if not right[item["operator"]]:
            return False
    return True


def _is(one: Item, own: str, peer: Any, spaces: dict[str, Item]) -> bool:
    if "ipBlock" in one:
        if not isinstance(peer, str):
            return False
        address = ipaddress.ip_address(peer)
        block = one["ipBlock"]
        inside = address in ipaddress.ip_network(block["cidr"])
        return inside and not any(address in ipaddress.ip_network(cut) for cut in block.get("except") or [])
    if isinstance(peer, str):
        return False
    namespace = peer["metadata"]["namespace"]
    labels = {**spaces.get(namespace, {}), "kubernetes.io/metadata.name": namespace}
    where = _selects(one["namespaceSelector"], labels) if "namespaceSelector" in one else namespace == own
    return where and _selects(one.get("podSelector") or {}, peer["metadata"]["labels"])


def _port(rule: Item, target: Any, query: Item) -> bool:
    ports = rule.get("ports")
    if not ports:
        return True
    for port in ports:
        if port.get("protocol", "TCP") != query["protocol"]:
            continue
        number = port.get("port")
        if number is None:
            return True
        if isinstance(number, str):
            named = [] if isinstance(target, str) else target["spec"]["containers"]
            if any(
                found.get("name") == number
                and found["containerPort"] == query["port"]
                and found.get("protocol", "TCP") == query["protocol"]
                for container in named
                for found in container.get("ports") or []
            ):
                return True
        elif number <= query["port"] <= port.get("endPort", number):
            return True
    return False


if __name__ == "__main__":
    main()

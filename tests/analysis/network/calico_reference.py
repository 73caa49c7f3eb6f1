"""A naive evaluator of Calico's policies: one packet at a time, on the objects as they are written.

It follows the comments of Calico's API and shares with the program only the reading of selectors.
"""

import math
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

from casemate.analysis.network.calico.selectors import parse
from casemate.analysis.network.labels import Has, Not, holds

Tree = dict[str, Any]
NS, SA = "projectcalico.org/namespace", "projectcalico.org/serviceaccount"
NUMBERS = {6: "TCP", 17: "UDP", 132: "SCTP"}


class Packet:
    """What is asked: addresses, a protocol, and the port at the destination."""

    def __init__(self, source: str, destination: str, protocol: str, port: int) -> None:
        self.ends = {"source": source, "destination": destination}
        self.protocol, self.port = protocol, port


class World:
    """The objects, with the labelled things that have addresses."""

    def __init__(self, trees: list[Tree]) -> None:
        self.trees = trees
        self.namespaces = {
            tree["metadata"]["name"]: tree["metadata"]["labels"] for tree in self.of("Namespace")
        }
        self.tiers = {"default": (1_000_000, "Deny"), "kube-admin": (1_000, "Pass")}
        for tree in self.of("Tier"):
            spec = tree["spec"]
            self.tiers[tree["metadata"]["name"]] = (
                spec.get("order", math.inf),
                spec.get("defaultAction", "Deny"),
            )
        self.things = [(ranges, labels) for ranges, labels, _ in self._things()]
        self.pods = {
            ranges[0]: (labels, tree) for ranges, labels, tree in self._things() if tree["kind"] == "Pod"
        }

    def of(self, *kinds: str) -> Iterator[Tree]:
        return (tree for tree in self.trees if tree["kind"] in kinds)

    def _things(self) -> Iterator[tuple[list[str], dict[str, str], Tree]]:
        for tree in self.of("Pod", "NetworkSet", "GlobalNetworkSet"):
            labels = dict(tree["metadata"]["labels"])
            if tree["kind"] != "GlobalNetworkSet":
                name = tree["metadata"]["namespace"]
                own = {**self.namespaces.get(name, {}), "projectcalico.org/name": name}
                labels |= {NS: name, **{f"pcns.{key}": value for key, value in own.items()}}
            if tree["kind"] == "Pod":
                labels[SA] = labels["pcsa.projectcalico.org/name"] = tree["spec"]["serviceAccountName"]
                yield [tree["status"]["podIP"]], labels, tree
            else:
                yield tree["spec"]["nets"], labels, tree

    def allowed(self, packet: Packet) -> bool:
        return self._side("egress", "source", packet) and self._side("ingress", "destination", packet)

    def _side(self, direction: str, end: str, packet: Packet) -> bool:
        subject = self.pods.get(packet.ends[end])
        if subject is None:
            return True
        for name in sorted(self.tiers, key=lambda name: (self.tiers[name][0], name)):
            asked = [tree for tree in self._policies(name) if self._is_for(tree, direction, subject[0])]
            verdict = next(filter(None, (self._verdict(tree, direction, packet) for tree in asked)), None)
            if asked and verdict is None:
                verdict = self.tiers[name][1]
            if verdict in {"Allow", "Deny"}:
                return verdict == "Allow"
        return True

    def _policies(self, tier: str) -> list[Tree]:
        found = self.of("NetworkPolicy", "GlobalNetworkPolicy")
        chosen = [tree for tree in found if tree["spec"].get("tier", "default") == tier]
        return sorted(chosen, key=lambda t: (t["spec"].get("order", math.inf), t["metadata"]["name"]))

    def _is_for(self, tree: Tree, direction: str, labels: dict[str, str]) -> bool:
        spec = tree["spec"]
        default = [key.capitalize() for key in ("ingress", "egress") if spec.get(key)] or ["Ingress"]
        if direction.capitalize() not in spec.get("types", default):
            return False
        if tree["kind"] == "NetworkPolicy" and labels[NS] != tree["metadata"]["namespace"]:
            return False
        spaces = spec.get("namespaceSelector", "all()")
        accounts = spec.get("serviceAccountSelector", "all()")
        return (
            holds(parse(spec.get("selector", "")), labels)
            and holds(parse(spaces, "pcns."), labels)
            and holds(parse(accounts, "pcsa."), labels)
        )

    def _verdict(self, tree: Tree, direction: str, packet: Packet) -> str | None:
        home = tree["metadata"].get("namespace")
        for rule in tree["spec"].get(direction, []):
            if rule["action"] != "Log" and self._matches(rule, home, packet):
                return str(rule["action"])
        return None

    def _matches(self, rule: Tree, home: str | None, packet: Packet) -> bool:
        for key, wanted in (("protocol", True), ("notProtocol", False)):
            said = rule.get(key)
            if said is not None and (NUMBERS.get(said, said) == packet.protocol) is not wanted:
                return False
        family = ip_address(packet.ends["source"]).version
        if rule.get("ipVersion", family) != family:
            return False
        ends = all(self._end(rule.get(end, {}), home, address) for end, address in packet.ends.items())
        return ends and self._port(rule.get("destination", {}), packet)

    def _end(self, end: Tree, home: str | None, address: str) -> bool:
        labelled = [labels for ranges, labels in self.things if inside(address, ranges)]
        spaces, selector, accounts = (
            end.get("namespaceSelector"),
            end.get("selector"),
            end.get("serviceAccounts"),
        )
        unwanted = end.get("notSelector")
        if spaces or selector or accounts or (unwanted and home):
            if not any(self._positive(end, home, labels) for labels in labelled):
                return False
        elif unwanted and any(holds(parse(unwanted), labels) for labels in labelled):
            return False
        if "nets" in end and not inside(address, end["nets"]):
            return False
        return "notNets" not in end or not inside(address, end["notNets"])

    def _positive(self, end: Tree, home: str | None, labels: dict[str, str]) -> bool:
        spaces = end.get("namespaceSelector")
        if spaces and not holds(parse(spaces, "pcns.", Has(NS), Not(Has(NS))), labels):
            return False
        if not spaces and home and labels.get(NS) != home:
            return False
        names = end.get("serviceAccounts", {}).get("names")
        if names and labels.get(SA) not in names:
            return False
        unwanted = end.get("notSelector")
        return holds(parse(end.get("selector", "")), labels) and not (
            unwanted and holds(parse(unwanted), labels)
        )

    def _port(self, end: Tree, packet: Packet) -> bool:
        meant = [self._is_port(port, packet) for port in end.get("ports", [])]
        excepted = [self._is_port(port, packet) for port in end.get("notPorts", [])]
        return (not meant or any(meant)) and not any(excepted)

    def _is_port(self, port: int | str, packet: Packet) -> bool:
        if isinstance(port, str) and ":" in port:
            low, high = port.split(":")
            return int(low) <= packet.port <= int(high)
        if isinstance(port, int):
            return port == packet.port
        _, tree = self.pods.get(packet.ends["destination"], ({}, {"spec": {"containers": []}}))
        return any(
            (item["name"], item["containerPort"], item["protocol"]) == (port, packet.port, packet.protocol)
            for container in tree["spec"]["containers"]
            for item in container["ports"]
        )


def inside(address: str, ranges: list[str]) -> bool:
    return any(ip_address(address) in ip_network(text, strict=False) for text in ranges)

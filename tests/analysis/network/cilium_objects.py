"""Cilium's objects for tests, and their policies in the common form."""

from copy import deepcopy
from typing import Any

from casemate.analysis.network.cilium.dialect import policies
from casemate.analysis.network.cilium.peers import CiliumSurroundings
from casemate.analysis.network.labels import Any as Anything
from casemate.analysis.network.labels import Labels, OneOf, namespace_named
from casemate.analysis.network.policies import Endpoints, Notice, Pods, Policy, Rule
from casemate.model.cilium import CiliumPolicy
from casemate.model.estate import Coverage, Entity, Estate
from casemate.model.place import Document
from casemate.readers.objects import entities

Tree = dict[str, Any]
EVERY = frozenset({"*"})


def policy(*specs: Tree, namespace: str | None = "shop", name: str = "p") -> Tree:
    """A policy of a namespace with one specification, or with several."""
    metadata: Tree = {"name": name} if namespace is None else {"name": name, "namespace": namespace}
    body: Tree = {"spec": specs[0]} if len(specs) == 1 else {"specs": list(specs)}
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": metadata,
        **deepcopy(body),
    }


def clusterwide(*specs: Tree, name: str = "p") -> Tree:
    """A policy of the cluster."""
    return policy(*specs, namespace=None, name=name) | {"kind": "CiliumClusterwideNetworkPolicy"}


def config(**data: str) -> Tree:
    """Cilium's ConfigMap; underscores stand for dashes."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "cilium-config", "namespace": "kube-system"},
        "data": {"cluster-name": "default"} | {key.replace("_", "-"): value for key, value in data.items()},
    }


def group(name: str, *ranges: str, **labels: str) -> Tree:
    """A CiliumCIDRGroup."""
    spec: Tree = {"externalCIDRs": list(ranges)}
    metadata: Tree = {"name": name, "labels": labels}
    return {"apiVersion": "cilium.io/v2", "kind": "CiliumCIDRGroup", "metadata": metadata, "spec": spec}


def service(
    name: str, selector: dict[str, str] | None = None, namespace: str = "shop", **labels: str
) -> Tree:
    """A Service."""
    metadata: Tree = {"name": name, "namespace": namespace, "labels": labels}
    spec: Tree = {} if selector is None else {"selector": selector}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def estate_of(*trees: Tree, complete: frozenset[str] = frozenset()) -> Estate:
    found = [item for tree in trees for item in entities(deepcopy(tree), Document("p.yaml"))]
    read = tuple(item for item in found if isinstance(item, Entity))
    assert len(read) == len(found)
    return Estate(entities=read, coverage=Coverage(complete=complete))


def read(*trees: Tree, complete: frozenset[str] = frozenset()) -> tuple[list[Policy], list[str]]:
    """The policies among some objects in the common form, and what is noticed."""
    estate = estate_of(*trees, complete=complete)
    notices: list[Notice] = []
    found = list(policies(estate.of(CiliumPolicy), notices, CiliumSurroundings.of(estate)))
    return found, [notice.message for notice in notices]


def taken(*trees: Tree, complete: frozenset[str] = frozenset()) -> list[Policy]:
    """The policies among objects of which nothing is to be noticed."""
    found, messages = read(*trees, complete=complete)
    assert messages == []
    return found


def refused(*trees: Tree) -> str:
    """Why the one policy among some objects is not enforced."""
    found, messages = read(*trees)
    assert found == []
    (message,) = messages
    return message


def rules(*trees: Tree, complete: frozenset[str] = frozenset()) -> list[Rule]:
    """The rules of the one policy that some objects come to."""
    (only,) = taken(*trees, complete=complete)
    return list(only.rules)


def peers_in(rule: Tree, *others: Tree, complete: frozenset[str] = frozenset()) -> Endpoints:
    """Whom the one rule for ingress of a policy of `shop` means; `others` are objects beside it."""
    (found,) = rules(policy({"endpointSelector": {}, "ingress": [rule]}), *others, complete=complete)
    return found.peers


def peers_out(rule: Tree, *others: Tree, complete: frozenset[str] = frozenset()) -> Endpoints:
    """Whom the one rule for egress of a policy of `shop` means."""
    (found,) = rules(policy({"endpointSelector": {}, "egress": [rule]}), *others, complete=complete)
    return found.peers


def peers_of_all(rule: Tree, *others: Tree) -> Endpoints:
    """Whom the one rule for ingress of a policy of the cluster means."""
    (found,) = rules(clusterwide({"endpointSelector": {}, "ingress": [rule]}), *others)
    return found.peers


def pods_in(namespace: str, labels: Labels = Anything()) -> Pods:  # noqa: B008 # it cannot change
    """Pods of a namespace."""
    return Pods(namespaces=namespace_named(namespace), pods=labels)


def label(key: str, *values: str) -> Labels:
    """The condition that a label has one of some values."""
    return OneOf(key, values)

"""Calico's objects for tests, and their policies in the common form."""

from copy import deepcopy
from typing import Any

from casemate.analysis.network.calico.dialect import Beside, policies
from casemate.analysis.network.policies import Notice, Policy, Rule
from casemate.model.calico import CalicoPolicy
from casemate.model.estate import Coverage, Entity, Estate
from casemate.model.place import Document
from casemate.readers.objects import entities

V3, STORED = "projectcalico.org/v3", "crd.projectcalico.org/v1"
Tree = dict[str, Any]


def thing(
    kind: str,
    name: str = "p",
    spec: Tree | None = None,
    *,
    namespace: str | None = None,
    labels: dict[str, str] | None = None,
    version: str = V3,
) -> Tree:
    metadata: Tree = {"name": name, "labels": labels or {}}
    if namespace is not None:
        metadata["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": deepcopy(spec or {})}


def policy(spec: Tree, name: str = "p", namespace: str | None = "shop", version: str = V3) -> Tree:
    return thing("NetworkPolicy", name, spec, namespace=namespace, version=version)


def global_policy(spec: Tree, name: str = "p", version: str = V3) -> Tree:
    return thing("GlobalNetworkPolicy", name, spec, version=version)


def estate_of(*trees: Tree, complete: frozenset[str] = frozenset()) -> Estate:
    found = [
        item for tree in trees for item in entities(tree, Document("p.yaml")) if isinstance(item, Entity)
    ]
    assert len(found) == len(trees)
    return Estate(entities=tuple(found), coverage=Coverage(complete=complete))


def read(*trees: Tree, complete: frozenset[str] = frozenset()) -> tuple[list[Policy], list[Notice]]:
    """The Calico policies among some objects in the common form, and what is noticed."""
    estate = estate_of(*trees, complete=complete)
    notices: list[Notice] = []
    return list(policies(estate.of(CalicoPolicy), notices, Beside.of(estate))), notices


def rules(*trees: Tree) -> list[Rule]:
    """The rules of one policy that needs no cutting, taken without a notice."""
    found, notices = read(*trees)
    assert notices == []
    (only,) = found
    return list(only.rules)


def ingress(rule: Tree, *others: Tree, **spec: Any) -> Rule:
    """The only rule of a namespaced policy for ingress; `others` are objects beside it."""
    (found,) = rules(policy({**spec, "ingress": [{"action": "Allow", **rule}]}), *others)
    return found


def everywhere(rule: Tree, *others: Tree) -> Rule:
    """The only rule of a global policy for ingress."""
    (found,) = rules(global_policy({"ingress": [{"action": "Allow", **rule}]}), *others)
    return found

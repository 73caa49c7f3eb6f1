"""Cilium's selectors: label selectors over the labels of identities, whose keys say where a label comes from.

A pod's identity has its own labels and, under long names, its namespace, the namespace's labels, its service
account and its cluster. Nodes and addresses outside have reserved labels only.

Source: Cilium's pkg/policy/api/selector.go, pkg/k8s/apis/cilium.io/utils/utils.go (getEndpointSelector),
pkg/labels and pkg/labelsfilter/filter.go.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from casemate.analysis.network.cilium.settings import CiliumSettings
from casemate.analysis.network.labels import (
    NAME_LABEL,
    Any,
    Has,
    Labels,
    Not,
    Nothing,
    OneOf,
    all_of,
)
from casemate.analysis.network.policies import Endpoints, Nobody, Nodes, Perhaps, Pods, World, union
from casemate.model.selectors import LabelSelector

NAMESPACE = "io.kubernetes.pod.namespace"
NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels."
ACCOUNT = "io.cilium.k8s.policy.serviceaccount"
CLUSTER = "io.cilium.k8s.policy.cluster"
KUBERNETES, ANY, RESERVED = "k8s", "any", "reserved"
OWN_NODE = "whether it is the node that the pod runs on"
OTHER_NODE = "whether it is another node than the one that the pod runs on"
API_SERVER = "whether it is an address of the API server"
LABELS_UNKNOWN = "what labels Cilium gives to addresses outside of the cluster"
BEFORE_1_19 = "before Cilium 1.19 the selector meant nodes and addresses outside, too"

_API_SERVER = "kube-apiserver"
_COUNTED = (
    r"reserved:.*",
    r"io\.kubernetes\.pod\.namespace",
    r"io\.cilium\.k8s\.namespace\.labels",
    r"app\.kubernetes\.io",
    r"io\.cilium\.k8s\.policy\.cluster",
    r"io\.cilium\.k8s\.policy\.serviceaccount",
)
_PASSED_OVER = (
    r"io\.kubernetes",
    r"kubernetes\.io",
    r"statefulset\.kubernetes\.io/pod-name",
    r"apps\.kubernetes\.io/pod-index",
    r"batch\.kubernetes\.io/job-completion-index",
    r"batch\.kubernetes\.io/controller-uid",
    r".*beta\.kubernetes\.io",
    r"k8s\.io",
    r"pod-template-generation",
    r"pod-template-hash",
    r"controller-revision-hash",
    r"controller-uid",
    r"annotation.*",
    r"etcd_node",
    r"topology\.kubernetes\.io",
)
"""Beginnings of the keys of labels that make up a pod's identity by default, and of those that do not."""


class Scope(msgspec.Struct, frozen=True):
    """What a policy's selectors of peers are bound to: its namespace, None for a policy of the cluster.

    `starting` says that its own selector asks about pods that have no labels yet (`reserved:init`): then a
    policy of the cluster is not bound to pods.
    """

    namespace: str | None
    starting: bool = False


class Asked(msgspec.Struct, frozen=True):
    """One thing that a selector asks about a label from a source."""

    source: str
    key: str
    operator: str
    values: tuple[str, ...] = ()

    @property
    def is_kubernetes(self) -> bool:
        """Whether a label that Kubernetes gives can answer."""
        return self.source in {KUBERNETES, ANY}

    @property
    def wants_it(self) -> bool:
        """Whether the label must be there."""
        return self.operator in {"In", "Exists"}


@lru_cache(maxsize=10_000)
def is_counted(key: str) -> bool:
    """Whether a label of a pod is part of its identity by default, so that policies can select by it.

    The longest beginning that is counted must be longer than the shortest that is passed over.
    """
    passed = [len(found[0]) for form in _PASSED_OVER if (found := re.match(form, key))]
    counted = [len(found[0]) for form in _COUNTED if (found := re.match(form, key))]
    return not passed or max(counted, default=0) > min(passed)


def split_key(key: str) -> tuple[str, str]:
    """The source and the name of a label in a selector; `any` where no source is said."""
    if key.startswith("$"):
        return RESERVED, key[1:]
    source, colon, name = key.partition(":")
    return (source or ANY, name) if colon else (ANY, key)


def asked(selector: LabelSelector) -> Iterator[Asked]:
    """What a selector asks; all of it must hold."""
    for key, value in sorted((selector.match_labels or {}).items()):
        yield Asked(*split_key(key), "In", (value,))
    for item in selector.match_expressions or ():
        yield Asked(*split_key(item.key or ""), item.operator or "", tuple(item.values or ()))


def unseen_keys(selector: LabelSelector, settings: CiliumSettings) -> list[str]:
    """The keys of pod labels that a selector asks about and that no identity has by default."""
    if settings.own_labels:
        return []
    return [item.key for item in asked(selector) if item.is_kubernetes and not is_counted(item.key)]


def subjects(selector: LabelSelector, namespace: str | None, settings: CiliumSettings) -> Endpoints:
    """The pods that a policy is for; `namespace` is that of a policy that is bound to one."""
    items = list(asked(selector))
    if namespace is not None:
        # The policy's own namespace takes the place of one that the selector names in these very words.
        own = Asked(KUBERNETES, NAMESPACE, "In", (namespace,))
        named = f"{KUBERNETES}:{NAMESPACE}"
        kept = LabelSelector(
            match_labels={k: v for k, v in (selector.match_labels or {}).items() if k != named},
            match_expressions=selector.match_expressions,
        )
        items = [*asked(kept), own]
    return pods(items, settings)


def nodes(selector: LabelSelector) -> Endpoints:
    """The nodes that a selector finds by their labels."""
    conditions: list[Labels] = []
    for item in asked(selector):
        if item.source == RESERVED and item.key == "host":
            conditions.append(Any() if item.wants_it else Nothing())
        elif item.source in {KUBERNETES, ANY, "node"}:
            conditions.append(_condition(item, item.key))
        else:
            conditions.append(_absent(item))
    return Nodes(all_of(tuple(conditions)))


def scope_of(namespace: str | None, subject: LabelSelector | None) -> Scope:
    """What the peers of a policy are bound to, given its namespace and its own selector."""
    items = asked(subject) if subject is not None else ()
    return Scope(namespace, starting=any(item.source == RESERVED and item.key == "init" for item in items))


def peers(selector: LabelSelector, scope: Scope, settings: CiliumSettings) -> Endpoints:
    """The endpoints that a selector of peers finds.

    In a policy of a namespace it means that namespace, unless it names namespaces, their labels, or something
    reserved. In a policy of the cluster it means the pods of all namespaces.
    """
    items = list(asked(selector))
    is_free = any(item.source == RESERVED for item in items)
    ours = [item.key for item in items if item.is_kubernetes]
    if not is_free and NAMESPACE not in ours:
        if scope.namespace is None:
            items += [] if scope.starting else [Asked(KUBERNETES, NAMESPACE, "Exists")]
        elif not any(key.startswith(NAMESPACE_LABELS) for key in ours):
            items.append(Asked(KUBERNETES, NAMESPACE, "In", (scope.namespace,)))
    beyond = _beyond(items)
    if not is_free and CLUSTER not in ours:
        # Where this cluster is meant, its name is asked for as well, which only pods have.
        if settings.local_cluster:
            beyond = ()
        elif settings.local_cluster is None:
            beyond = tuple(Perhaps(part, BEFORE_1_19) for part in beyond)
    return union([part for part in (pods(items, settings), *beyond) if part != Nobody()])


def pods(items: Iterable[Asked], settings: CiliumSettings) -> Endpoints:
    """The pods for which all that is asked holds."""
    namespaces, labels, accounts, doubts = [], [], [], []
    for item in items:
        if not item.is_kubernetes:
            labels.append(_absent(item))
        elif item.key == NAMESPACE:
            namespaces.append(_named(item))
        elif item.key == ACCOUNT:
            accounts.append(_named(item))
        elif item.key == CLUSTER:
            answer = _cluster(item, settings)
            labels.append(Nothing() if answer is False else Any())
            if answer is None:
                doubts.append(f"whether this cluster is {' or '.join(item.values)}")
        elif not settings.own_labels and not is_counted(item.key):
            labels.append(_absent(item))
        elif item.key.startswith(NAMESPACE_LABELS):
            namespaces.append(_condition(item, item.key.removeprefix(NAMESPACE_LABELS)))
        else:
            labels.append(_condition(item, item.key))
    parts = tuple(all_of(tuple(found)) for found in (namespaces, labels, accounts))
    if Nothing() in parts:
        return Nobody()
    found = Pods(namespaces=parts[0], pods=parts[1], accounts=parts[2])
    return Perhaps(found, doubts[0]) if doubts else found


def _condition(item: Asked, key: str) -> Labels:
    if item.operator in {"In", "NotIn"}:
        one = OneOf(key, item.values)
        return one if item.operator == "In" else Not(one)
    return Has(key) if item.operator == "Exists" else Not(Has(key))


def _named(item: Asked) -> Labels:
    """What is asked of a label that every pod has: the name of its namespace or service account."""
    if item.operator in {"In", "NotIn"}:
        return _condition(item, NAME_LABEL)
    return _always(item)


def _always(item: Asked) -> Labels:
    return Any() if item.wants_it else Nothing()


def _absent(item: Asked) -> Labels:
    """What is asked of a label that none has."""
    return Nothing() if item.wants_it else Any()


def _cluster(item: Asked, settings: CiliumSettings) -> bool | None:
    """Whether this cluster is meant; None where its name is not known."""
    if item.operator not in {"In", "NotIn"}:
        return item.wants_it
    if settings.cluster is None:
        return None
    return (settings.cluster in item.values) == item.wants_it


def _beyond(items: Iterable[Asked]) -> tuple[Endpoints, ...]:
    """Nodes and addresses outside for which all that is asked holds."""
    wanted = list(items)
    answers = {kind: {_holds(item, kind) for item in wanted} for kind in ("host", "remote-node", "world")}
    doubt = API_SERVER if any(item.key == _API_SERVER for item in wanted) else LABELS_UNKNOWN
    own, others = (False not in answers[kind] for kind in ("host", "remote-node"))
    found: list[Endpoints] = []
    if own and others:
        found.append(Perhaps(Nodes(), doubt) if None in answers["host"] else Nodes())
    elif own or others:
        found.append(Perhaps(Nodes(), OWN_NODE if own else OTHER_NODE))
    if False not in answers["world"]:
        found.append(Perhaps(World(), doubt) if None in answers["world"] else World())
    return tuple(found)


def _holds(item: Asked, kind: str) -> bool | None:
    """Whether what is asked holds for what has one reserved label; None where it may have others."""
    if item.is_kubernetes or (item.source != RESERVED and kind != "world"):
        return not item.wants_it
    if item.source != RESERVED or item.key == _API_SERVER:
        return None
    if item.key.startswith("world-"):
        return None if kind == "world" else not item.wants_it
    there = item.key == kind
    if item.operator in {"In", "NotIn"}:
        return (there and "" in item.values) == item.wants_it
    return there == item.wants_it

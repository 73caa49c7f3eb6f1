"""Workloads as policies see them: pods with one name, and the labels by which a selector finds them.

A selector takes the labels of the workload's own selector, which cannot change while it lives. Where there
is none that is known, or where it means other pods too, labels of the template are taken: never those that
controllers write into pods, or that change with each release.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from casemate.analysis.network.endpoints import PodEndpoint
from casemate.model.estate import Ref, Template, Workload, pack
from casemate.model.governance import ReplicatedWorkload
from casemate.model.place import Document, Origin
from casemate.model.pods import PodSpec

NOT_READ = "?"
"""The kind of a workload that only something else tells of: a flow, an Ingress, the habits of a cluster."""
Labels = tuple[tuple[str, str], ...]
_FIRST = (
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app",
    "k8s-app",
    "name",
    "component",
    "role",
    "tier",
    "app.kubernetes.io/part-of",
)
"""The labels that people tell workloads apart by, the most usual first."""
_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\Z")
_VALUE = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\Z")
_MADE = frozenset(
    (
        "pod-template-hash",
        "controller-revision-hash",
        "pod-template-generation",
        "rollouts-pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "controller-uid",
        "job-name",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name",
        "batch.kubernetes.io/job-completion-index",
    )
)
"""Labels that controllers write into the pods of one release, one run, or into one pod."""
_RELEASED = frozenset(
    (
        "app.kubernetes.io/managed-by",
        "app.kubernetes.io/version",
        "chart",
        "helm.sh/chart",
        "heritage",
        "version",
    )
)
"""Labels that often change with a release; a workload's own selector may still be made of them."""
_PASSING_GROUPS = (
    "topology.kubernetes.io/",
    "failure-domain.beta.kubernetes.io/",
    "security.istio.io/",
    "service.istio.io/canonical-revision",
    "io.kubernetes.",
    "io.cilium.",
)


class Group(msgspec.Struct, frozen=True, eq=False):
    """The pods of a workload.

    `labels` select them; empty where no label lasts. `is_read` is false for what was not read itself.
    `also` names other workloads of the namespace whose pods the labels select, too.
    """

    name: str
    namespace: str
    pods: tuple[PodEndpoint, ...]
    labels: Labels
    also: tuple[str, ...] = ()
    is_read: bool = True

    @property
    def on_host(self) -> bool:
        """Whether all its pods are on the host's network, where no policy for pods holds."""
        return all(pod.on_host for pod in self.pods)

    @property
    def short(self) -> str:
        """Its name without namespace and kind."""
        return self.name.partition("/")[2].partition("[")[0]

    @property
    def title(self) -> str:
        """The workload for people: `shop/cart`, or what is known of one that was not read."""
        return self.name.removesuffix(f"[{NOT_READ}]") if not self.is_read else self.name.partition("[")[0]


def groups_of(pods: Iterable[PodEndpoint]) -> dict[str, Group]:
    """The workloads that pods belong to, by name, in the order they were read."""
    members: dict[str, list[PodEndpoint]] = {}
    for pod in pods:
        members.setdefault(pod.workload, []).append(pod)
    beside: dict[str, list[PodEndpoint]] = {}
    for found in members.values():
        beside.setdefault(found[0].namespace, []).extend(found)
    return {name: _group(name, found, beside[found[0].namespace]) for name, found in members.items()}


def not_read(namespace: str, name: str, labels: Mapping[str, str]) -> Group:
    """A workload that was not read: its namespace, a name for it, and labels as far as they are known."""
    whole = f"{namespace}/{name}[{NOT_READ}]"
    labels = valid(labels)
    ref = Ref("v1", NOT_READ, namespace, name)
    template = Template(
        path=("spec",), metadata_path=("metadata",), packed=pack(PodSpec()), labels=dict(labels)
    )
    source = Workload(ref=ref, origin=Origin(Document("(not read)")), templates=(template,))
    pod = PodEndpoint(
        workload=whole,
        name="",
        namespace=namespace,
        labels=dict(labels),
        account="default",
        ports=(),
        on_host=False,
        addresses=(),
        node=None,
        source=source,
        template=template,
    )
    return Group(whole, namespace, (pod,), tuple(sorted(labels.items())), is_read=False)


def lasting(labels: Mapping[str, str]) -> Labels:
    """The labels that outlive a release, those first that people tell workloads apart by."""
    kept = {
        key: value
        for key, value in valid(labels).items()
        if key not in _MADE | _RELEASED and not key.startswith(_PASSING_GROUPS)
    }
    first = [(key, kept[key]) for key in _FIRST if key in kept]
    return (*first, *sorted(item for item in kept.items() if item[0] not in _FIRST))


def valid(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels that the API server takes, without empty ones: a selector is made of no others."""
    return {key: value for key, value in labels.items() if _KEY.match(key) and _VALUE.match(value)}


def _group(name: str, pods: list[PodEndpoint], beside: list[PodEndpoint]) -> Group:
    shared = dict(set.intersection(*(set(pod.labels.items()) for pod in pods)))
    own = next((found for pod in pods if (found := _own_selector(pod.source))), {})
    others = [pod for pod in beside if pod.workload != name and not pod.on_host]
    chosen = _chosen({key: value for key, value in own.items() if shared.get(key) == value}, shared, others)
    also = dict.fromkeys(pod.workload for pod in others if chosen and _fits(chosen, pod))
    return Group(name, pods[0].namespace, tuple(pods), tuple(sorted(chosen.items())), tuple(also))


def _own_selector(workload: Workload) -> dict[str, str]:
    """The labels of a workload's own selector that last; a Job's are made up for each run."""
    if not isinstance(workload, ReplicatedWorkload) or workload.spec.selector is None:
        return {}
    labels = workload.spec.selector.match_labels or {}
    return {key: value for key, value in valid(labels).items() if key not in _MADE}


def _chosen(own: dict[str, str], shared: dict[str, str], others: list[PodEndpoint]) -> dict[str, str]:
    """The fewest labels, beginning with the selector's own, that select no other pods."""
    found = dict(own)
    left = [pod for pod in others if not found or _fits(found, pod)]
    for key, value in lasting(shared):
        if found and not left:
            break
        if key in found:
            continue
        narrower = [pod for pod in left if pod.labels.get(key) == value]
        if not found or len(narrower) < len(left):
            found[key], left = value, narrower
    return found


def _fits(labels: Mapping[str, str], pod: PodEndpoint) -> bool:
    return labels.items() <= pod.labels.items()


def selected(groups: Iterable[Group], namespace: str, labels: Mapping[str, str]) -> Iterator[Group]:
    """The workloads of a namespace of which some pod has all these labels."""
    for group in groups:
        if group.namespace == namespace and any(_fits(labels, pod) for pod in group.pods):
            yield group

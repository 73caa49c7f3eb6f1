"""The pods of an estate by the labels that their templates give them: what selectors choose from."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from casemate.model.estate import KUBERNETES, Estate, Template, Workload


class LabelledPod(msgspec.Struct, frozen=True, eq=False):
    """A pod template with its workload."""

    workload: Workload
    template: Template


class LabelledPods:
    """Every pod template that Kubernetes runs."""

    def __init__(self, pods: tuple[LabelledPod, ...]) -> None:
        self._pods = pods

    @classmethod
    def of(cls, estate: Estate) -> "LabelledPods":
        """The pod templates of all workloads read."""
        found = (
            LabelledPod(workload, template)
            for workload in estate.of(Workload)
            for template in workload.templates
            if template.engine == KUBERNETES
        )
        return cls(tuple(found))

    def where(
        self, namespace: str | None, holds: Callable[[Mapping[str, str]], bool]
    ) -> Iterator[LabelledPod]:
        """The pods of a namespace whose labels a test holds for; an unset namespace may be any."""
        for pod in self._pods:
            if may_be_same(namespace, pod.workload.ref.namespace) and holds(pod.template.labels):
                yield pod


def may_be_same(one: str | None, other: str | None) -> bool:
    """Whether two namespaces may be the same: one that is not set may be any."""
    return one is None or other is None or one == other

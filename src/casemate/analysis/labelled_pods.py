"""The pods of an estate by the labels that their templates give them: what selectors choose from."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from casemate.model.estate import KUBERNETES, Estate, Template, Workload


class LabelledPod(msgspec.Struct, frozen=True, eq=False):
    """A pod template with its workload."""

    workload: Workload
    template: Template


class LabelledPods:
    """Every pod template that Kubernetes runs, found by namespace and by label."""

    def __init__(self, pods: Iterator[LabelledPod]) -> None:
        self._by_namespace: dict[str | None, list[LabelledPod]] = {}
        self._by_label: dict[tuple[str | None, str, str], list[LabelledPod]] = {}
        for pod in pods:
            namespace = pod.workload.ref.namespace
            self._by_namespace.setdefault(namespace, []).append(pod)
            for key, value in pod.template.labels.items():
                self._by_label.setdefault((namespace, key, value), []).append(pod)

    @classmethod
    def of(cls, estate: Estate) -> "LabelledPods":
        """The pod templates of all workloads read."""
        return cls(
            LabelledPod(workload, template)
            for workload in estate.of(Workload)
            for template in workload.templates
            if template.engine == KUBERNETES
        )

    def where(
        self, namespace: str | None, holds: Callable[[Mapping[str, str]], bool]
    ) -> Iterator[LabelledPod]:
        """The pods of a namespace whose labels a test holds for; an unset namespace may be any."""
        for name in self._may_be(namespace):
            for pod in self._by_namespace[name]:
                if holds(pod.template.labels):
                    yield pod

    def labelled(self, namespace: str | None, wanted: Mapping[str, str]) -> Iterator[LabelledPod]:
        """The pods of a namespace with all these labels, of which there is at least one."""
        key, value = next(iter(wanted.items()))
        for name in self._may_be(namespace):
            for pod in self._by_label.get((name, key, value), ()):
                if wanted.items() <= pod.template.labels.items():
                    yield pod

    def _may_be(self, namespace: str | None) -> Iterator[str | None]:
        if namespace is None:
            return iter(self._by_namespace)
        return (name for name in (namespace, None) if name in self._by_namespace)

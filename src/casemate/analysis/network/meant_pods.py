"""In which namespaces there are pods that a selector means, each selector looked up once."""

from casemate.analysis.network.situation import Situation
from casemate.analysis.selectors import selects
from casemate.model.estate import KUBERNETES, Workload
from casemate.model.selectors import LabelSelector

_Pod = tuple[str | None, str, dict[str, str]]


class MeantPods:
    """The pods of an estate by their labels, whatever namespace they are in."""

    def __init__(self, situation: Situation) -> None:
        self._all: list[_Pod] = []
        self._by_label: dict[tuple[str, str], list[_Pod]] = {}
        self._found: dict[str, dict[str | None, list[str]]] = {}
        for workload in situation.estate.of(Workload):
            for template in (found for found in workload.templates if found.engine == KUBERNETES):
                pod = (workload.ref.namespace, str(workload.ref), template.labels)
                self._all.append(pod)
                for label in template.labels.items():
                    self._by_label.setdefault(label, []).append(pod)

    def by(self, selector: LabelSelector) -> dict[str | None, list[str]]:
        """The workloads with pods that a selector means, by their namespace."""
        key = repr(selector)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = {}
            wanted = (selector.match_labels or {}).items()
            candidates = min((self._by_label.get(label, []) for label in wanted), key=len, default=self._all)
            for namespace, name, labels in candidates:
                if selects(selector, labels):
                    found.setdefault(namespace, []).append(name)
        return found

"""Which workloads of a namespace no network policy isolates, in each direction.

Source: networking/v1 types.go: a pod is isolated in a direction where some policy of its namespace
selects it and is for that direction. Pods in the node's network are the node, and left out.
"""

from casemate.analysis.namespaces import ByNamespace
from casemate.analysis.selectors import selects
from casemate.model.estate import Entity, Estate, Workload
from casemate.model.network_policy import NetworkPolicy


class Isolation:
    """The network policies that were read, and those of network plugins, which are not understood."""

    def __init__(self, policies: list[NetworkPolicy], others: list[Entity]) -> None:
        self._policies = ByNamespace(policies)
        self._others = ByNamespace(others)

    @classmethod
    def of(cls, estate: Estate) -> "Isolation":
        """All that an estate holds."""
        return cls(
            [entity for entity in estate.entities if isinstance(entity, NetworkPolicy)],
            [
                entity
                for entity in estate.entities
                if "NetworkPolicy" in entity.ref.kind and not isinstance(entity, NetworkPolicy)
            ],
        )

    def others(self, namespace: str) -> list[str]:
        """The kinds of a network plugin's own policies near a namespace: Cilium's, Calico's."""
        return sorted({entity.ref.kind for entity in self._others.near(namespace)})

    def open(self, workloads: list[Workload]) -> tuple[list[str], list[str]]:
        """The workloads with pods that take any connection, and those with pods that may make any."""
        inward: list[str] = []
        outward: list[str] = []
        for workload in workloads:
            policies = self._policies.near(workload.ref.namespace)
            for template in workload.templates:
                if template.spec.host_network:
                    continue
                found = [policy for policy in policies if selects(policy.spec.pod_selector, template.labels)]
                if not any(policy.isolates_ingress for policy in found):
                    inward.append(workload.ref.name or "(no name)")
                if not any(policy.isolates_egress for policy in found):
                    outward.append(workload.ref.name or "(no name)")
        return sorted(set(inward)), sorted(set(outward))


def some(names: list[str]) -> str:
    """The first few names of a list, and how many there are besides."""
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"

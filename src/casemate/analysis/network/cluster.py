"""The network of an estate: its policies in every dialect, its pods and nodes, and what is known of them."""

from collections.abc import Iterator

from casemate.analysis.network import admin_policies, network_policies
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.policies import Notice, Policy
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import Assumptions, KnownLabels
from casemate.model.admin_network_policy import ClusterWidePolicy
from casemate.model.estate import Estate, ServiceAccount
from casemate.model.governance import Namespace
from casemate.model.network_policy import NetworkPolicy


def reach_of(estate: Estate, assumed: Assumptions = Assumptions()) -> tuple[Reach, list[Notice]]:  # noqa: B008 # it cannot change
    """All connections of an estate, and what in its policies cannot be followed as it stands."""
    notices: list[Notice] = []
    policies = list(all_policies(estate, notices))
    return Reach(policies, pods_of(estate), list(nodes_of(estate)), labels_of(estate), assumed), notices


def all_policies(estate: Estate, notices: list[Notice]) -> Iterator[Policy]:
    """The policies of every dialect in the common form."""
    yield from network_policies.policies(estate.of(NetworkPolicy), notices)
    yield from admin_policies.policies(estate.of(ClusterWidePolicy), notices)


def labels_of(estate: Estate) -> KnownLabels:
    """The labels of namespaces and service accounts that were read."""
    return KnownLabels(
        namespaces={entity.name: entity.labels for entity in estate.of(Namespace)},
        accounts={
            (entity.ref.namespace or network_policies.HOME, entity.name): entity.labels
            for entity in estate.of(ServiceAccount)
        },
    )

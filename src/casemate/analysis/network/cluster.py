"""The network of an estate: its policies in every dialect, its pods and nodes, and what is known of them."""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network import network_policies
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.plugins.forms import Plugin
from casemate.analysis.network.policies import Notice, Policy, PortRange
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import Assumptions, KnownLabels
from casemate.analysis.network.ways_in import WayIn, ways_in
from casemate.model.estate import Estate, ServiceAccount
from casemate.model.governance import Namespace
from casemate.model.network_policy import NetworkPolicy

_CALICO = frozenset({"projectcalico.org", "crd.projectcalico.org"})
_CILIUM = "cilium.io"
_ADMIN = "policy.networking.k8s.io"
_ISTIO = "security.istio.io"


class Network(msgspec.Struct, frozen=True, eq=False):
    """All connections of an estate, the ways in from outside, and what in its policies cannot be followed."""

    reach: Reach
    ways_in: tuple[WayIn, ...]
    notices: tuple[Notice, ...]
    plugin: Plugin | None = None

    @classmethod
    def of(cls, estate: Estate) -> "Network":
        """That of an estate, its policies followed as they are written."""
        return network_of(estate)


def network_of(estate: Estate, plugin: Plugin | None = None, apart: frozenset[str] = frozenset()) -> Network:
    """The network of an estate, as a network plugin enforces its policies; without one, as is written.

    `apart` are pods and workloads that somebody asks for by name or address: no others share their classes.
    """
    notices: list[Notice] = []
    policies = list(all_policies(estate, notices, plugin))
    pods = list(pods_of(estate))
    assumed = Assumptions(
        networks_hold_pods=False if plugin is None else plugin.blocks_hold_pods,
        networks_hold_nodes=False if plugin is None else plugin.blocks_hold_nodes,
        addresses_known=any(pod.addresses for pod in pods),
        apart=apart,
    )
    ways = tuple(ways_in(estate, pods))
    ports = {PortRange(way.protocol, way.port, way.port) for way in ways}
    reach = Reach(policies, pods, list(nodes_of(estate)), labels_of(estate), assumed, ports)
    return Network(reach, ways, tuple(notices), plugin)


def with_unknown_namespaces(network: Network, estate: Estate) -> Reach | None:
    """The connections where the labels of namespaces whose objects were not read may be any.

    None where that makes no difference: all of them were read, or no policy asks about other labels than
    the name. `Reach.universe.unread` names them.
    """
    known, reach = labels_of(estate), network.reach
    unread = {pod.namespace for pod in reach.universe.pods if pod.workloads} - known.namespaces.keys()
    if not unread or not reach.namespace_keys - {NAME_LABEL} or estate.coverage.covers("Namespace"):
        return None
    assumed = msgspec.structs.replace(reach.universe.assumed, bare_namespaces=False)
    ports = {PortRange(way.protocol, way.port, way.port) for way in network.ways_in}
    return Reach(reach.policies, pods_of(estate), reach.universe.nodes, known, assumed, ports)


def all_policies(estate: Estate, notices: list[Notice], plugin: Plugin | None = None) -> Iterator[Policy]:
    """The policies of every dialect in the common form; a dialect's module is imported where it occurs.

    NetworkPolicy stands in the tier of the plugin whose own policies stand beside it, and says what `plugin`
    makes of it.
    """
    versions = {entity.ref.api_version for entity in estate.entities}
    kinds = {version.partition("/")[0] for version in versions if "/" in version}
    own = list(_enforced(estate.of(NetworkPolicy), plugin, notices))
    if kinds & _CALICO:
        from casemate.analysis.network.calico import dialect as calico  # noqa: PLC0415 # start-up: few estates hold it
        from casemate.model.calico import CalicoPolicy  # noqa: PLC0415

        yield from calico.policies(estate.of(CalicoPolicy), notices, calico.Beside.of(estate))
        yield from calico.in_calicos_tiers(network_policies.policies(own, notices))
        calico.set_aside(estate, notices)
    elif _CILIUM in kinds:
        from casemate.analysis.network.cilium import dialect as cilium  # noqa: PLC0415 # start-up: few estates hold it
        from casemate.analysis.network.cilium.settings import NEVER, CiliumSettings  # noqa: PLC0415

        if CiliumSettings.of(estate).enforcement == NEVER:
            text = (
                "Cilium is set to enforce no policies (enable-policy: never), so this one is without effect"
            )
            notices += [Notice(policy, (), text) for policy in own]
        else:
            yield from network_policies.policies(own, notices, cilium.TIER)
    else:
        yield from network_policies.policies(own, notices)
    if _CILIUM in kinds:
        from casemate.analysis.network.cilium import dialect as cilium  # noqa: PLC0415 # start-up: few estates hold it
        from casemate.analysis.network.cilium.peers import CiliumSurroundings  # noqa: PLC0415
        from casemate.model.cilium import CiliumPolicy  # noqa: PLC0415

        yield from cilium.policies(estate.of(CiliumPolicy), notices, CiliumSurroundings.of(estate))
    if _ISTIO in kinds:
        from casemate.analysis.network.istio import dialect as istio  # noqa: PLC0415 # start-up: few estates hold it

        yield from istio.policies_of(estate, notices)
    if _ADMIN in kinds:
        from casemate.analysis.network.cluster_wide import dialect as admin_policies  # noqa: PLC0415 # start-up: few estates hold it
        from casemate.model.admin_network_policy import ClusterWidePolicy  # noqa: PLC0415

        found = admin_policies.policies(estate.of(ClusterWidePolicy), notices)
        if kinds & _CALICO:
            from casemate.analysis.network.calico.dialect import in_calicos_tiers  # noqa: PLC0415

            found = in_calicos_tiers(found)
        yield from found


def _enforced(
    found: Iterable[NetworkPolicy], plugin: Plugin | None, notices: list[Notice]
) -> Iterator[NetworkPolicy]:
    """The policies as a plugin follows them; what it does not follow is in `notices`."""
    if plugin is None:
        yield from found
        return
    from casemate.analysis.network.plugins import enforcement as plugins  # noqa: PLC0415 # start-up: asked where a plugin is known

    for policy in found:
        notices += [Notice(policy, at, text) for at, text in plugins.ignored(policy, plugin)]
        seen = plugins.as_enforced(policy, plugin)
        if seen is not None:
            yield seen


def labels_of(estate: Estate) -> KnownLabels:
    """The labels of namespaces and service accounts that were read."""
    return KnownLabels(
        namespaces={entity.name: entity.labels for entity in estate.of(Namespace)},
        accounts={
            (entity.ref.namespace or network_policies.HOME, entity.name): entity.labels
            for entity in estate.of(ServiceAccount)
        },
    )

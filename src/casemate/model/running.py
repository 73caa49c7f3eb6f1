"""Pods and nodes as a cluster has them: their state, addresses and place.

Source: core/v1 types.go.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity, Workload

FINISHED = ("Succeeded", "Failed")
"""Phases of a pod that runs no more; its address may be another one's already."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class PodAddress(_Part, frozen=True, kw_only=True):
    """One of the addresses of a pod."""

    ip: str | None = None


class PodStatus(_Part, frozen=True, kw_only=True):
    """What the kubelet says of a pod."""

    phase: str | None = None
    pod_ip: str | None = msgspec.field(name="podIP", default=None)
    pod_ips: tuple[PodAddress, ...] | None = msgspec.field(name="podIPs", default=None)
    host_ip: str | None = msgspec.field(name="hostIP", default=None)


class RunningPod(Workload, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Pod; in files it has no status yet."""

    KINDS: ClassVar[tuple[str, ...]] = ("Pod",)

    status: PodStatus = PodStatus()

    @property
    def is_finished(self) -> bool:
        """Whether it runs no more."""
        return self.status.phase in FINISHED

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses, as far as they are known."""
        found = [item.ip for item in self.status.pod_ips or () if item.ip]
        return tuple(dict.fromkeys([*([self.status.pod_ip] if self.status.pod_ip else []), *found]))


class NodeAddress(_Part, frozen=True, kw_only=True):
    """An address of a node, or its name."""

    type: str | None = None
    address: str | None = None


class NodeStatus(_Part, frozen=True, kw_only=True):
    """What the kubelet says of its node."""

    addresses: tuple[NodeAddress, ...] | None = None


class Node(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A machine of the cluster."""

    status: NodeStatus = NodeStatus()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses, names left out."""
        found = self.status.addresses or ()
        return tuple(
            item.address for item in found if item.address and item.type in {"InternalIP", "ExternalIP"}
        )

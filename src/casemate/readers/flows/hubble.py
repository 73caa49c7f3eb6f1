"""Flows of Cilium's Hubble: `hubble observe -o json`, and the files that its exporter writes.

Replies tell of no call. What no policy dropped (a broken packet, a full table) is no demand. Cilium's own
health checks are left out.

Source: cilium api/v1/flow/flow.proto and api/v1/observer/observer.proto; pkg/identity/reserved (labels).
"""

from typing import Any

import msgspec

from casemate.model.flows import API_SERVER, HOST, REMOTE, Conversation, Flow, FlowEnd, Verdict
from casemate.readers.flows.labels import labels_of, time_of

_VERDICTS = {
    "FORWARDED": Verdict.FORWARDED,
    "DROPPED": Verdict.REFUSED,
    "AUDIT": Verdict.AUDIT,
}
_BY_POLICY = frozenset(("POLICY_DENIED", "POLICY_DENY", "AUTH_REQUIRED", "DENIED_BY_LB_SRC_RANGE_CHECK"))
_SPECIAL = {"reserved:kube-apiserver": API_SERVER, "reserved:host": HOST, "reserved:remote-node": REMOTE}
_SIDES = {"INGRESS": False, "EGRESS": True}
_POINTS = {"TO_ENDPOINT": False, "FROM_ENDPOINT": True}
_OTHERS = ("node_status", "lost_events", "agent_event", "debug_event")
_OWN = frozenset(("reserved:health",))


class _Workload(msgspec.Struct):
    name: str = ""
    kind: str = ""


class _Endpoint(msgspec.Struct):
    namespace: str = ""
    pod_name: str = ""
    labels: list[str] = []
    workloads: list[_Workload] = []


class _Addresses(msgspec.Struct):
    source: str = ""
    destination: str = ""


class _Flags(msgspec.Struct, rename="upper"):
    syn: bool = False
    ack: bool = False


class _Layer4(msgspec.Struct):
    destination_port: int = 0
    flags: _Flags | None = None


class _Service(msgspec.Struct):
    name: str = ""
    namespace: str = ""


class _Flow(msgspec.Struct):
    verdict: str = ""
    time: str = ""
    drop_reason_desc: str = ""
    ip: _Addresses | None = msgspec.field(default=None, name="IP")
    l4: dict[str, _Layer4] | None = None
    source: _Endpoint | None = None
    destination: _Endpoint | None = None
    source_names: list[str] | None = None
    destination_names: list[str] | None = None
    destination_service: _Service | None = None
    traffic_direction: str = ""
    trace_observation_point: str = ""
    is_reply: bool | None = None
    type: str = msgspec.field(default="", name="Type")


def is_flow(item: dict[str, Any]) -> bool:
    """Whether a map is a flow of Hubble, with what its exporter writes around it or without."""
    inner = item.get("flow", item)
    return isinstance(inner, dict) and "verdict" in inner


def is_other(item: dict[str, Any]) -> bool:
    """Whether a map is another event of Hubble's."""
    return any(name in item for name in _OTHERS)


def flow(item: dict[str, Any]) -> Flow | str:
    """The flow, or why it tells of no call. Raises `msgspec.ValidationError` for a value of a wrong type."""
    found = msgspec.convert(item.get("flow", item), _Flow)
    verdict = _VERDICTS.get(found.verdict)
    if verdict is None:
        return f"records without a last verdict ({found.verdict[:40] or 'none'})"
    if verdict is Verdict.REFUSED and found.drop_reason_desc and found.drop_reason_desc not in _BY_POLICY:
        return "packets that were dropped for another reason than a policy"
    if found.type == "SOCK":
        return "translations of addresses in sockets"
    layers = (item for item in (found.l4 or {}).items() if item[0] in {"TCP", "UDP", "SCTP"})
    layers = (item for item in (found.l4 or {}).items() if item[0] in {"TCP", "UDP", "SCTP"})
    layer = next(layers, None)
    if layer is None or not 0 < layer[1].destination_port <= 65_535:
        return "records without a port, as those of ICMP"
    reply = _is_reply(found, layer[1])
    if reply is None:
        return "records of which it is not told whether they are replies"
    if reply:
        return "replies"
    ends = (found.source or _Endpoint(), found.destination or _Endpoint())
    if any(_OWN & set(end.labels) for end in ends):
        return "Cilium's own health checks"
    addresses = found.ip or _Addresses()
    service = found.destination_service
    return Flow(
        Conversation(
            _end(ends[0], addresses.source, found.source_names or []),
            _end(ends[1], addresses.destination, found.destination_names or []),
            layer[0],
            layer[1].destination_port,
            f"{service.namespace}/{service.name}" if service is not None and service.name else "",
        ),
        verdict,
        _POINTS.get(found.trace_observation_point, _SIDES.get(found.traffic_direction)),
        time_of(found.time),
    )


def _is_reply(found: _Flow, layer: _Layer4) -> bool | None:
    """Whether it is a reply; the first packet of a connection tells it, where Hubble does not."""
    if found.is_reply is not None:
        return found.is_reply
    if layer.flags is not None and layer.flags.syn:
        return layer.flags.ack
    return None if found.verdict == "FORWARDED" else False


def _end(end: _Endpoint, address: str, names: list[str]) -> FlowEnd:
    """An end; of pods whose workload is known neither address nor name is kept, so that few differ."""
    special = next((word for label, word in _SPECIAL.items() if label in end.labels), "")
    if end.namespace:
        workload = end.workloads[0] if end.workloads else _Workload()
        known = bool(workload.name)
        return FlowEnd(
            namespace=end.namespace,
            workload=workload.name,
            kind=workload.kind,
            pod="" if known else end.pod_name,
            labels=labels_of(end.labels),
        )
    return FlowEnd(address=address, names=tuple(sorted(set(names))), special=special)

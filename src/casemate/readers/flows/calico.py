"""Flow logs of Calico: the JSON lines that Felix writes, and what Goldmane and Whisker hand out.

A flow counts several connections of pods that share a name's beginning. Both sides report one; what the
caller's side allowed and the other side denied was not let through.

Source: Calico documentation, "Flow log data types"; projectcalico/calico goldmane/proto/api.proto and
felix/collector/flowlog (names of the fields).
"""

import re
from datetime import UTC, datetime
from typing import Any

from casemate.model.flows import HOST, Conversation, Flow, FlowEnd, Verdict
from casemate.readers.flows.labels import labels_of, time_of

_ACTIONS = {"allow": Verdict.FORWARDED, "deny": Verdict.REFUSED}
_ACTION_NUMBERS = {1: "allow", 2: "deny"}
_REPORTERS = {"src": True, "dst": False}
_REPORTER_NUMBERS = {1: "src", 2: "dst"}
_TYPES = {
    "wep": "pod",
    "workloadendpoint": "pod",
    "1": "pod",
    "hep": "host",
    "hostendpoint": "host",
    "2": "host",
}
_PROTOCOLS = {"6": "TCP", "17": "UDP", "132": "SCTP"}
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def is_flow(item: dict[str, Any]) -> bool:
    """Whether a map is a flow of Calico in any of its spellings."""
    keys = _plain(item)
    return ("source_name" in keys or "source_name_aggr" in keys) and "dest_port" in keys


def flow(item: dict[str, Any]) -> Flow | str:
    """The flow, or why it tells of no call. Raises `ValueError` for a field that cannot be followed."""
    found = _plain(item)
    action = found.get("action")
    action = str(_ACTION_NUMBERS.get(action, action) if isinstance(action, int) else action or "").lower()
    verdict = _ACTIONS.get(action)
    if verdict is None:
        return f"records without a last action ({action[:40] or 'none'})"
    said = str(found.get("proto") or found.get("protocol") or "").upper()
    protocol = _PROTOCOLS.get(said, said)
    port = found.get("dest_port")
    if protocol not in {"TCP", "UDP", "SCTP"} or port in {None, 0, "", "-"}:
        return "records without a port, as those of ICMP"
    number = int(str(port))
    if not 0 < number <= 65_535:
        raise ValueError(f"dest_port {number} is no port")
    reporter = found.get("reporter")
    reporter = str(_REPORTER_NUMBERS.get(reporter, reporter) if isinstance(reporter, int) else reporter or "")
    space, service = found.get("dest_service_namespace"), found.get("dest_service_name")
    return Flow(
        Conversation(
            _end(found, "source"),
            _end(found, "dest"),
            protocol,
            number,
            f"{space}/{service}" if _said(space) and _said(service) else "",
        ),
        verdict,
        _REPORTERS.get(reporter.lower()),
        _time(found.get("end_time") or found.get("start_time")),
        max(_number(found.get("num_flows")), 1),
    )


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """The fields under the names that Felix gives them, those of a key taken out of it."""
    inner = item.get("flow")
    whole = {**item, **inner} if isinstance(inner, dict) else item
    for name in ("Key", "key"):
        if isinstance(whole.get(name), dict):
            whole = {**whole, **whole[name]}
    return {_CAMEL.sub(r"_\1", name).lower(): value for name, value in whole.items()}


def _end(found: dict[str, Any], side: str) -> FlowEnd:
    kind = _TYPES.get(str(found.get(f"{side}_type") or "").lower(), "")
    namespace = found.get(f"{side}_namespace")
    name = str(found.get(f"{side}_name_aggr") or found.get(f"{side}_name") or "")
    address = found.get(f"{side}_ip")
    if _said(namespace) and kind in {"pod", ""}:
        return FlowEnd(
            namespace=str(namespace), pod=name.rstrip("*-"), labels=labels_of(found.get(f"{side}_labels"))
        )
    return FlowEnd(
        address=str(address) if _said(address) else "",
        names=(name,) if not _said(address) and _said(name) else (),
        special=HOST if kind == "host" else "",
    )


def _said(value: object) -> bool:
    """Whether a field says something; Calico writes a dash where it does not."""
    return bool(value) and value != "-"


def _number(value: object) -> int:
    try:
        return int(str(value or 0))
    except ValueError:
        return 0


def _time(value: object) -> str:
    """A time in UTC from seconds since 1970 or a text."""
    if isinstance(value, (int, float)) and 0 < value < 1e11:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%M:%S}Z"
    return time_of(str(value or ""))

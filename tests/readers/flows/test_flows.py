"""Files of flows: who called whom, and what tells of no call."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from casemate.model.errors import UsageError
from casemate.model.flows import Conversation, FlowEnd, FlowLog, FlowsSeen
from casemate.readers.flows import read_flows, unread


def hubble(**changes: Any) -> dict[str, Any]:
    """A flow from cart to redis, as its end reports it."""
    flow: dict[str, Any] = {
        "time": "2026-11-09T06:00:07.918123456Z",
        "verdict": "FORWARDED",
        "IP": {"source": "10.0.0.1", "destination": "10.0.0.2"},
        "l4": {"TCP": {"source_port": 40000, "destination_port": 6379, "flags": {"SYN": True}}},
        "source": {
            "namespace": "shop",
            "labels": ["k8s:app=cart", "k8s:io.kubernetes.pod.namespace=shop", "reserved:x"],
            "pod_name": "cart-5b8f-abc",
            "workloads": [{"name": "cart", "kind": "Deployment"}],
        },
        "destination": {"namespace": "data", "labels": ["k8s:app=redis"], "pod_name": "redis-0"},
        "Type": "L3_L4",
        "traffic_direction": "INGRESS",
        "trace_observation_point": "TO_ENDPOINT",
        "is_reply": False,
    }
    return {"flow": {**flow, **changes}, "node_name": "a"}


CART = FlowEnd(namespace="shop", workload="cart", kind="Deployment", labels=(("app", "cart"),))
REDIS = FlowEnd(namespace="data", pod="redis-0", labels=(("app", "redis"),))


def read(tmp_path: Path, *lines: Any, name: str = "flows") -> FlowLog:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (tmp_path / name).write_text("\n".join(texts) + "\n")
    return read_flows([str(tmp_path / name)])


def only(log: FlowLog) -> tuple[Conversation, FlowsSeen]:
    assert len(log.conversations) == 1, log
    return next(iter(log.conversations.items()))


def test_a_call_of_hubble(tmp_path: Path) -> None:
    log = read(tmp_path, hubble(), hubble(), "", hubble()["flow"])
    found, seen = only(log)
    assert found == Conversation(CART, REDIS, "TCP", 6379)
    assert (seen.delivered, seen.forwarded, seen.line) == (3, 0, 1)
    assert log.window == ("2026-11-09T06:00:07Z", "2026-11-09T06:00:07Z")
    assert log.records == 3
    assert seen.is_granted


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_reply": True}, "replies"),
        (
            {"is_reply": None, "l4": {"TCP": {"destination_port": 1, "flags": {"SYN": True, "ACK": True}}}},
            "replies",
        ),
        ({"is_reply": None, "l4": {"TCP": {"destination_port": 1}}}, "not told whether"),
        ({"verdict": "REDIRECTED"}, "without a last verdict (REDIRECTED)"),
        ({"verdict": ""}, "without a last verdict (none)"),
        ({"verdict": "DROPPED", "drop_reason_desc": "CT_MAP_INSERTION_FAILED"}, "another reason"),
        ({"l4": {"ICMPv4": {"type": 8}}}, "without a port"),
        ({"l4": None}, "without a port"),
        ({"Type": "SOCK"}, "translations"),
        ({"source": {"labels": ["reserved:health"]}}, "health checks"),
    ],
)
def test_what_of_hubble_is_no_call(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    log = read(tmp_path, hubble(**changes))
    assert not log.conversations
    assert [text for text in log.passed_over if reason in text], log.passed_over


def test_events_of_hubble_that_are_no_flows(tmp_path: Path) -> None:
    log = read(tmp_path, {"lost_events": {"num_events_lost": 1}}, hubble())
    assert log.passed_over == {"events of Hubble that are no flows": 1}


def test_a_first_packet_tells_that_it_is_no_reply(tmp_path: Path) -> None:
    _, seen = only(read(tmp_path, hubble(is_reply=None)))
    assert seen.is_granted
    dropped = hubble(is_reply=None, verdict="DROPPED", l4={"UDP": {"destination_port": 53}})
    assert only(read(tmp_path, dropped))[1].refused == 1


def test_what_one_side_sends_and_the_other_refuses_is_refused(tmp_path: Path) -> None:
    sent = hubble(traffic_direction="EGRESS", trace_observation_point="TO_OVERLAY")
    refused = hubble(verdict="DROPPED", drop_reason_desc="POLICY_DENIED", trace_observation_point="")
    _, seen = only(read(tmp_path, sent, refused))
    assert (seen.forwarded, seen.refused, seen.is_granted) == (1, 1, False)
    _, seen = only(read(tmp_path, sent, hubble(verdict="AUDIT")))
    assert (seen.audited, seen.is_granted) == (1, False)
    _, seen = only(read(tmp_path, sent, refused, hubble()))
    assert seen.is_granted
    _, seen = only(read(tmp_path, sent))
    assert seen.is_granted


def test_ends_that_are_no_pods(tmp_path: Path) -> None:
    world = {"labels": ["reserved:world"], "identity": 2}
    log = read(
        tmp_path,
        hubble(destination=world, destination_names=["b.example", "a.example"]),
        hubble(source={"labels": ["reserved:host", "reserved:kube-apiserver"]}),
        hubble(destination_service={"name": "redis", "namespace": "data"}),
    )
    found = list(log.conversations)
    assert found[0].destination == FlowEnd(address="10.0.0.2", names=("a.example", "b.example"))
    assert found[1].source == FlowEnd(address="10.0.0.1", special="kube-apiserver")
    assert found[2].service == "data/redis"


def felix(**changes: Any) -> dict[str, Any]:
    return {
        "start_time": 1794204000,
        "end_time": 1794204300,
        "source_type": "wep",
        "source_namespace": "shop",
        "source_name": "-",
        "source_name_aggr": "cart-5b8f-*",
        "source_labels": {"labels": ["app=cart"]},
        "source_ip": None,
        "dest_type": "wep",
        "dest_namespace": "data",
        "dest_name_aggr": "redis-*",
        "dest_labels": {"labels": ["app=redis"]},
        "dest_port": 6379,
        "dest_service_namespace": "data",
        "dest_service_name": "redis",
        "proto": "tcp",
        "action": "allow",
        "reporter": "dst",
        "num_flows": 4,
        **changes,
    }


def test_flow_logs_of_calico(tmp_path: Path) -> None:
    found, seen = only(read(tmp_path, felix()))
    assert found.source == FlowEnd(namespace="shop", pod="cart-5b8f", labels=(("app", "cart"),))
    assert (found.port, found.protocol, found.service) == (6379, "TCP", "data/redis")
    assert (seen.delivered, seen.first) == (4, "2026-11-09T06:05:00Z")


def test_goldmane_and_whisker(tmp_path: Path) -> None:
    key = {
        "sourceName": "cart-*",
        "sourceNamespace": "shop",
        "sourceType": "WorkloadEndpoint",
        "destName": "pub",
        "destNamespace": "-",
        "destType": "Network",
        "destPort": "443",
        "proto": "TCP",
        "action": "Allow",
        "reporter": "Src",
    }
    goldmane = {"id": 1, "flow": {"Key": key, "startTime": "1794204000", "sourceLabels": ["app=cart"]}}
    whisker = {"items": [{**felix(), "action": 2, "reporter": 1, "source_labels": "app=cart | tier=web"}]}
    log = read(tmp_path, goldmane, whisker)
    first, second = log.conversations
    assert first.destination == FlowEnd(names=("pub",))
    assert second.source.labels == (("app", "cart"), ("tier", "web"))
    assert log.conversations[second].refused == 4


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"action": "pass"}, "without a last action (pass)"),
        ({"action": None}, "without a last action (none)"),
        ({"proto": "icmp"}, "without a port"),
        ({"dest_port": 0}, "without a port"),
    ],
)
def test_what_of_calico_is_no_call(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    log = read(tmp_path, felix(**changes))
    assert [text for text in log.passed_over if reason in text], log.passed_over


def test_host_endpoints_and_addresses_of_calico(tmp_path: Path) -> None:
    host = felix(source_type="hep", source_namespace="-", source_ip="10.9.0.1", proto=17, num_flows="x")
    found, seen = only(read(tmp_path, host))
    assert found.source == FlowEnd(address="10.9.0.1", special="host")
    assert (found.protocol, seen.delivered) == ("UDP", 1)


def test_a_table(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        "Source,destination,proto,port,verdict,time,count,else",
        "shop/cart,data/redis[StatefulSet],tcp,6379,allow,2026-11-09T06:00:00+01:00,3,x",
        "203.0.113.1,shop/cart,TCP,8080,dropped",
        '"shop/cart",shop/orders,TCP,8080',
        "shop/cart,shop/orders,ICMP,8",
        "shop/cart,shop/search,TCP,8080,,2026-11-09T06:00:00",
    )
    found = list(log.conversations)
    assert found[0].destination == FlowEnd(namespace="data", workload="redis", kind="StatefulSet")
    assert log.conversations[found[0]].forwarded == 3
    assert log.conversations[found[0]].first == "2026-11-09T05:00:00Z"
    assert log.conversations[found[1]].refused == 1
    assert found[1].source == FlowEnd(address="203.0.113.1")
    assert log.conversations[found[2]].forwarded == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("shop/cart,data/redis,TCP,99999", "99999 is no port"),
        ("shop/cart,data/redis,TCP,", "an empty text is no port"),
        ("shop/cart,data/redis,TCP,1,perhaps", "perhaps is no verdict"),
        ("the cart,data/redis,TCP,1", "the cart is neither"),
        ("x", "an empty text is no protocol"),
        ("shop/cart,data/redis,FOO,1", "FOO is no protocol"),
        (",data/redis,TCP,1", "an empty text is neither"),
        ('"a,b', "unexpected end"),
    ],
)
def test_broken_lines_of_a_table(tmp_path: Path, line: str, said: str) -> None:
    log = read(tmp_path, "src,dst,protocol,port,verdict", line, "a/b,c/d,TCP,1")
    assert len(log.conversations) == 1
    assert log.broken[0].line == 2
    assert said in log.broken[0].error


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "truncated"),
        ("[1]", "must be a map"),
        ('{"a": 1}', "no flow of Hubble or Calico"),
        (json.dumps(hubble(l4=3)), "Expected"),
        (json.dumps(felix(dest_port=70000)), "70000 is no port"),
        (json.dumps(felix(dest_port="http")), "invalid literal"),
        ("[" * 100_000, "ecursion"),
        ("something else", "neither JSON"),
        ("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "neither JSON"),
    ],
)
def test_broken_lines_are_named_and_passed_over(tmp_path: Path, line: str, said: str) -> None:
    log = read(tmp_path, hubble(), line, hubble())
    assert only(log)[1].delivered == 2
    assert (log.broken_lines, log.broken[0].line) == (1, 2)
    assert said in log.broken[0].error
    assert [item.line for item in unread(log)] == [2]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file of flows"):
        read_flows([str(tmp_path / "none")])
    with pytest.raises(UsageError, match="it lacks port"):
        read(tmp_path, "src,dst,protocol")
    log = read_flows([str(tmp_path)])
    assert "rest of the file" in log.broken[0].error
    whole = gzip.compress(json.dumps(hubble()).encode() * 1000)
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    assert read_flows([str(tmp_path / "cut.gz")]).broken_lines == 1


def test_compressed_files_and_several(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(json.dumps(hubble()).encode()))
    (tmp_path / "b").write_text("\ufeff" + json.dumps(hubble()))
    log = read_flows([str(tmp_path / "a.gz"), str(tmp_path / "b"), str(tmp_path / "b")])
    assert only(log)[1].delivered == 2
    assert len(log.files) == 2


def test_what_is_held_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.dumps(hubble(l4={"TCP": {"destination_port": port}})) for port in range(1, 40)]
    (tmp_path / "a").write_text("\n".join(lines))
    log = read_flows([str(tmp_path / "a")], most=5)
    assert len(log.conversations) == 5
    assert log.broken_lines == 34
    assert len(log.broken) == 20
    assert "14 more lines of flows" in list(unread(log))[-1].error
    monkeypatch.setattr("casemate.readers.flows.log.LONGEST_LINE", 100)
    (tmp_path / "b").write_text("x" * 500 + "\n" + "y" * 250)
    log = read_flows([str(tmp_path / "b")])
    assert [item.line for item in log.broken] == [1, 2]
    assert "longer than 100 bytes" in log.broken[0].error


def test_labels_in_other_forms(tmp_path: Path) -> None:
    found, _ = only(
        read(tmp_path, felix(source_labels="app=cart,,bad", dest_labels=7, start_time="x", end_time=None))
    )
    assert found.source.labels == (("app", "cart"),)
    assert found.destination.labels == ()

"""The answer of `casemate network chains` as JSON, schema `casemate.network-chains/1`."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from casemate.analysis.network.chains import Call, Line, chains
from casemate.analysis.network.cutting import Step, Total
from casemate.analysis.network.entries import Entry
from casemate.engine.network_chains import NetworkChains, Radius
from casemate.writers.as_json import as_json
from casemate.writers.network_chains_words import secrets_of
from casemate.writers.network_tighten_words import place_of, short_place
from casemate.writers.places import Places

MOST = 50_000
"""Workloads that are named in all radii together; beyond that they are counted only."""


def write(found: NetworkChains, places: Places, out: BinaryIO, of: str = "") -> None:
    """Write the answer; `of` names the workload whose radius is wanted, all where it is empty."""
    radii = [one for one in found.radii if of in {"", one.workload}]
    named = sum(found.members.count(one.today | one.meant) for one in radii) <= MOST
    outsides = dict.fromkeys(entry.outside for entry in found.entries)
    tree = {
        "schema": "casemate.network-chains/1",
        "workloads": len(found.members.of),
        "entries": [_entry(entry, places) for entry in found.entries],
        "calls": [_call(call, places) for call in found.calls],
        "chains": [
            {"outside": outside, "lines": [_line(one) for one in chains(outside, found.entries, found.calls)]}
            for outside in outsides
        ],
        "stores": [
            {
                "workload": way.workload,
                "holds": found.stores[way.workload],
                "today": way.today,
                "unmeant": sorted(way.unmeant),
                "meant": way.meant,
                "after": way.after,
            }
            for way in found.ways
        ],
        "radii": [_radius(found, one, named=named) for one in radii],
        "policies": [_step(step) for step in found.steps],
        "not_tried": found.left,
        "opened": [{"src": one, "dst": other} for one, other in found.widened],
        "depends": found.doubtful,
        "unreadable": found.plan.unreadable,
    }
    out.write(as_json(tree) + b"\n")


def _entry(entry: Entry, places: Places) -> dict[str, Any]:
    ref = entry.entity.ref
    return {
        "kind": entry.kind,
        "outside": entry.outside,
        "workload": entry.workload,
        "protocol": entry.protocol,
        "port": entry.port,
        "through": entry.through or None,
        "allowed": entry.allowed,
        "object": {"kind": ref.kind, "namespace": ref.namespace, "name": ref.name},
        "place": short_place(places, entry.entity, entry.path),
    }


def _call(call: Call, places: Places) -> dict[str, Any]:
    return {
        "src": call.source,
        "dst": call.destination,
        "protocol": call.protocol,
        "port": call.port,
        "allowed": call.allowed,
        "because": [{"words": one.words, "place": place_of(places, one) or None} for one in call.because],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "depth": line.depth,
        "src": line.source,
        "dst": line.workload,
        "ports": [{"protocol": protocol, "port": port} for protocol, port in line.ports],
        "state": line.state,
    }


def _radius(found: NetworkChains, one: Radius, *, named: bool) -> dict[str, Any]:
    members = found.members
    return {
        "workload": one.workload,
        "today": members.count(one.today),
        "meant": members.count(one.meant),
        "after": members.count(one.after),
        "beyond": members.count(one.today & ~one.meant),
        "steps": [members.count(bits) for bits in one.hops],
        "outside": {"today": one.outside.value, "after": one.outside_after.value},
        "stores": [name for name in members.named(one.today) if name in found.stores],
        "secrets": secrets_of(found, one.today) if named else None,
        "reached": list(_reached(found, one)) if named else None,
    }


def _reached(found: NetworkChains, one: Radius) -> Iterator[dict[str, Any]]:
    members, seen = found.members, set[str]()
    for number, bits in enumerate(one.hops, 1):
        for name in members.named(bits):
            if name not in seen:
                seen.add(name)
                own = members.of[name]
                yield {
                    "workload": name,
                    "steps": number,
                    "meant": bool(own & one.meant),
                    "after": bool(own & one.after),
                }


def _step(step: Step) -> dict[str, Any]:
    return {
        "workloads": step.workloads,
        "policies": step.policies,
        "today": _total(step.before),
        "alone": _total(step.alone),
        "then": _total(step.then),
        "shrinks": step.shrunk,
    }


def _total(found: Total) -> dict[str, int]:
    return {"pairs": found.pairs, "direct": found.direct}

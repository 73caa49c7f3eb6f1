"""The answer of `casemate network tighten` as JSON, schema `casemate.network-tighten/1`."""

from typing import Any, BinaryIO

from casemate.analysis.network.tighten.needs import Addresses, End, Host, Member, Need
from casemate.analysis.network.tighten.proof import Cell, Counts
from casemate.engine.network_tightening import NetworkTightening, Plan, concerned
from casemate.model.estate import Entity
from casemate.writers.as_json import as_json
from casemate.writers.network_tighten_words import place_of, replaced_words, short_place
from casemate.writers.places import Places


def write(answer: NetworkTightening, places: Places, out: BinaryIO) -> None:
    """Write the answer; see docs/schemas/network-tighten.json."""
    plan, proof = answer.plan, answer.proof
    reasons = dict(plan.needs.reasoned())
    tree = {
        "schema": "casemate.network-tighten/1",
        "form": plan.wish.form,
        "namespaces": plan.namespaces,
        "flows": _flows(plan),
        "needs": [
            {
                **_need(plan, need),
                "because": [
                    {"kind": one.kind, "words": one.words, "place": place_of(places, one) or None}
                    for one in reasons[need]
                ],
            }
            for need in concerned(plan)
        ],
        "closes": {"before": _counts(proof.before), "after": _counts(proof.after)},
        "proof": {
            "holds": proof.holds and not answer.different,
            "kept": len(proof.kept),
            "depending": [_need(plan, need) for need in proof.depending],
            "lost": [_need(plan, need) for need in proof.lost],
            "unproven": [_need(plan, need) for need in proof.unproven],
            "opened": [_cell(cell) for cell in proof.opened],
            "different": None if answer.different is None else [_cell(cell) for cell in answer.different],
            "not_followed": [
                {"object": notice.entity.title, "message": notice.message} for notice in proof.notices
            ],
        },
        "slack": {
            "wider": [_need(plan, need) for need in plan.wider],
            "cells": [_cell(cell) for cell in proof.slack],
        },
        "open": [
            {
                "subject": item.subject,
                "words": item.words,
                "remedy": item.remedy or None,
                "place": short_place(places, item.entity, item.path) if item.entity is not None else None,
            }
            for item in plan.needs.open
        ],
        "existing": list(replaced_words(answer)),
        "replaced": [_object(entity) for entity in plan.replaced],
        "kept": [_object(entity) for entity in plan.kept],
        "objects": answer.trees,
        "unreadable": plan.unreadable,
    }
    out.write(as_json(tree) + b"\n")


def _flows(plan: Plan) -> dict[str, Any] | None:
    log, seen = plan.flows, plan.seen
    if log is None or seen is None:
        return None
    first, last = log.window
    return {
        "files": log.files,
        "records": log.records,
        "from": first or None,
        "to": last or None,
        "calls": seen.calls,
        "passed_over": {**log.passed_over, **seen.passed_over},
        "broken_lines": log.broken_lines,
        "broken": log.broken,
        "demands": seen.demands,
        "unseen": [_need(plan, need) for need in seen.unseen],
    }


def _need(plan: Plan, need: Need) -> dict[str, Any]:
    return {
        "source": _end(plan, need.source),
        "destination": _end(plan, need.destination),
        "protocol": need.protocol,
        "port": need.port,
    }


def _end(plan: Plan, end: End) -> dict[str, Any]:
    if isinstance(end, Member):
        group = plan.known.groups[end.group]
        kind = "workload" if group.is_read else "not-read"
        return {"kind": kind, "name": group.name, "namespace": group.namespace, "labels": dict(group.labels)}
    if isinstance(end, Addresses):
        return {"kind": "addresses", "ranges": end.ranges, "without": end.without}
    return {"kind": "host", "name": end.name} if isinstance(end, Host) else {"kind": "api-server"}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "source": cell.source,
        "destination": cell.destination,
        "protocol": cell.protocol,
        "from": cell.low,
        "to": cell.high,
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {"pairs": counts.pairs, "outward": counts.outward, "inward": counts.inward}


def _object(entity: Entity) -> dict[str, str | None]:
    ref = entity.ref
    return {"apiVersion": ref.api_version, "kind": ref.kind, "namespace": ref.namespace, "name": ref.name}

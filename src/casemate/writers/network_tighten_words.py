"""Sentences that the forms of `casemate network tighten` share."""

from collections.abc import Iterator

from casemate.analysis.network.tighten.needs import Addresses, ApiServer, Because, End, Host, Member, Need
from casemate.analysis.network.tighten.proof import OUTSIDE, Cell, Counts
from casemate.engine.network_tightening import NetworkTightening, Plan
from casemate.model.estate import Entity
from casemate.writers.places import Places
from casemate.writers.scan_text import counted

KINDS = {
    "networkpolicy": "NetworkPolicy",
    "cluster": "ClusterNetworkPolicy",
    "calico": "Calico",
    "cilium": "Cilium",
}


def end_words(plan: Plan, end: End) -> str:
    """An end for people."""
    if isinstance(end, Member):
        group = plan.known.groups[end.group]
        if group.is_read:
            return group.title
        labels = ", ".join(f"{key}={value}" for key, value in group.labels)
        return f"{f'pods {labels}' if labels else 'all pods'} in {group.namespace}"
    if isinstance(end, Addresses):
        return "every address" if "0.0.0.0/0" in end.ranges and not end.without else ", ".join(end.ranges)
    return end.name if isinstance(end, Host) else "the API server"


def need_words(plan: Plan, need: Need) -> str:
    """A need for people: `shop/cart -> data/redis  TCP 6379`."""
    ends = f"{end_words(plan, need.source)} -> {end_words(plan, need.destination)}"
    return f"{ends}  {need.protocol} {need.port}"


def reason_words(one: Because, places: Places) -> str:
    """A reason with the place that says so."""
    return one.words if one.entity is None else f"{one.words} ({place_of(places, one)})"


def place_of(places: Places, one: Because) -> str:
    """The file and line that a reason stands at."""
    return short_place(places, one.entity, one.path) if one.entity is not None else ""


def short_place(places: Places, entity: Entity, path: tuple[str | int, ...]) -> str:
    """A file and line, without the column."""
    file, colon, _ = places.place(entity, path).rpartition(":")
    return file if colon else entity.origin.document.file


def objects_words(entity: Entity) -> str:
    """An object as kubectl names it: `NetworkPolicy payments/ledger`."""
    return f"{entity.ref.kind} {entity.ref.namespace or 'default'}/{entity.name}"


def counts_words(before: Counts, after: Counts) -> Iterator[str]:
    """What becomes of the connections."""
    yield f"connections between workloads: {before.pairs:,} before, {after.pairs:,} after"
    yield f"workloads that reach addresses outside: {before.outward:,} before, {after.outward:,} after"
    yield f"workloads that addresses outside reach: {before.inward:,} before, {after.inward:,} after"


def proof_words(answer: NetworkTightening) -> Iterator[str]:
    """What is proven, and what is not."""
    proof, plan = answer.proof, answer.plan
    total = len(proof.kept) + len(proof.depending) + len(proof.lost)
    if proof.lost:
        yield f"needed ⊆ allowed: NO: {len(proof.lost):,} of {total:,} needs would be lost:"
        yield from (f"  {need_words(plan, need)}" for need in proof.lost)
    else:
        yield f"needed ⊆ allowed: {'all' if total != 1 else 'the'} {counted(total, 'need')} still allowed"
    if proof.depending:
        count = f"{len(proof.depending):,} of them"
        yield f"  {count} by names of DNS or as the API server, whose addresses Cilium finds out"
    if proof.unproven:
        yield f"  {counted(len(proof.unproven), 'need')} with an end on a node's network, not proven:"
        yield from (f"    {need_words(plan, need)}" for need in proof.unproven)
    if proof.opened:
        yield f"new ⊆ old: NO: {counted(len(proof.opened), 'connection')} were not allowed before:"
        yield from (f"  {cell_words(cell)}" for cell in proof.opened)
    else:
        yield "new ⊆ old: nothing is allowed that was not before"
    if answer.different is not None:
        if answer.different:
            yield f"as NetworkPolicy: NO: {counted(len(answer.different), 'connection')} differ:"
            yield from (f"  {cell_words(cell)}" for cell in answer.different)
        else:
            yield "as NetworkPolicy: the same connections are allowed"
    yield from (f"not followed: {notice.entity.title}: {notice.message}" for notice in proof.notices)


def slack_words(answer: NetworkTightening) -> Iterator[str]:
    """What is allowed beyond what is needed."""
    plan = answer.plan
    for need in plan.wider:
        source_host = isinstance(need.destination, Host)
        if ApiServer() in (need.source, need.destination):
            wider = "every address may be it"
        else:
            wider = "every public address is allowed" if source_host else "every address is allowed"
        yield f"{need_words(plan, need)}: {wider}"
    yield from (f"{cell_words(cell)}: allowed and not needed" for cell in answer.proof.slack)


def cell_words(cell: Cell) -> str:
    """Connections for people."""
    ports = f"{cell.low}" if cell.low == cell.high else f"{cell.low}-{cell.high}"
    one, other = (
        name if name == OUTSIDE else name.partition("[")[0] for name in (cell.source, cell.destination)
    )
    return f"{one} -> {other}  {cell.protocol} {ports}"


def replaced_words(answer: NetworkTightening) -> Iterator[str]:
    """What becomes of the policies that are there."""
    applied = {
        (made.tree["kind"], made.tree["metadata"].get("namespace"), made.tree["metadata"]["name"])
        for made in answer.plan.made
    }
    for entity in answer.plan.replaced:
        ref = entity.ref
        same = (ref.kind, ref.namespace or "default", ref.name) in applied and answer.is_same_kind(entity)
        verb = "overwritten:" if same else "delete"
        yield f"{verb} {objects_words(entity)}"
    for entity in answer.plan.kept:
        yield f"stays and decides too: {entity.title}"


def flows_words(plan: Plan) -> Iterator[str]:
    """What was read of flows."""
    log, seen = plan.flows, plan.seen
    if log is None or seen is None:
        return
    first, last = log.window
    when = (
        f", {first.replace('T', ' ')} to {last.replace('T', ' ')}" if first else ", at no time that they tell"
    )
    read = f"{counted(log.records, 'record')} in {counted(len(log.files), 'file')}"
    yield f"{read}{when}: {counted(seen.calls, 'call')}"
    for reason, count in sorted({**log.passed_over}.items()):
        yield f"passed over: {reason}: {count:,}"
    for reason, count in sorted(seen.passed_over.items()):
        yield f"passed over: {reason}: {count:,}"
    if log.broken_lines:
        yield f"{counted(log.broken_lines, 'line')} could not be read"

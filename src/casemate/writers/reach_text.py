"""Connections for people: who reaches what, at which ports, and why one pair may or may not."""

from collections.abc import Iterator
from typing import Protocol, TextIO

from casemate.analysis.network.policies import Direction
from casemate.analysis.network.queries import DEPENDS, Answer
from casemate.engine.reachability import Reachability
from casemate.model.estate import Entity
from casemate.model.place import Path
from casemate.writers.paint import Paint, plain
from casemate.writers.reach_words import endpoint_words, grouped, ports_words, reason_words, sources_words


class Lines(Protocol):
    """Finds where a path of an object is written, handed in by the command line."""

    def of(self, entity: Entity, path: Path) -> str:
        """`policies.yaml:12:5`."""


def write(found: Reachability, target: str, lines: Lines, out: TextIO, paint: Paint) -> None:
    """Write all connections by their destination."""
    out.writelines(f"{line}\n" for line in _lines(found, target, lines, paint))


def write_answer(answer: Answer, words: str, lines: Lines, out: TextIO, paint: Paint) -> None:
    """Write the answer to a question about one pair."""
    verdict = (
        {True: "yes", False: "no"}.get(answer.allowed is True, "no") if answer.allowed != DEPENDS else DEPENDS
    )
    out.write(f"{paint.bold(verdict)}: {plain(words)}\n")
    for reason in answer.because:
        out.write(f"  {plain(reason_words(reason))}\n")
        if reason.rule is not None and reason.policies:
            out.write(f"    {paint.place(plain(lines.of(reason.policies[0].entity, reason.rule.at)))}\n")
        out.writelines(f"    it depends: {plain(text)}\n" for text in reason.depends)


def _lines(found: Reachability, target: str, lines: Lines, paint: Paint) -> Iterator[str]:
    workloads = len(found.workloads)
    namespaces = len({name.partition("/")[0] for name in found.workloads})
    yield paint.bold(plain(f"casemate reach: {target}"))
    yield f"{_counted(workloads, 'workload')} in {_counted(namespaces, 'namespace')}"
    for direction, words in ((Direction.INGRESS, "comes in"), (Direction.EGRESS, "goes out")):
        yield f"{len(found.isolated[direction]):,} of {workloads:,} are held to policies for what {words}"
    yield from (plain(text) for text in found.assumed)
    alike: dict[tuple[str, ...], list[str]] = {}
    for destination, by_ports in sorted(grouped(found.certain).items()):
        rows = tuple(
            f"{ports_words(ports)}  from {sources_words(sources, destination, found.workloads)}"
            for ports, sources in by_ports.items()
        )
        alike.setdefault(rows, []).append(endpoint_words(destination))
    for rows, destinations in alike.items():
        yield ""
        yield from (paint.bold(plain(name)) for name in destinations)
        yield from (f"  {plain(row)}" for row in rows)
    yield from _possible(found, paint)
    if found.notices:
        yield ""
        yield paint.bold("Not followed as it stands")
        for notice in found.notices:
            yield f"  {plain(notice.entity.title)}: {plain(notice.message)}"
            yield f"    {paint.place(plain(lines.of(notice.entity, notice.at)))}"
    yield ""
    yield "Why a pair may: --from SOURCE --to DESTINATION --port 443"


def _possible(found: Reachability, paint: Paint) -> Iterator[str]:
    if not found.possible:
        return
    yield ""
    yield paint.bold("It depends")
    for destination, by_ports in sorted(grouped(found.possible).items()):
        for ports, sources in by_ports.items():
            names = sources_words(sources, destination, found.workloads)
            yield f"  {plain(f'{endpoint_words(destination)}: {ports_words(ports)} from {names}')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

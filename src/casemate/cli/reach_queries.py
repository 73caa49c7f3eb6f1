"""`casemate reach --queries`: JSON Lines in, JSON Lines out, one answer per line in the same order."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from casemate.analysis.network.queries import answer
from casemate.analysis.network.reach import Reach
from casemate.cli.can_batch import write as write_lines
from casemate.model.errors import UsageError
from casemate.readers.json_lines import json_lines
from casemate.writers.as_json import as_json
from casemate.writers.reach_json import answer_row


class Query(msgspec.Struct):
    """A question as a line has it."""

    src: str
    dst: str
    port: int
    protocol: str = "TCP"


def write(reach: Reach, path: str, out: BinaryIO) -> None:
    """Answer each line of a file; one that cannot be answered says why, and the others go on."""
    write_lines(_answers(reach, path), out)


def _answers(reach: Reach, path: str) -> Iterator[bytes]:
    known: dict[tuple[str, str, str, int], bytes] = {}
    for line in json_lines(path, Query):
        if isinstance(line, str):
            yield as_json({"error": line})
            continue
        key = (line.src, line.dst, line.protocol, line.port)
        found = known.get(key)
        if found is None:
            try:
                found = as_json(answer_row(answer(reach, *key)))
            except UsageError as error:
                found = as_json({"error": str(error)})
            if len(known) < 100_000:
                known[key] = found
        yield found

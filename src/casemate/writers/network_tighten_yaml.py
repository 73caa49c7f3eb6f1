"""The policies that `casemate network tighten` proposes, as YAML that `kubectl apply` takes.

Above each policy stands whom it is for, above each rule what it is needed for; what is to be deleted is said
in comments, since applying does not delete.
"""

from collections.abc import Iterator
from typing import TextIO

from casemate.analysis.network.tighten.drafts import DENY, LOOK_UP, Line
from casemate.analysis.network.tighten.forms.common import Made
from casemate.analysis.network.tighten.habits import DNS
from casemate.analysis.network.tighten.needs import Because, Need
from casemate.engine.network_tightening import NetworkTightening, Plan
from casemate.model.place import Path
from casemate.writers.network_objects import Noted, yaml_text
from casemate.writers.network_tighten_words import (
    end_words,
    place_of,
    proof_words,
    replaced_words,
    slack_words,
)
from casemate.writers.places import Places
from casemate.writers.rbac_objects import comment

_REASONS = 2


def write(answer: NetworkTightening, places: Places, out: TextIO) -> None:
    """Write the policies with what is proven about them."""
    out.writelines(f"{line}\n" for line in lines(answer, places))


def lines(answer: NetworkTightening, places: Places) -> Iterator[str]:
    """The whole file, line by line."""
    above = ["casemate network tighten", *proof_words(answer)]
    above += [f"allowed more widely than needed: {text}" for text in slack_words(answer)]
    above += list(replaced_words(answer))
    yield from comment(above)
    yield from objects_text(answer.plan, places)


def objects_text(plan: Plan, places: Places | None) -> Iterator[str]:
    """The policies; without places, without comments."""
    reasons = dict(plan.needs.reasoned())

    def noted(made: Made) -> Noted:
        if places is None:
            return Noted(made.tree)
        notes: dict[Path, tuple[str, ...]] = {
            ("spec", direction, index): tuple(_why(plan, line, reasons, places))
            for (direction, index), line in made.lines.items()
        }
        return Noted(made.tree, (_title(made),), notes)

    yield from yaml_text(noted(made) for made in plan.made)


def _title(made: Made) -> str:
    draft = made.draft
    if draft.kind == DENY:
        return f"What nothing else allows is denied to all pods of {draft.namespace}"
    if draft.kind == LOOK_UP:
        return f"All pods of {draft.namespace} look names up"
    return draft.group.partition("[")[0]


def _why(plan: Plan, line: Line, reasons: dict[Need, tuple[Because, ...]], places: Places) -> Iterator[str]:
    """What a rule is needed for: the other end, and the first reasons with their places."""
    for need in line.needs:
        found = [one for one in reasons.get(need, ()) if one.kind != DNS]
        if not found:
            continue
        other = need.source if line.direction.value == "ingress" else need.destination
        said = "; ".join(
            f"{one.words}, {place_of(places, one)}" if one.entity is not None else one.words
            for one in found[:_REASONS]
        )
        yield f"{end_words(plan, other)}: {said}"

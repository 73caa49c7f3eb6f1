"""The objects that `casemate rbac tighten` proposes, as YAML that `kubectl apply` takes.

Above each subject's objects stands what is proven about them; what is to be deleted is said in comments.
"""

from collections.abc import Iterator
from typing import TextIO

from casemate.engine.tightening import Subject, Tightening
from casemate.model.rbac import Binding, Role
from casemate.writers.rbac_objects import Commented, comment, yaml_text
from casemate.writers.tighten_words import doubts, proofs, replacements, seen_words, window_words


def write(answer: Tightening, out: TextIO) -> None:
    """Write the objects, those of a subject together."""
    out.writelines(f"{line}\n" for line in _lines(answer))


def _lines(answer: Tightening) -> Iterator[str]:
    yield from comment([f"casemate rbac tighten: {window_words(answer)}"])
    objects = [item for subject in answer.subjects for item in _objects(subject)]
    yield from yaml_text(objects)
    for subject in answer.subjects:
        if subject.proposal.state:
            yield from comment([f"{subject.proposal.usage.holder.title}: {subject.proposal.state}"])


def _objects(subject: Subject) -> Iterator[Commented]:
    proposal = subject.proposal
    if proposal.state:
        return
    above = (
        proposal.usage.holder.title,
        seen_words(proposal.usage),
        *(f"  {line}" for line in proofs(proposal)),
        *(f"  {line}" for line in replacements(proposal)),
        *(f"  not proven: {line}" for line in doubts(subject)),
    )
    rests = (one.rest for one in proposal.replaced if one.rest is not None)
    objects: tuple[Role | Binding, ...] = (*proposal.roles, *proposal.bindings, *rests)
    for entity in objects:
        yield Commented(entity, above)
        above = ()

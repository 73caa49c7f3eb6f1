"""The answer of `casemate rbac from-abac`: objects, the lines that RBAC cannot say, and the proof."""

from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

import msgspec

from casemate.analysis.rbac.abac_conversion import Conversion
from casemate.analysis.rbac.abac_proof import Difference, Proof
from casemate.model.abac import ABAC, Policy
from casemate.model.rbac import Binding, Role
from casemate.writers.as_json import as_json
from casemate.writers.rbac_objects import Commented, comment, to_plain, yaml_text

_SHOWN = 200
_FEW = 5


class Answer(msgspec.Struct, frozen=True, eq=False):
    """What was made of a policy file, for which release, and whether it answers the same."""

    file: str
    kubernetes: str
    conversion: Conversion
    proof: Proof

    @property
    def objects(self) -> list[Role | Binding]:
        """Each role and behind it its binding."""
        return [entity for made in self.conversion.made for entity in (made.role, made.binding)]


def write_text(answer: Answer, out: TextIO) -> None:
    """YAML for people: comments say where each rule comes from, what is missing, and what was proven."""
    out.writelines(f"{line}\n" for line in comment(_head(answer)))
    lines = {policy.line: policy.text for policy in answer.conversion.policies}
    objects: list[Commented] = []
    for made in answer.conversion.made:
        items = {
            index: tuple(_line(number, lines) for number in held) for index, held in enumerate(made.lines)
        }
        objects += (Commented(made.role, (), items), Commented(made.binding))
    out.writelines(f"{line}\n" for line in yaml_text(objects))


def write_yaml(answer: Answer, out: TextIO) -> None:
    """The objects alone."""
    out.writelines(f"{line}\n" for line in yaml_text(answer.objects))


def write_json(answer: Answer, out: BinaryIO) -> None:
    """Everything, in the form of docs/schemas/from-abac.json."""
    conversion, proof = answer.conversion, answer.proof
    found = {
        "schema": "casemate.from-abac/1",
        "file": answer.file,
        "kubernetes": answer.kubernetes,
        "objects": [to_plain(entity) for entity in answer.objects],
        "sources": [
            {"kind": ref.kind, "namespace": ref.namespace, "name": ref.name, "rules": made.lines}
            for made in conversion.made
            for ref in (made.role.ref,)
        ],
        "inexpressible": [
            {**_policy(item.policy), "reason": item.refusal.reason, "partly": item.partly}
            for item in conversion.inexpressible
        ],
        "notes": [{**_policy(note.policy), "note": note.text} for note in conversion.notes],
        "proof": {
            "callers": proof.callers,
            "requests": proof.requests,
            "allowed": proof.allowed,
            "named": len(proof.named),
            "differences": [_difference(item) for item in proof.differences],
        },
    }
    out.write(as_json(found) + b"\n")


def summary(answer: Answer) -> Iterator[str]:
    """What must not be missed, for the standard error."""
    for item in answer.conversion.inexpressible:
        how = "in part not" if item.partly else "not"
        yield f"line {item.policy.line} is {how} expressible: {item.refusal.reason}"
    yield from _differences(answer.proof)


def _head(answer: Answer) -> Iterator[str]:
    conversion, proof = answer.conversion, answer.proof
    yield (
        f"{answer.file} as RBAC: {_counted(len(conversion.policies), 'line')}, "
        f"{_counted(len(answer.objects), 'object')}, with the resources of Kubernetes {answer.kubernetes}"
    )
    yield (
        f"Proof: {_counted(proof.requests, 'request')} of {_counted(proof.callers, 'caller')} answered by "
        f"both; {proof.allowed:,} allowed by ABAC; {_counted(len(proof.differences), 'difference')}"
        + (f" beside {len(proof.named):,} by the lines named below" if proof.named else "")
    )
    yield from _differences(proof)
    for title, items in (
        (
            "RBAC cannot say:",
            [
                (item.policy, f"{'in part: ' if item.partly else ''}{item.refusal.reason}")
                for item in conversion.inexpressible
            ],
        ),
        ("To know:", [(note.policy, note.text) for note in conversion.notes]),
    ):
        if items:
            yield ""
            yield title
            for policy, text in items:
                yield f"  {_line(policy.line, {policy.line: policy.text})}"
                yield f"    {text}"
    if not conversion.made:
        yield ""
        yield "No line grants anything that RBAC can say, so there is no object."


def _differences(proof: Proof) -> Iterator[str]:
    """A difference that no named line explains is a bug of ours; it is shown, not hidden."""
    for item in proof.differences[:_FEW]:
        side = "RBAC" if item.policy is None else "ABAC"
        words = _difference(item)
        yield f"only {side} allows: {' '.join(f'{key}={value}' for key, value in words.items() if value)}"
    if len(proof.differences) > _FEW:
        yield f"and {len(proof.differences) - _FEW:,} more differences"


def _difference(item: Difference) -> dict[str, Any]:
    request = item.request
    return {
        "user": item.who.user,
        "groups": list(item.who.groups),
        "verb": request.verb,
        "apiGroup": request.group,
        "resource": request.resource,
        "subresource": request.subresource,
        "name": request.name,
        "namespace": request.namespace,
        "path": request.path,
        "line": item.policy.line if item.policy else None,
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {"line": policy.line, "text": policy.text}


def _line(number: int, lines: dict[int, str]) -> str:
    """The line; of one with a version what follows `spec`, since the rest is always the same."""
    text = lines[number]
    head, spec, rest = text.partition('"spec":')
    text = rest.strip().removesuffix("}").rstrip() if spec and ABAC in head else text
    return f"line {number}: {text if len(text) <= _SHOWN else f'{text[:_SHOWN]}...'}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"

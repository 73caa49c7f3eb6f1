"""An ABAC policy file as roles and bindings that grant the same, and what RBAC cannot say.

Nothing is granted that the file does not grant. Where RBAC could say a line only by granting more, the line
is named and left out, or the part of it that RBAC cannot say is named.

- ABAC matches a resource with all of its subresources and RBAC has no `pods/*`: they are enumerated.
- ABAC without a namespace means requests that carry none. RBAC can grant these only for what belongs to no
  namespace, one resource at a time.
- ABAC asks for the user and the group of a line; RBAC's subjects are alternatives.
- A role in a namespace cannot grant URLs: a line about both becomes two roles.

Source: pkg/auth/authorizer/abac/abac.go, and pkg/apis/rbac/validation (what the API accepts), of Kubernetes.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from casemate.analysis.rbac.abac_lines import Part, Refusal, Scope, parts_of
from casemate.analysis.rbac.api_resources import ApiResource
from casemate.analysis.rbac.covers import uncovered
from casemate.model.abac import ALL, Policy
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin
from casemate.model.rbac import (
    GROUP,
    RBAC,
    SERVICE_ACCOUNT,
    USER,
    Binding,
    PolicyRule,
    Role,
    RoleRef,
    Subject,
)

_ODD = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 50


class Inexpressible(msgspec.Struct, frozen=True):
    """A line that RBAC cannot say, or only in part, and why."""

    policy: Policy
    refusal: Refusal
    partly: bool


class Note(msgspec.Struct, frozen=True):
    """Something to know about a line, which RBAC says all the same."""

    policy: Policy
    text: str


class Made(msgspec.Struct, frozen=True, eq=False):
    """A role, its binding, and the lines that each of its rules comes from."""

    role: Role
    binding: Binding
    lines: tuple[tuple[int, ...], ...]


class Conversion(msgspec.Struct, frozen=True, eq=False):
    """What a policy file becomes."""

    policies: tuple[Policy, ...]
    made: tuple[Made, ...]
    inexpressible: tuple[Inexpressible, ...]
    notes: tuple[Note, ...]


def convert(policies: Sequence[Policy], resources: Iterable[ApiResource], source: str) -> Conversion:
    """The roles and bindings for policies; `resources` are those the API serves, `source` the file's name."""
    known = tuple(resources)
    rules: dict[tuple[Subject, Scope], dict[PolicyRule, list[int]]] = {}
    inexpressible: list[Inexpressible] = []
    notes: list[Note] = []
    for policy in policies:
        found = parts_of(policy, known)
        inexpressible += (Inexpressible(policy, refusal, bool(found.parts)) for refusal in found.refused)
        notes += (Note(policy, text) for text in found.notes)
        for part in found.parts:
            _add(rules, part, policy.line)
    made = tuple(_made(rules, Origin(Document(source))))
    said = {line for item in made for lines in item.lines for line in lines}
    given = {line for held in rules.values() for lines in held.values() for line in lines}
    covered = given - said
    notes += (
        Note(policy, "other lines about the same subject grant this already")
        for policy in policies
        if policy.line in covered
    )
    return Conversion(
        policies=tuple(policies),
        made=made,
        inexpressible=tuple(inexpressible),
        notes=tuple(notes),
    )


def _add(rules: dict[tuple[Subject, Scope], dict[PolicyRule, list[int]]], part: Part, line: int) -> None:
    for subject in part.subjects:
        held = rules.setdefault((subject, part.scope), {})
        for rule in part.rules:
            held.setdefault(rule, []).append(line)


def _made(rules: dict[tuple[Subject, Scope], dict[PolicyRule, list[int]]], origin: Origin) -> Iterator[Made]:
    names = _names(subject for subject, _ in rules)
    for (subject, scope), held in rules.items():
        wide = tuple(rules.get((subject, None), ()))
        kept = _needed(tuple(held), () if scope is None else wide)
        if kept:
            yield _pair(names[subject], subject, scope, kept, origin, held)


def _pair(
    name: str,
    subject: Subject,
    scope: Scope,
    kept: tuple[PolicyRule, ...],
    origin: Origin,
    held: dict[PolicyRule, list[int]],
) -> Made:
    prefix = "Cluster" if scope is None else ""
    role = Ref(f"{RBAC}/v1", f"{prefix}Role", scope, name)
    binding = Ref(f"{RBAC}/v1", f"{prefix}RoleBinding", scope, name)
    reference = RoleRef(api_group=RBAC, kind=role.kind, name=name)
    return Made(
        Role(ref=role, origin=origin, rules=kept),
        Binding(ref=binding, origin=origin, role_ref=reference, subjects=(subject,)),
        tuple(tuple(held[rule]) for rule in kept),
    )


def _needed(rules: tuple[PolicyRule, ...], wide: tuple[PolicyRule, ...]) -> tuple[PolicyRule, ...]:
    """The rules that neither the subject's rules in the whole cluster nor the others here give already."""
    about: dict[str, list[PolicyRule]] = {}
    for rule in dict.fromkeys((*rules, *wide)):
        for key in _keys(rule):
            about.setdefault(key, []).append(rule)
    dropped: set[PolicyRule] = set()
    for rule in rules:
        near = dict.fromkeys(other for key in (*_keys(rule), ALL) for other in about.get(key, ()))
        others = [other for other in near if (other != rule or other in wide) and other not in dropped]
        if next(uncovered(others, (rule,)), None) is None:
            dropped.add(rule)
    return tuple(rule for rule in rules if rule not in dropped)


def _keys(rule: PolicyRule) -> tuple[str, ...]:
    """What another rule must be about, too, to give some of this one."""
    return ("/",) if rule.non_resource_urls else rule.resources


def _names(subjects: Iterable[Subject]) -> dict[Subject, str]:
    """A name for each subject: readable, and of its own."""
    names: dict[Subject, str] = {}
    for subject in dict.fromkeys(subjects):
        kind = {USER: "user", GROUP: "group", SERVICE_ACCOUNT: "serviceaccount"}[subject.kind or USER]
        full = f"{subject.namespace}-{subject.name}" if subject.namespace else subject.name or ""
        slug = _ODD.sub("-", full.lower()).strip("-")[:_LONGEST_SLUG].rstrip("-")
        name = f"abac-{kind}-{slug}" if slug else f"abac-{kind}"
        exact = slug == full if not subject.namespace else False
        if not exact or name in names.values():
            digest = hashlib.sha256(f"{kind}/{subject.namespace}/{subject.name}".encode()).hexdigest()
            name = f"{name}-{digest[:8]}"
        names[subject] = name
    return names

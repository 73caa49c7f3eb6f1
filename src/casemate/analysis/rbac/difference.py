"""What a change of roles and bindings opens and closes, subject by subject.

Right is compared with right, not object with object: a role that is split, renamed or bound by other bindings
changes nothing. What a subject holds everywhere counts in each namespace. Members of a group are not known,
so that a group's rights are the group's own.
"""

from collections.abc import Iterator, Mapping

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer, Grant
from casemate.analysis.rbac.compact import gathered
from casemate.analysis.rbac.covers import atoms, covers_atom, uncovered
from casemate.analysis.rbac.subject_keys import caller_of, subject_of
from casemate.model.rbac import PolicyRule, Subject

_EVERYWHERE = ""
Held = Mapping[str, tuple[PolicyRule, ...]]


class Change(msgspec.Struct, frozen=True, eq=False):
    """A right that one side has and the other has not, and what gives it there.

    `namespace` is empty where it holds everywhere.
    """

    subject: Subject
    namespace: str
    rule: PolicyRule
    because: tuple[Grant, ...]


def opened(old: Authorizer, new: Authorizer) -> Iterator[Change]:
    """The rights of the new side that the old one does not give; swap the two for what is closed."""
    before, after = old.holdings(), new.holdings()
    for subject in sorted(after):
        held = before.get(subject, {})
        if after[subject] == held:
            continue
        for namespace in sorted(after[subject]):
            for rule in gathered(_added(after[subject], held, namespace)):
                yield Change(subject_of(subject), namespace, rule, _because(new, subject, namespace, rule))


def _added(after: Held, before: Held, namespace: str) -> Iterator[PolicyRule]:
    """The smallest rights in a namespace that neither the old side gives nor the new one everywhere."""
    known = (*before.get(namespace, ()), *before.get(_EVERYWHERE, ()))
    if namespace != _EVERYWHERE:
        known = (*known, *after.get(_EVERYWHERE, ()))
    same = frozenset(known)
    yield from uncovered(known, (rule for rule in after[namespace] if rule not in same and _grants(rule)))


def _because(known: Authorizer, subject: str, namespace: str, right: PolicyRule) -> tuple[Grant, ...]:
    """What gives a right, a part of it at least: each binding and role once."""
    parts = tuple(atoms(right))
    found: dict[tuple[int, int], Grant] = {}
    for grant, rule in known.rules_of(caller_of(subject), namespace or None):
        if any(covers_atom(rule, part) for part in parts):
            found.setdefault((id(grant.binding), id(grant.role)), grant)
    return tuple(found.values())


def _grants(rule: PolicyRule) -> bool:
    return rule.attribute_restrictions is None

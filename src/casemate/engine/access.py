"""Lines of access: who holds which rule, where, through which binding and role; what the pictures draw.

The questions are those of `casemate rights` and `casemate who-can`; the answers are the authorizer's, each
with its whole chain.
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer, Grant
from casemate.analysis.rbac.identity import MASTERS, Identity
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import is_master, key_of, keys_of
from casemate.model.estate import Coverage
from casemate.model.rbac import Binding, PolicyRule, Role, Subject


class Path(msgspec.Struct, frozen=True, eq=False):
    """One line of access: a subject of a binding, the binding, its role, and a rule that this has in effect.

    `subject` is the binding's, as the authorizer sees it: for the rights of a user it may be a group.
    `namespace` is where the rule holds, empty for everywhere. `index` counts the rules of `role` in effect;
    the rule is written as number `source_index` of `source_role`, another one where `role` is aggregated.
    """

    subject: Subject
    namespace: str
    binding: Binding
    role: Role
    rule: PolicyRule
    index: int
    source_role: Role
    source_index: int


class Access(msgspec.Struct, frozen=True, eq=False):
    """The answer to a question about access.

    `unknown` are sentences about what was not read and may add to it; `notes` about what needs no role.
    """

    question: str
    paths: tuple[Path, ...]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def access_of_subject(
    authorizer: Authorizer, who: Identity, question: str, coverage: Coverage | None = None
) -> Access:
    """Every rule that a caller holds, everywhere or in a namespace, what holds everywhere first.

    Without `coverage` nothing is said about kinds that were not read completely.
    """
    mine = frozenset(keys_of(who))
    held = sorted(authorizer.roles_held(who), key=lambda entry: entry[0] != "")
    paths = tuple(
        path
        for namespace, binding, role in held
        for subject in _holders(authorizer, binding)
        if key_of(binding, subject) in mine
        for path in _paths(authorizer, subject, namespace, binding, role)
    )
    missing = tuple(
        without_role(binding) for binding in authorizer.unresolved if _names(authorizer, binding, mine)
    )
    notes = (f"A member of {MASTERS} may do everything, whatever the roles say.",) if is_master(who) else ()
    return Access(question, paths, (*missing, *unread(coverage)), notes)


def access_to(
    authorizer: Authorizer,
    request: Request,
    question: str,
    coverage: Coverage | None = None,
    *,
    anywhere: bool = False,
) -> Access:
    """Every subject of a binding that may do what is asked: each binding, and the first rule of its role.

    `anywhere` asks about every single namespace too, where the request names none.
    """
    everywhere = anywhere and not request.namespace
    seen: set[tuple[Subject, int, int]] = set()
    paths: list[Path] = []
    for subject, grant in authorizer.who_can(request, anywhere=anywhere):
        key = (subject, id(grant.binding), grant.index)
        if key not in seen:
            seen.add(key)
            paths.append(_path(authorizer, subject, grant))
    paths.sort(key=lambda path: path.namespace != "")
    missing = tuple(
        without_role(binding)
        for binding in authorizer.unresolved
        if binding.is_cluster or everywhere or authorizer.namespace_of(binding) == request.namespace
    )
    notes = (f"Members of {MASTERS} may do it too, whatever the roles say.",)
    return Access(question, tuple(paths), (*missing, *unread(coverage)), notes)


def unread(coverage: Coverage | None) -> tuple[str, ...]:
    """That roles or bindings were not read completely, where it is so."""
    kinds = [kind for kind in (*Role.KINDS, *Binding.KINDS) if coverage and not coverage.covers(kind)]
    if not kinds:
        return ()
    words = " and ".join(", ".join(kinds).rsplit(", ", 1))
    return (f"Not every {words} of the cluster is known to have been read: there may be more access.",)


def _path(authorizer: Authorizer, subject: Subject, grant: Grant) -> Path:
    namespace = "" if grant.binding.is_cluster else authorizer.namespace_of(grant.binding)
    source = grant.source
    return Path(
        subject, namespace, grant.binding, grant.role, source.rule, grant.index, source.role, source.index
    )


def _paths(
    authorizer: Authorizer, subject: Subject, namespace: str, binding: Binding, role: Role
) -> Iterator[Path]:
    for index, source in enumerate(authorizer.rules_in_effect(role)):
        rule = source.rule
        if rule.attribute_restrictions is not None or (namespace and not rule.resources):
            continue  # it grants nothing: OpenShift's restrictions, or URLs, which are of no namespace
        yield Path(subject, namespace, binding, role, rule, index, source.role, source.index)


def _holders(authorizer: Authorizer, binding: Binding) -> tuple[Subject, ...]:
    """The subjects of a binding, each once."""
    return tuple(dict.fromkeys(authorizer.holder(binding, subject) for subject in binding.subjects))


def _names(authorizer: Authorizer, binding: Binding, keys: frozenset[str]) -> bool:
    return any(key_of(binding, subject) in keys for subject in _holders(authorizer, binding))


def without_role(binding: Binding) -> str:
    """That a binding gives what was not read."""
    place = f"{binding.ref.kind} {binding.ref}"
    return f"{place} gives {binding.role_kind or 'role'} {binding.role_name}, which was not read."

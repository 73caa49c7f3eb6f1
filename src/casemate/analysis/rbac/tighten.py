"""Narrower roles for subjects of bindings, and the proof that they take away nothing that was used.

For each subject: roles with exactly what was allowed by its own bindings, new bindings to these, and the old
bindings that they replace. Two things are then proven, not assumed: each new rule is covered by the old ones
in the same place (the API server's own check against escalation), and every request that the roles which were
read allowed is allowed by the whole estate as it would be afterwards.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.covers import atoms, uncovered
from casemate.analysis.rbac.holders import Holder
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.narrow import MANY, Narrow, narrowed
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import key_of
from casemate.analysis.rbac.usage import Observer, Usage, Use, Way
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin
from casemate.model.rbac import RBAC, Binding, PolicyRule, Role, RoleRef

_ORIGIN = Origin(Document("casemate rbac tighten"))
_ODD = re.compile(r"[^a-z0-9.-]+")
_LONGEST = 200
Taken = set[tuple[str, str | None, str]]
Objects = tuple[tuple[Role, ...], tuple[Binding, ...]]


class Replaced(msgspec.Struct, frozen=True, eq=False):
    """A binding that no longer names the subject: `rest` is what stays of it, None where nothing does."""

    binding: Binding
    rest: Binding | None


class Proposal(msgspec.Struct, eq=False):
    """What is proposed for one subject.

    `state` says why there is nothing to propose, and is empty where there is. `covered` counts the smallest
    rules proven to be held now, `unproven` are those that cannot be proven since the old role was not read.
    `replayed` counts the distinct requests that are allowed afterwards, `refused` are those that are not,
    `opened` those that were refused before and are allowed afterwards.
    """

    usage: Usage
    narrow: Narrow
    roles: tuple[Role, ...] = ()
    bindings: tuple[Binding, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    state: str = ""
    covered: int = 0
    unproven: tuple[tuple[str, PolicyRule], ...] = ()
    replayed: int = 0
    refused: tuple[Use, ...] = ()
    opened: tuple[Request, ...] = ()


def tighten(
    observer: Observer,
    roles: tuple[Role, ...],
    holders: Iterable[Holder],
    *,
    many: int = MANY,
    complete_reads: bool = False,
) -> tuple[Proposal, ...]:
    """Proposals for subjects, proven against the estate as it would be with all of them in force.

    `roles` are those of the observer's authorizer.
    """
    taken = {(e.ref.kind, e.ref.namespace, e.ref.name or "") for e in (*roles, *observer.authorizer.bindings)}
    found = [
        _proposal(observer.usage_of(holder), taken, many=many, complete_reads=complete_reads)
        for holder in holders
    ]
    after = _after(observer.authorizer, roles, found)
    for proposal in found:
        _replay(proposal, after)
    return tuple(found)


def _proposal(usage: Usage, taken: Taken, *, many: int, complete_reads: bool) -> Proposal:
    held: dict[str, list[PolicyRule]] = {}
    for one in usage.holding.rules:
        held.setdefault(one.namespace, []).append(one.rule)
    needed = [use.request for use in usage.by(Way.OWN, Way.UNREAD)]
    narrow = narrowed(needed, held, many=many, complete_reads=complete_reads)
    state = _state(usage, narrow, held)
    if state:
        return Proposal(usage, narrow, state=state)
    roles, bindings = _objects(usage.holder, narrow.rules, taken)
    proposal = Proposal(usage, narrow, roles, bindings, tuple(_replaced(usage)))
    unproven: list[tuple[str, PolicyRule]] = []
    for namespace, rules in narrow.rules.items():
        missing = list(uncovered(owned(held, namespace), rules))
        unproven += [(namespace, atom) for atom in missing]
        proposal.covered += sum(1 for rule in rules for _ in atoms(rule)) - len(missing)
    proposal.unproven = tuple(unproven)
    return proposal


def owned(held: dict[str, list[PolicyRule]], namespace: str) -> list[PolicyRule]:
    """The rules that hold in a namespace, or in the cluster where it is empty."""
    return [*held.get("", ()), *(held.get(namespace, ()) if namespace else ())]


def _state(usage: Usage, narrow: Narrow, held: dict[str, list[PolicyRule]]) -> str:
    """Why nothing is proposed."""
    if not usage.callers:
        return "nothing is known of what it needs"
    if not usage.holding.bindings and not narrow.rules:
        return "no binding of its own gives it anything"
    used = {place: list(rules) for place, rules in narrow.rules.items()}
    wide = any(next(uncovered(owned(used, place), rules), None) for place, rules in held.items())
    if not wide and not usage.by(Way.UNREAD):
        return "it holds nothing that it does not use"
    return ""


def _objects(holder: Holder, rules: dict[str, tuple[PolicyRule, ...]], taken: Taken) -> Objects:
    """Roles and bindings; namespaces with the same rules share a ClusterRole, bound in each of them."""
    base = _base(holder)
    places: dict[tuple[PolicyRule, ...], list[str]] = {}
    for namespace, given in rules.items():
        if namespace:
            places.setdefault(given, []).append(namespace)
    made: list[tuple[Role, list[str]]] = []
    if "" in rules:
        made.append((_role(None, base, rules[""], taken, [""]), [""]))
    for given, namespaces in places.items():
        if len(namespaces) > 1:
            role = _role(None, f"{base}-in-namespaces", given, taken, namespaces)
        else:
            role = _role(namespaces[0], base, given, taken, namespaces)
        made.append((role, namespaces))
    return (
        tuple(role for role, _ in made),
        tuple(_binding(role, namespace, holder) for role, namespaces in made for namespace in namespaces),
    )


def _role(
    namespace: str | None, base: str, rules: tuple[PolicyRule, ...], taken: Taken, bound: list[str]
) -> Role:
    """A role under a name that neither a role nor a binding in the places where it is bound has."""
    kind = "Role" if namespace else "ClusterRole"
    name, number = base, 1
    while not taken.isdisjoint(own := {(kind, namespace, name), *(_place(place, name) for place in bound)}):
        number += 1
        name = f"{base}-{number}"
    taken.update(own)
    return Role(ref=Ref(f"{RBAC}/v1", kind, namespace, name), origin=_ORIGIN, rules=rules)


def _place(namespace: str, name: str) -> tuple[str, str | None, str]:
    """The identity of a binding."""
    return ("RoleBinding", namespace, name) if namespace else ("ClusterRoleBinding", None, name)


def _binding(role: Role, namespace: str, holder: Holder) -> Binding:
    name = role.ref.name or ""
    kind, place, _ = _place(namespace, name)
    return Binding(
        ref=Ref(f"{RBAC}/v1", kind, place, name),
        origin=_ORIGIN,
        role_ref=RoleRef(api_group=RBAC, kind=role.ref.kind, name=name),
        subjects=(holder.subject,),
    )


def _base(holder: Holder) -> str:
    """A name for objects that says whose they are."""
    account = holder.account
    words = f"{account[0]}-{account[1]}" if account is not None else f"{holder.kind}-{holder.name}"
    return f"{_ODD.sub('-', words.lower()).strip('-.')[:_LONGEST]}-tightened"


def _replaced(usage: Usage) -> Iterator[Replaced]:
    for binding in usage.holding.bindings:
        others = tuple(s for s in binding.subjects if key_of(binding, s) != usage.holder.key)
        rest = msgspec.structs.replace(binding, subjects=others) if others else None
        yield Replaced(binding, rest)


def _after(authorizer: Authorizer, roles: tuple[Role, ...], found: Iterable[Proposal]) -> Authorizer:
    """The estate with all proposals in force."""
    gone: dict[int, set[str]] = {}
    added_roles: list[Role] = []
    added: list[Binding] = []
    for proposal in found:
        added_roles += proposal.roles
        added += proposal.bindings
        for one in proposal.replaced:
            gone.setdefault(id(one.binding), set()).add(proposal.usage.holder.key)
    kept = [
        binding
        if id(binding) not in gone
        else msgspec.structs.replace(
            binding,
            subjects=tuple(s for s in binding.subjects if key_of(binding, s) not in gone[id(binding)]),
        )
        for binding in authorizer.bindings
    ]
    return Authorizer((*roles, *added_roles), (*kept, *added))


def _replay(proposal: Proposal, after: Authorizer) -> None:
    """Ask the estate as it would be for each request that was allowed, and for each that was refused."""
    refused: list[Use] = []
    for use in proposal.usage.by(Way.OWN, Way.UNREAD, Way.DEFAULT, Way.OTHER):
        if after.decide(Identity.of(use.caller.user, use.caller.groups), use.request) is not None:
            proposal.replayed += 1
        else:
            refused.append(use)
    proposal.refused = tuple(refused)
    if not proposal.usage.denied:
        return
    alone = Authorizer(proposal.roles, proposal.bindings)
    allowed = {use.request for use in proposal.usage.uses}
    holder = Identity(proposal.usage.holder.name)
    proposal.opened = tuple(
        request
        for request, _ in proposal.usage.denied
        if request not in allowed and alone.decide(holder, request) is not None
    )

"""What a subject of bindings used of what its bindings grant, as audit logs show it.

A request counts for a binding's subject where the binding's own rules allow it: for a user or service account
its own requests, for a group those of its members that nothing allows which is meant for fewer people (their
own bindings; for groups of everybody, those of ordinary groups too). What is allowed by other ways is told
apart, since no role of this subject is needed for it: the default bindings of Kubernetes, those of others,
what is outside RBAC.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go (the reason that is
logged) and apiserver pkg/endpoints/filters/authorization.go of Kubernetes.
"""

import enum
from collections.abc import Callable, Iterator

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer, Grant
from casemate.analysis.rbac.compact import gathered
from casemate.analysis.rbac.covers import atoms
from casemate.analysis.rbac.holders import BindingsByHolder, HeldRule, Holder, HolderRules, Matcher
from casemate.analysis.rbac.identity import AUTHENTICATED, SERVICE_ACCOUNTS, UNAUTHENTICATED, Identity
from casemate.analysis.rbac.rules import ALL, Request, allows
from casemate.analysis.rbac.subject_keys import is_master, keys_of
from casemate.model.audit import Activity, Call, Caller, Outcome, Seen
from casemate.model.rbac import GROUP, Binding, PolicyRule

_NODES, _NODE = "system:nodes", "system:node:"
_BY_RBAC = "RBAC: allowed by "


class Way(enum.Enum):
    """How a request was allowed."""

    OWN = "by bindings of the subject"
    UNREAD = "by roles that were not read"
    DEFAULT = "by what Kubernetes gives by itself"
    OTHER = "by bindings of groups that the subject is in"
    OTHER_UNREAD = "by bindings of others, which were not read"
    MASTERS = "as a member of system:masters, whom no role limits"
    OUTSIDE = "outside RBAC"


class Use(msgspec.Struct, eq=False):
    """A distinct request that was allowed, how, and through what where that is not the subject's binding."""

    caller: Caller
    request: Request
    seen: Seen
    way: Way
    through: str = ""


class Unused(msgspec.Struct, frozen=True, eq=False):
    """What of one rule was not used; `whole` where none of it was.

    `wild` is what was used of it and says more than can be used, by a wildcard; `requests` counts how many
    distinct requests used the rule, whatever their names and namespaces.
    """

    held: HeldRule
    rules: tuple[PolicyRule, ...]
    wild: tuple[PolicyRule, ...] = ()
    whole: bool = False
    requests: int = 0


class Usage(msgspec.Struct, eq=False):
    """What is known of one subject: what it holds, what it did, and what it was refused."""

    holder: Holder
    holding: HolderRules
    uses: tuple[Use, ...]
    denied: tuple[tuple[Request, Seen], ...]
    undecided: tuple[tuple[Request, Seen], ...]
    unused: tuple[Unused, ...]
    callers: tuple[Caller, ...]

    def by(self, *ways: Way) -> tuple[Use, ...]:
        """The requests that were allowed in any of these ways."""
        return tuple(use for use in self.uses if use.way in ways)

    @property
    def members(self) -> tuple[str, ...]:
        """Who was seen, by name."""
        return tuple(sorted({caller.user for caller in self.callers}))

    @property
    def window(self) -> Seen:
        """How many requests count for the subject, the first and the last of them."""
        found = Seen()
        for use in self.uses:
            found.merge(use.seen)
        for _, seen in (*self.denied, *self.undecided):
            found.merge(seen)
        return found


class Observer:
    """Tells usage for one subject after the other; `is_default` says which grants Kubernetes itself keeps."""

    def __init__(
        self,
        activity: Activity,
        authorizer: Authorizer,
        holdings: BindingsByHolder,
        is_default: Callable[[Binding], bool],
    ) -> None:
        self.activity = activity
        self.authorizer = authorizer
        self.holdings = holdings
        self._is_default = is_default
        self._callers: dict[str, list[Caller]] = {}
        seen = dict.fromkeys(caller for outcome in Outcome for caller in activity.callers(outcome))
        for caller in seen:
            for key in dict.fromkeys(keys_of(_identity(caller))):
                self._callers.setdefault(key, []).append(caller)

    def users(self) -> tuple[str, ...]:
        """Everybody who was seen, by name."""
        return self.activity.users()

    def usage_of(self, holder: Holder) -> Usage:
        """What one subject used."""
        callers = tuple(self._callers.get(holder.key, ()))
        holding = self.holdings.of(holder)
        matcher = Matcher(holding.rules)
        uses = [
            use
            for caller in callers
            for call, seen in self.activity.callers().get(caller, {}).items()
            if (use := self._use(holder, caller, call, seen, matcher)) is not None
        ]
        return Usage(
            holder=holder,
            holding=holding,
            uses=tuple(sorted(uses, key=lambda use: (use.caller, msgspec.structs.astuple(use.request)))),
            denied=self._ended(holder, callers, Outcome.DENIED),
            undecided=self._ended(holder, callers, Outcome.UNDECIDED),
            unused=tuple(
                _unused(holding.rules, matcher, [use.request for use in uses if use.way is Way.OWN])
            ),
            callers=callers,
        )

    def _use(self, holder: Holder, caller: Caller, call: Call, seen: Seen, matcher: Matcher) -> Use | None:
        """How a request was allowed; None where a member of a group did it by other ways."""
        request = request_of(call)
        if is_master(_identity(caller)):
            way, through = Way.MASTERS, ""
        else:
            way, through = self._way(caller, request, seen, holder, matcher)
        if holder.kind == GROUP and way not in {Way.OWN, Way.UNREAD}:
            return None
        return Use(caller, request, seen, way, through)

    def _way(
        self, caller: Caller, request: Request, seen: Seen, holder: Holder, matcher: Matcher
    ) -> tuple[Way, str]:
        who = _identity(caller)
        grants = list(self.authorizer.reasons(who, request))
        default = next((grant for grant in grants if self._is_default(grant.binding)), None)
        if default is not None:
            return Way.DEFAULT, _words(default)
        if next(matcher.allowing(request), None) is not None:
            closer = _closer(who, holder)
            if closer is None or self.authorizer.decide(closer, request) is None:
                return Way.OWN, ""
        if grants:
            return Way.OTHER, _words(grants[0])
        return _logged(caller, seen, holder)

    def _ended(
        self, holder: Holder, callers: tuple[Caller, ...], outcome: Outcome
    ) -> tuple[tuple[Request, Seen], ...]:
        """The requests that ended so; those of a group's members are told for each member alone."""
        if holder.kind == GROUP:
            return ()
        found: dict[Request, Seen] = {}
        for caller in callers:
            for call, seen in self.activity.callers(outcome).get(caller, {}).items():
                found.setdefault(request_of(call), Seen()).merge(seen)
        return tuple(sorted(found.items(), key=lambda item: msgspec.structs.astuple(item[0])))


def request_of(call: Call) -> Request:
    """What was asked, as the authorizer takes it."""
    return Request(
        call.verb, call.group, call.resource, call.subresource, call.name, call.path, call.namespace
    )


def _identity(caller: Caller) -> Identity:
    return Identity.of(caller.user, caller.groups)


def _closer(who: Identity, holder: Holder) -> Identity | None:
    """The caller as far as it is meant more closely than by the holder; None for a user."""
    if holder.kind != GROUP:
        return None
    rank = _rank(holder.name)
    return Identity(who.user, tuple(group for group in who.groups if _rank(group) < rank))


def _rank(group: str) -> int:
    """How many people a group stands for, in steps."""
    if group in {AUTHENTICATED, UNAUTHENTICATED}:
        return 4
    if group == SERVICE_ACCOUNTS:
        return 3
    return 2 if group.startswith(f"{SERVICE_ACCOUNTS}:") else 1


def _words(grant: Grant) -> str:
    return f"{grant.binding.ref.kind} {grant.binding.ref}"


def _logged(caller: Caller, seen: Seen, holder: Holder) -> tuple[Way, str]:
    """How a request was allowed that no role which was read allows, by what the server logged."""
    logged = [reason for reason in seen.reasons if reason is not None]
    by_rbac = [reason for reason in logged if reason.startswith(_BY_RBAC)]
    if by_rbac:
        own = next((reason for reason in by_rbac if _names(reason, holder)), None)
        if own is not None:
            return Way.UNREAD, own.removeprefix(_BY_RBAC)
        return Way.OTHER_UNREAD, by_rbac[0].removeprefix(_BY_RBAC)
    if not logged:
        return (Way.OTHER_UNREAD if holder.kind == GROUP else Way.UNREAD), "the log does not say by what"
    if caller.user.startswith(_NODE) and _NODES in caller.groups:
        return Way.OUTSIDE, "the Node authorizer"
    if any(logged):
        return Way.OUTSIDE, f"an authorizer that says: {next(filter(None, logged))}"
    return Way.OUTSIDE, "an authorizer that gives no reason, as ABAC and AlwaysAllow"


def _names(reason: str, holder: Holder) -> bool:
    """Whether a logged reason ends with the holder: ServiceAccount "name/namespace", User "name"."""
    account = holder.account
    subjects = [f'{holder.kind} "{holder.name}"']
    if account is not None:
        subjects.append(f'ServiceAccount "{account[1]}/{account[0]}"')
    return any(reason.endswith(f" to {subject}") for subject in subjects)


def _unused(held: tuple[HeldRule, ...], matcher: Matcher, used: list[Request]) -> Iterator[Unused]:
    """The rules of which something was not used: the atoms that allow none of the requests."""
    of_rule: dict[int, dict[Request, None]] = {}
    for request in dict.fromkeys(used):
        for number in matcher.allowing(request):
            named = bool(held[number].rule.resource_names)
            kept = request if named else msgspec.structs.replace(request, name="")
            of_rule.setdefault(number, {})[msgspec.structs.replace(kept, namespace="")] = None
    for number, one in enumerate(held):
        requests = of_rule.get(number, {})
        if not requests:
            yield Unused(one, gathered((one.rule,)), whole=True)
            continue
        idle: list[PolicyRule] = []
        wild: list[PolicyRule] = []
        for atom in atoms(one.rule):
            if not any(allows(atom, request) for request in requests):
                idle.append(atom)
            elif _is_wild(atom):
                wild.append(atom)
        if idle or wild:
            yield Unused(one, gathered(idle), gathered(wild), requests=len(requests))


def _is_wild(atom: PolicyRule) -> bool:
    resources = (*atom.verbs, *atom.api_groups, *(text.partition("/")[0] for text in atom.resources))
    return ALL in resources or any(url.endswith(ALL) for url in atom.non_resource_urls)

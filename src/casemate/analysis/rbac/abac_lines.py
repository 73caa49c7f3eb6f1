"""What one line of an ABAC policy file means in RBAC: subjects, scope and rules; and what RBAC cannot say.

Source: pkg/auth/authorizer/abac/abac.go, pkg/apis/rbac/validation and, for requests whose namespace is not
that of their object, pkg/registry/rbac/escalation_check.go and plugin/pkg/admission/gc of Kubernetes.
"""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from casemate.analysis.rbac.api_resources import READING, USUAL, ApiResource
from casemate.analysis.rbac.identity import AUTHENTICATED, MASTERS, UNAUTHENTICATED, Identity, account_of
from casemate.analysis.rbac.rules import Request
from casemate.model.abac import ALL, Policy
from casemate.model.rbac import GROUP, RBAC, SERVICE_ACCOUNT, USER, PolicyRule, Subject

FINALIZERS = "finalizers"
"""A subresource that no API serves: who makes an object the owner of another may be asked for it."""
OF_CUSTOM_RESOURCES = ("status", "scale")
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_OUTSIDE = {
    ("", "namespaces"): ("create", "list", "watch"),
    (RBAC, "clusterroles"): (*USUAL, "escalate"),
    ("policy", "podsecuritypolicies"): USUAL,
    ("extensions", "podsecuritypolicies"): USUAL,
}
"""Verbs whose requests about what is in no namespace carry none.

A request about one namespace carries its name; `bind` carries the namespace of the binding, and `use` that of
the pod.
"""

_ENTERED = (("pods", "exec"), ("pods", "attach"), ("nodes", "proxy"))
"""What a get can run commands by: through a WebSocket, for pods up to Kubernetes 1.34."""

Scope = str | None
"""A namespace, or None for the whole cluster."""


class Part(msgspec.Struct, frozen=True):
    """Rules that some subjects hold in one scope."""

    subjects: tuple[Subject, ...]
    scope: Scope
    rules: tuple[PolicyRule, ...]


class About(enum.Enum):
    """Which resources a refusal is about."""

    ALL = "all"
    INSIDE = "in namespaces"
    OUTSIDE = "in no namespace"
    UNKNOWN = "not served by Kubernetes"


class Refusal(msgspec.Struct, frozen=True):
    """Why RBAC cannot say a line, or which requests of it: those with these verbs, of these resources.

    Without verbs it is about all.
    """

    reason: str
    about: About = About.ALL
    verbs: tuple[str, ...] = ()

    def explains(self, request: Request, namespaced: Mapping[tuple[str, str], bool]) -> bool:
        """Whether RBAC denies such a request for this reason; `namespaced` holds the resources served."""
        if self.verbs and request.verb not in self.verbs:
            return False
        if self.about is About.ALL:
            return True
        inside = namespaced.get((request.group, request.resource))
        if self.about is About.UNKNOWN:
            return inside is None
        return inside is (self.about is About.INSIDE)


class LineParts(msgspec.Struct, frozen=True):
    """What a line becomes; why parts of it become nothing; and what to know about it."""

    parts: tuple[Part, ...]
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


def parts_of(policy: Policy, known: Sequence[ApiResource]) -> LineParts:
    """The parts of a line; `known` are the resources that the API serves."""
    notes = list(_notes_of_text(policy))
    subjects = subjects_of(policy)
    if subjects is None:
        reason = (
            f"user {policy.user} only while in group {policy.group}: subjects of a binding are alternatives"
        )
        return LineParts((), (Refusal(reason),), tuple(notes))
    if not subjects:
        return LineParts((), (), (*notes, "names neither user nor group, so it matches nobody"))
    parts = []
    refused: list[Refusal] = []
    if policy.non_resource_path:
        rule = PolicyRule(verbs=_verbs(policy), non_resource_urls=(policy.non_resource_path,))
        parts.append(Part(subjects, None, (rule,)))
    nothing = _asks_for_nothing(policy)
    if nothing is None:
        parts += _resource_parts(policy, subjects, known, refused, notes)
    elif nothing or not parts:
        notes.append(nothing or "names neither resource nor nonResourcePath, so it grants nothing")
    return LineParts(tuple(parts), tuple(refused), tuple(notes))


def subjects_of(policy: Policy) -> tuple[Subject, ...] | None:
    """Who a line is about; empty where nobody is, None where RBAC has no such subject."""
    user, group = policy.user, policy.group
    if user not in {"", ALL} and group not in {"", ALL}:
        return (_subject(user),) if group in Identity.of(user).groups else None
    if user not in {"", ALL}:
        return (_subject(user),)
    if group not in {"", ALL}:
        return (Subject(kind=GROUP, name=group),)
    if ALL in {user, group}:
        return (Subject(kind=GROUP, name=AUTHENTICATED), Subject(kind=GROUP, name=UNAUTHENTICATED))
    return ()


def _subject(user: str) -> Subject:
    account = account_of(user)
    if account is None:
        return Subject(kind=USER, name=user)
    return Subject(kind=SERVICE_ACCOUNT, namespace=account[0], name=account[1])


def _notes_of_text(policy: Policy) -> Iterator[str]:
    stated = {policy.stated_user, policy.stated_group}
    if ALL in stated and policy.group == AUTHENTICATED:
        other = next((name for name in sorted(stated) if name not in {"", ALL}), None)
        lost = f", and {other} does not count" if other else ""
        yield f"* is everybody who has logged in, not system:unauthenticated{lost}"
    if policy.ignored:
        yield f"the API server reads over {', '.join(policy.ignored)}, so nothing is narrowed by it"
    if policy.group == MASTERS:
        yield f"{MASTERS} may do everything without ABAC and without RBAC"
    elif _grants_everything(policy):
        yield "everybody who has logged in may do everything, every service account included"


def _grants_everything(policy: Policy) -> bool:
    everywhere = {policy.namespace, policy.resource, policy.api_group} == {ALL}
    return policy.group == AUTHENTICATED and policy.user == "" and everywhere and not policy.readonly


def _notes_of_reading(policy: Policy, matching: list[ApiResource]) -> Iterator[str]:
    """What can be read and is more than reading."""
    names = {item.name for item in matching if not item.group and (policy.namespace or not item.namespaced)}
    entered = [f"{pods}/{name}" for pods, name in _ENTERED if f"{pods}/{name}" in names]
    if policy.readonly and entered:
        yield f"reading includes get on {', '.join(entered)}, by which one can run commands"


def _asks_for_nothing(policy: Policy) -> str | None:
    """Why no request about a resource matches; empty where the line is not about resources at all."""
    if not policy.resource:
        return f"namespace {policy.namespace} has no resource beside it" if policy.namespace else ""
    if "/" in policy.resource:
        return f"no request is for a resource {policy.resource}: ABAC compares without the subresource"
    if "/" in policy.api_group:
        group = policy.api_group.partition("/")[0]
        return f"no request is for an API group {policy.api_group}: {group} without a version is one"
    return None


def _resource_parts(
    policy: Policy,
    subjects: tuple[Subject, ...],
    known: Sequence[ApiResource],
    refused: list[Refusal],
    notes: list[str],
) -> Iterator[Part]:
    matching = [item for item in known if _is_meant(policy, item)]
    notes += _notes_of_reading(policy, matching)
    if not policy.namespace:
        rules = tuple(_outside(policy, matching, refused))
        if rules:
            yield Part(subjects, None, rules)
        return
    if policy.namespace != ALL and not _NAMESPACE.match(policy.namespace):
        refused.append(Refusal(f"no namespace can be named {policy.namespace}, so nothing can be in it"))
        return
    scope = None if policy.namespace == ALL else policy.namespace
    names: tuple[str, ...] = (ALL,)
    if policy.resource != ALL:
        custom = () if matching and policy.api_group != ALL else _custom(policy)
        names = tuple(_with_finalizers(policy, (*matching, *custom)))
        refused += _userextras(policy)
        if not matching:
            notes.append(_unknown(policy, known))
        elif scope and policy.resource != "namespaces" and not any(item.namespaced for item in matching):
            notes.append(f"{policy.resource} are in no namespace, so requests in {scope} hardly exist")
    yield Part(
        subjects,
        scope,
        (PolicyRule(verbs=_verbs(policy), api_groups=(policy.api_group,), resources=names),),
    )


def _outside(policy: Policy, matching: list[ApiResource], refused: list[Refusal]) -> Iterator[PolicyRule]:
    """Rules for requests without a namespace, about what is in none."""
    groups: dict[str, list[ApiResource]] = {}
    for item in matching:
        special = _OUTSIDE.get((item.group, item.parent))
        if item.namespaced:
            continue
        if special is None:
            groups.setdefault(item.group, []).append(item)
        elif not item.subresource:
            held = special if not policy.readonly else tuple(verb for verb in special if verb in READING)
            yield PolicyRule(verbs=held, api_groups=(item.group,), resources=(item.name,))
            if not policy.readonly:
                owned = (f"{item.name}/{FINALIZERS}",)
                yield PolicyRule(verbs=("update",), api_groups=(item.group,), resources=owned)
    for group, items in groups.items():
        names = tuple(_with_finalizers(policy, items))
        yield PolicyRule(verbs=_verbs(policy), api_groups=(group,), resources=names)
    refused += _refused_outside(policy, matching)


def _refused_outside(policy: Policy, matching: list[ApiResource]) -> Iterator[Refusal]:
    everything = policy.resource == ALL
    both = "and not in each namespace: a ClusterRole that grants the one grants the other"
    if any(item.namespaced for item in matching):
        what = "objects" if everything else policy.resource
        yield Refusal(
            f"to list and watch {what} of all namespaces at once {both}", About.INSIDE, ("list", "watch")
        )
    for verb, resource, whose in (
        ("bind", "clusterroles", "in the whole cluster"),
        ("use", "podsecuritypolicies", "for pods without a namespace"),
    ):
        if not policy.readonly and any(
            item.name == resource and (item.group, item.name) in _OUTSIDE for item in matching
        ):
            yield Refusal(f"to {verb} {resource} {whose} {both}", About.OUTSIDE, (verb,))
    if everything:
        yield Refusal("what is in no namespace of custom resources: name what serves them", About.UNKNOWN)
    elif matching and policy.api_group == ALL:
        yield Refusal(f"{policy.resource} of custom resources in no namespace: name them", About.UNKNOWN)
    elif not matching:
        yield Refusal(f"whether {policy.resource} are in namespaces is not known: name what serves them")
    yield from _userextras(policy)


def _custom(policy: Policy) -> tuple[ApiResource, ...]:
    """A custom resource of that name, which a line about all groups means beside those of Kubernetes."""
    whole = ApiResource(policy.api_group, policy.resource, namespaced=True, verbs=USUAL)
    parts = (msgspec.structs.replace(whole, name=f"{whole.name}/{name}") for name in OF_CUSTOM_RESOURCES)
    return (whole, *parts)


def _with_finalizers(policy: Policy, items: Iterable[ApiResource]) -> list[str]:
    """The names in order; with what is asked of who makes such an object the owner of another."""
    found = {item.name for item in items}
    if not policy.readonly:
        found |= {f"{item.name}/{FINALIZERS}" for item in items if _can_own(item)}
    return sorted(found)


def _can_own(item: ApiResource) -> bool:
    return not item.subresource and "update" in item.verbs


def _is_meant(policy: Policy, item: ApiResource) -> bool:
    return policy.resource in {ALL, item.parent} and policy.api_group in {ALL, item.group}


def _unknown(policy: Policy, known: Sequence[ApiResource]) -> str:
    elsewhere = sorted({item.group or "the core group" for item in known if item.name == policy.resource})
    if elsewhere:
        asked = policy.api_group or "the core group"
        return f"{policy.resource} are not in {asked} but in {', '.join(elsewhere)}"
    return (
        f"{policy.resource} are no resource of Kubernetes itself: their subresources are taken to be "
        f"those of a custom resource, {' and '.join(OF_CUSTOM_RESOURCES)}"
    )


def _userextras(policy: Policy) -> Iterator[Refusal]:
    """Each key of what is impersonated is a subresource, and any text can be a key."""
    if policy.resource == "userextras" and not policy.readonly:
        reason = "the keys of userextras are subresources: add a rule for each userextras/KEY that is used"
        yield Refusal(reason, About.OUTSIDE, ("impersonate",))


def _verbs(policy: Policy) -> tuple[str, ...]:
    return READING if policy.readonly else (ALL,)

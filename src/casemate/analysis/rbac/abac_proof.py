"""Whether roles and bindings answer as the ABAC policies that they come from, request by request.

Asked is every caller that a line is about (and one of its own, one without a login, and one that no line
names), with every verb of every resource and subresource that the API serves, in every namespace that a line
of that caller names and in one that none names, and without a namespace where such requests exist.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from casemate.analysis.rbac.abac import AbacAuthorizer
from casemate.analysis.rbac.abac_conversion import Conversion, Inexpressible
from casemate.analysis.rbac.abac_lines import FINALIZERS
from casemate.analysis.rbac.api_resources import USUAL, ApiResource
from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import ANONYMOUS, UNAUTHENTICATED, Identity
from casemate.analysis.rbac.rules import Request
from casemate.model.abac import ALL, Policy

ELSEWHERE = "another-namespace"
SOMEBODY = "somebody"
_CUSTOM = "custom.example"
_PATHS = (
    "/",
    "/api",
    "/apis/apps",
    "/healthz",
    "/livez/ping",
    "/metrics",
    "/openapi/v2",
    "/version",
    "/logs/a",
)
_METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
_IN_NAMESPACES = {"bind", "use"}
"""Verbs of cluster-wide objects that are also asked about in a namespace."""


class Difference(msgspec.Struct, frozen=True):
    """A request that the two answer differently; `policy` is the line, None where ABAC does not allow it."""

    who: Identity
    request: Request
    policy: Policy | None


class Proof(msgspec.Struct, frozen=True):
    """How many requests of how many callers were asked, how many are allowed, and what differs.

    `named` differs by lines that are named as inexpressible, `differences` by none of them.
    """

    callers: int
    requests: int
    allowed: int
    named: tuple[Difference, ...]
    differences: tuple[Difference, ...]


class _Refused:
    """The lines that RBAC cannot say, and which of their requests are meant."""

    def __init__(self, items: Iterable[Inexpressible], resources: Iterable[ApiResource]) -> None:
        self._namespaced = {(item.group, item.name): item.namespaced for item in resources}
        self._lines = [(AbacAuthorizer((item.policy,)), item.refusal) for item in items]

    def line_for(self, who: Identity, request: Request) -> Policy | None:
        """The named line that allows a request which RBAC denies; None where none does."""
        for authorizer, refusal in self._lines:
            if refusal.explains(request, self._namespaced):
                policy = authorizer.decide(who.user, who.groups, request)
                if policy is not None:
                    return policy
        return None


def prove(conversion: Conversion, resources: Sequence[ApiResource]) -> Proof:
    """Ask both about each request."""
    abac = AbacAuthorizer(conversion.policies)
    refused = _Refused(conversion.inexpressible, resources)
    rbac = Authorizer((made.role for made in conversion.made), (made.binding for made in conversion.made))
    served = (*resources, *_customs(conversion.policies, resources))
    callers = _callers(conversion.policies)
    asked = allowed = 0
    named: list[Difference] = []
    differences: list[Difference] = []

    @lru_cache(maxsize=4096)
    def requests(namespace: str) -> tuple[Request, ...]:
        return tuple(_resource_requests(served, namespace))

    urls = tuple(_url_requests(conversion.policies))
    for who, namespaces in callers.items():
        for request in (*(item for place in namespaces for item in requests(place)), *urls):
            policy = abac.decide(who.user, who.groups, request)
            asked += 1
            allowed += policy is not None
            if (policy is None) == (rbac.decide(who, request) is None):
                continue
            line = refused.line_for(who, request)
            (differences if line is None else named).append(Difference(who, request, line or policy))
    return Proof(len(callers), asked, allowed, tuple(named), tuple(differences))


def _callers(policies: Iterable[Policy]) -> dict[Identity, tuple[str, ...]]:
    """Callers, and the namespaces to ask each about: none, one that no line names, and those of its lines."""
    found: dict[Identity, dict[str, None]] = {}
    everybody = dict.fromkeys(("", ELSEWHERE))
    for who in (Identity.of(SOMEBODY), Identity.of(ANONYMOUS)):
        found[who] = dict(everybody)
    for policy in policies:
        for who in _callers_of(policy):
            found.setdefault(who, dict(everybody))[policy.namespace.replace(ALL, "")] = None
    return {who: tuple(namespaces) for who, namespaces in found.items()}


def _callers_of(policy: Policy) -> Iterator[Identity]:
    user = policy.user if policy.user not in {"", ALL} else SOMEBODY
    group = (policy.group,) if policy.group not in {"", ALL} else ()
    if group == (UNAUTHENTICATED,) and user == SOMEBODY:
        user = ANONYMOUS
    yield Identity.of(user, group)
    if group and user != SOMEBODY:
        yield Identity.of(user)
        yield Identity.of(SOMEBODY, group)


def _resource_requests(resources: Iterable[ApiResource], namespace: str) -> Iterator[Request]:
    for item in resources:
        for verb in item.verbs:
            if _exists(item, verb, namespace):
                yield _request(item, verb, item.subresource, namespace)
        if not item.subresource and "update" in item.verbs and item.namespaced == bool(namespace):  # an owner
            yield _request(item, "update", FINALIZERS, namespace)


def _request(item: ApiResource, verb: str, subresource: str, namespace: str) -> Request:
    name = "" if verb in {"create", "list", "watch", "deletecollection"} and not subresource else "a"
    if item.parent == "namespaces" and name:
        name = namespace
    return Request(
        verb=verb,
        group=item.group,
        resource=item.parent,
        subresource=subresource,
        name=name,
        namespace=namespace,
    )


def _exists(item: ApiResource, verb: str, namespace: str) -> bool:
    """Whether the API server is asked so: with a namespace, or without one."""
    if item.namespaced:
        return bool(namespace) or (verb in {"list", "watch"} and not item.subresource)
    if item.parent == "namespaces" and not item.group:
        return bool(namespace) == (bool(item.subresource) or verb not in {"create", "list", "watch"})
    return not namespace or verb in _IN_NAMESPACES


def _customs(policies: Iterable[Policy], resources: Iterable[ApiResource]) -> Iterator[ApiResource]:
    """Custom resources that stand for those the cluster may have, and those that lines name."""
    known = {(item.group, item.name) for item in resources}
    names = {(_CUSTOM, "things", True), (_CUSTOM, "wholes", False)}
    for policy in policies:
        if policy.resource not in {"", ALL} and "/" not in policy.resource:
            group = _CUSTOM if policy.api_group == ALL else policy.api_group
            if (group, policy.resource) not in known and "/" not in group:
                names.add((group, policy.resource, True))
    for group, name, namespaced in sorted(names):
        yield ApiResource(group, name, namespaced, USUAL)
        yield ApiResource(group, f"{name}/status", namespaced, ("get", "patch", "update"))


def _url_requests(policies: Iterable[Policy]) -> Iterator[Request]:
    paths = dict.fromkeys(_PATHS)
    for policy in policies:
        path = policy.non_resource_path.rstrip(ALL)
        for asked in (path, f"{path}a", f"{path}/a", path.rstrip("/")):
            if asked.startswith("/"):
                paths[asked] = None
    for path in paths:
        for method in _METHODS:
            yield Request(verb=method, path=path)

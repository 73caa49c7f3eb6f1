"""Who may do what by an ABAC policy file: the API server's ABAC authorizer.

Each line is asked by itself and the first that allows decides. The user and the group of a line must both
match where it has both. Resources match without their subresources, so that `pods` grants `pods/exec`; a line
is about resources and, by its nonResourcePath, about URLs. The system:masters group has no part in it.

Source: pkg/auth/authorizer/abac/abac.go of Kubernetes; it is the same from 1.16 to 1.37.
"""

from collections.abc import Iterable, Sequence

from casemate.analysis.rbac.rules import Request, url_matches
from casemate.model.abac import ALL, Policy

READING = frozenset({"get", "list", "watch"})

_Subject = tuple[str, str]
_ANYBODY = ("", ALL)


class AbacAuthorizer:
    """Answers requests from policies; held by subject and resource, so that most are never looked at."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """The policies in the order of the file."""
        self.policies = tuple(policies)
        self._resources: dict[tuple[_Subject, str], list[int]] = {}
        self._paths: dict[_Subject, list[int]] = {}
        for number, policy in enumerate(self.policies):
            subject = _subject(policy)
            if subject is not None:
                self._resources.setdefault((subject, policy.resource), []).append(number)
                self._paths.setdefault(subject, []).append(number)

    def decide(self, user: str, groups: Sequence[str], request: Request) -> Policy | None:
        """The first line that allows a request of a user in these groups, implicit ones included."""
        best = len(self.policies)
        subjects = (("user", user), *(("group", group) for group in groups), _ANYBODY)
        if request.is_resource:
            for subject in subjects:
                for resource in (request.resource, ALL):
                    for number in self._resources.get((subject, resource), ()):
                        if number >= best:
                            break
                        if self._holds(number, groups, request) and _in_place(self.policies[number], request):
                            best = number
                            break
        else:
            for subject in subjects:
                for number in self._paths.get(subject, ()):
                    if number >= best:
                        break
                    path = self.policies[number].non_resource_path
                    if self._holds(number, groups, request) and url_matches(path, request.path):
                        best = number
                        break
        return self.policies[best] if best < len(self.policies) else None

    def _holds(self, number: int, groups: Sequence[str], request: Request) -> bool:
        """Whether the verb is granted, and whether the line's second condition on the caller is met."""
        policy = self.policies[number]
        if policy.readonly and request.verb not in READING:
            return False
        return policy.group in {"", ALL} or policy.group in groups


def authorize(
    policies: Sequence[Policy], user: str, groups: Sequence[str], request: Request
) -> Policy | None:
    """The first line that allows one request; for many requests keep an `AbacAuthorizer`."""
    return AbacAuthorizer(policies).decide(user, groups, request)


def _subject(policy: Policy) -> _Subject | None:
    """What a caller must at least be; None where no caller matches. `*` is anybody, without a login too."""
    if policy.user and policy.user != ALL:
        return ("user", policy.user)
    if policy.group and policy.group != ALL:
        return ("group", policy.group)
    return _ANYBODY if ALL in {policy.user, policy.group} else None


def _in_place(policy: Policy, request: Request) -> bool:
    return policy.namespace in {ALL, request.namespace} and policy.api_group in {ALL, request.group}

"""What was seen of callers in audit logs: the distinct requests, how often, and when."""

import enum
from collections.abc import Callable, Iterable, Mapping
from copy import copy

import msgspec

from casemate.model.estate import Entity, Estate

API_VERSION, KIND = "audit.k8s.io/v1", "EventList"
_REASONS = 4
"""Different reasons kept of one request; those of webhooks can be any text."""


class Call(msgspec.Struct, frozen=True, order=True, gc=False):
    """What the authorizer was asked: about a resource, or about the URL `path` where there is none."""

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def full_resource(self) -> str:
        """The resource as rules write it: `pods/exec`."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


class Caller(msgspec.Struct, frozen=True, order=True, gc=False):
    """Who asked, with the groups that the server saw at that moment."""

    user: str
    groups: tuple[str, ...] = ()


class Outcome(enum.Enum):
    """What became of a request at the authorizers; UNDECIDED where the log does not tell."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNDECIDED = "undecided"


class Seen(msgspec.Struct, gc=False):
    """How often a request came, when first and last (UTC), and by what reasons it was decided.

    A reason of None is one that was not logged; an empty one says that an authorizer gave none.
    """

    count: int = 0
    first: str = ""
    last: str = ""
    reasons: tuple[str | None, ...] = ()

    def add(self, time: str, reason: str | None) -> None:
        """Count it once more."""
        self.count += 1
        self._take(time, time)
        if reason not in self.reasons and len(self.reasons) < _REASONS:
            self.reasons = (*self.reasons, reason)

    def merge(self, other: "Seen") -> None:
        """Take in what was counted elsewhere of the same request."""
        self.count += other.count
        self._take(other.first, other.last)
        self.reasons = tuple(dict.fromkeys((*self.reasons, *other.reasons)))[:_REASONS]

    def _take(self, first: str, last: str) -> None:
        if first and (not self.first or first < self.first):
            self.first = first
        self.last = max(self.last, last)


Requests = dict[Call, Seen]


class Activity:
    """All requests that were seen, by caller; `first` and `last` bound the window, empty without any."""

    def __init__(self) -> None:
        self._by_outcome: dict[Outcome, dict[Caller, Requests]] = {outcome: {} for outcome in Outcome}
        self.requests = 0
        self.first = self.last = ""

    @classmethod
    def of(cls, estate: Estate) -> "Activity":
        """What the audit logs of an estate hold together."""
        logs = tuple(estate.of(AuditLog))
        if len(logs) == 1:
            return logs[0].activity
        found = cls()
        for log in logs:
            found.merge(log.activity)
        return found

    @property
    def was_read(self) -> bool:
        """Whether any request was seen at all."""
        return self.requests > 0

    def add(self, caller: Caller, call: Call, outcome: Outcome, seen: Seen) -> None:
        """Add what was seen of one request; `seen` is kept, and grows with what is added later."""
        calls = self._by_outcome[outcome].setdefault(caller, {})
        known = calls.get(call)
        if known is None:
            calls[call] = seen
        else:
            known.merge(seen)
        self.requests += seen.count
        if seen.first and (not self.first or seen.first < self.first):
            self.first = seen.first
        self.last = max(self.last, seen.last)

    def merge(self, other: "Activity") -> None:
        """Add all that another one holds."""
        for outcome in Outcome:
            for caller, calls in other.callers(outcome).items():
                for call, seen in calls.items():
                    self.add(caller, call, outcome, copy(seen))

    def callers(self, outcome: Outcome = Outcome.ALLOWED) -> Mapping[Caller, Requests]:
        """The requests of each caller that ended so."""
        return self._by_outcome[outcome]

    def of_user(self, user: str, outcome: Outcome = Outcome.ALLOWED) -> Requests:
        """The requests of a user that ended so, whatever groups it was in."""
        return _together(calls for caller, calls in self._by_outcome[outcome].items() if caller.user == user)

    def of_group(self, group: str, outcome: Outcome = Outcome.ALLOWED) -> Requests:
        """The requests of all members of a group that ended so."""
        return _together(
            calls for caller, calls in self._by_outcome[outcome].items() if group in caller.groups
        )

    def users(self) -> tuple[str, ...]:
        """Everybody who asked for anything, by name."""
        return tuple(sorted({caller.user for calls in self._by_outcome.values() for caller in calls}))

    def last_seen(self, user: str) -> str | None:
        """When a user last asked for something, whatever the answer; None where that was never."""
        return self._last(lambda caller: caller.user == user)

    def group_last_seen(self, group: str) -> str | None:
        """When a member of a group last asked for something; None where that was never."""
        return self._last(lambda caller: group in caller.groups)

    def _last(self, is_meant: Callable[[Caller], bool]) -> str | None:
        times = [
            seen.last
            for calls in self._by_outcome.values()
            for caller, requests in calls.items()
            if is_meant(caller)
            for seen in requests.values()
        ]
        return max(times) if times else None


def _together(found: Iterable[Requests]) -> Requests:
    merged: Requests = {}
    for calls in found:
        for call, seen in calls.items():
            merged.setdefault(call, Seen()).merge(seen)
    return merged


class BrokenLine(msgspec.Struct, frozen=True):
    """A line of a log that could not be read, and why."""

    file: str
    line: int
    error: str


class AuditLog(Entity, frozen=True, kw_only=True, eq=False):
    """What audit logs hold: requests, and what of the files was left out.

    `events` counts the events that were read; `passed_over` says how many of them say nothing of their own,
    by reason. The first of the `broken_lines` are in `broken`.
    """

    activity: Activity
    files: tuple[str, ...] = ()
    events: int = 0
    passed_over: dict[str, int] = msgspec.field(default_factory=dict)
    broken_lines: int = 0
    broken: tuple[BrokenLine, ...] = ()

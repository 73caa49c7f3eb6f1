"""Activity of callers for tests, from the fewest words."""

from casemate.model.audit import Activity, AuditLog, Call, Caller, Outcome, Seen
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin

FIRST, LAST = "2026-11-02T06:00:00.000000Z", "2026-11-12T06:00:00.000000Z"


def call(words: str, *, namespace: str = "n") -> Call:
    """`get pods a`, `create pods/exec a`, `list deployments.apps`, `get /metrics`."""
    verb, what, *rest = words.split()
    if what.startswith("/"):
        return Call(verb, path=what)
    resource, _, sub = what.partition("/")  # certificatesigningrequests.certificates.k8s.io/approval
    resource, _, group = resource.partition(".")
    return Call(verb, group, resource, sub, namespace, rest[0] if rest else "")


def activity(
    *seen: tuple[str, str | Call], groups: tuple[str, ...] = (), reason: str | None = None,
    outcome: Outcome = Outcome.ALLOWED, first: str = FIRST, last: str = LAST,
) -> Activity:  # fmt: skip
    """What users asked for, each request once."""
    found = Activity()
    for user, what in seen:
        one = what if isinstance(what, Call) else call(what)
        found.add(Caller(user, groups), one, outcome, Seen(1, first, last, (reason,)))
    return found


def merged(*parts: Activity) -> Activity:
    """Several of them together."""
    found = Activity()
    for part in parts:
        found.merge(part)
    return found


def log(found: Activity, *, broken: int = 0) -> AuditLog:
    """Activity as an entity."""
    return AuditLog(
        ref=Ref("audit.k8s.io/v1", "EventList", None, None),
        origin=Origin(Document("a.log")),
        activity=found,
        broken_lines=broken,
    )

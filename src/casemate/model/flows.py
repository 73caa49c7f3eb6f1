"""Flows: connections that a network plugin saw, with what it did to them, as far as it tells."""

import enum

import msgspec

HOST, REMOTE, API_SERVER = "host", "remote-node", "kube-apiserver"
"""Ends that are no pods: the pod's own node, another node, the API server."""


class FlowEnd(msgspec.Struct, frozen=True):
    """One end of a flow as its log names it; empty is what it does not say.

    `workload` may be the name of a pod or a Service where the log does not tell them apart. `names` are those
    of DNS for the address. `special` is one of the words above.
    """

    namespace: str = ""
    workload: str = ""
    kind: str = ""
    pod: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    address: str = ""
    names: tuple[str, ...] = ()
    special: str = ""


class Verdict(enum.Enum):
    """What was done to a flow; AUDIT would be refused were policies enforced."""

    FORWARDED = "forwarded"
    REFUSED = "refused"
    AUDIT = "audit"


class Conversation(msgspec.Struct, frozen=True):
    """Who called whom, at which port of the callee; `service` is the Service that was called, if told."""

    source: FlowEnd
    destination: FlowEnd
    protocol: str
    port: int
    service: str = ""


class Flow(msgspec.Struct, frozen=True):
    """One record. `at_source` tells whether it was seen where it began; None where that is not told."""

    conversation: Conversation
    verdict: Verdict
    at_source: bool | None = None
    time: str = ""
    count: int = 1


class FlowsSeen(msgspec.Struct):
    """How often a conversation was seen, by verdict and side; and where first."""

    file: str
    line: int
    first: str = ""
    last: str = ""
    forwarded: int = 0
    delivered: int = 0
    refused: int = 0
    audited: int = 0

    @property
    def is_granted(self) -> bool:
        """Whether it was let through to its end.

        What the caller's side forwarded may be refused at the other side: where anything was refused, only
        what the other side let in counts.
        """
        return self.delivered > 0 or (self.forwarded > 0 and not self.refused and not self.audited)

    def add(self, flow: Flow) -> None:
        """Count a flow of the conversation."""
        if flow.verdict is Verdict.FORWARDED:
            if flow.at_source is False:
                self.delivered += flow.count
            else:
                self.forwarded += flow.count
        elif flow.verdict is Verdict.AUDIT:
            self.audited += flow.count
        else:
            self.refused += flow.count
        if flow.time:
            self.first = min(self.first or flow.time, flow.time)
            self.last = max(self.last, flow.time)


class BrokenFlow(msgspec.Struct, frozen=True):
    """A line that could not be read, and why."""

    file: str
    line: int
    error: str


class FlowLog(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What files of flows hold together. `passed_over` counts records that tell of no call, by the reason."""

    files: tuple[str, ...]
    records: int = 0
    conversations: dict[Conversation, FlowsSeen] = {}
    passed_over: dict[str, int] = {}
    broken_lines: int = 0
    broken: tuple[BrokenFlow, ...] = ()

    @property
    def window(self) -> tuple[str, str]:
        """The time of the first and of the last record; empty where none has a time."""
        first = min((seen.first for seen in self.conversations.values() if seen.first), default="")
        return first, max((seen.last for seen in self.conversations.values()), default="")

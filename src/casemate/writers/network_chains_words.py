"""Chains of calls, entries and what is reachable, in words."""

from collections.abc import Iterable, Sequence

from casemate.analysis.network.chains import Line, State
from casemate.analysis.network.cutting import Step
from casemate.analysis.network.entries import Entry, Port
from casemate.analysis.network.ways_in import CONTROLLER
from casemate.engine.network_chains import NetworkChains

_SHOWN = 3
_STATES = {
    State.CYCLE: "(back)",
    State.SHOWN: "...",
    State.STOPPED: "(stopped by policies)",
}


def ports_words(ports: Iterable[Port]) -> str:
    """Ports as they are called: `8080`, `UDP 53`."""
    return ", ".join(str(port) if protocol == "TCP" else f"{protocol} {port}" for protocol, port in ports)


def entry_words(entry: Entry) -> str:
    """How a port is opened: `Ingress edge/shop, through ingress-nginx`."""
    entity = f"{entry.entity.ref.kind} {entry.entity.ref}"
    if entry.kind == CONTROLLER:
        through = f", through {entry.through.partition('/')[0]}" if entry.through else ""
        return f"{entity}{through}"
    return f"{entry.kind} of {entity}"


def line_words(line: Line) -> str:
    """Why a line of a chain is there: what opens it, or what names it."""
    if line.entries:
        return "; ".join(dict.fromkeys(map(entry_words, line.entries)))
    words = dict.fromkeys(one.words.partition(": ")[0] for call in line.calls for one in call.because)
    return some(list(words), 2)


def state_words(line: Line) -> str:
    """What becomes of a line; empty where that is seen below it."""
    return _STATES.get(line.state, "")


def some(names: Sequence[str], most: int = _SHOWN) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def holds_words(found: NetworkChains, bits: int) -> list[str]:
    """The stores among some members."""
    return [found.title(name) for name in found.members.named(bits) if name in found.stores]


def secrets_of(found: NetworkChains, bits: int) -> tuple[str, ...]:
    """The Secrets that some members hold, each once."""
    names = found.members.named(bits)
    return tuple(dict.fromkeys(held for name in names for held in found.secrets.get(name, ())))


def step_words(found: NetworkChains, step: Step) -> str:
    """Whose policies a step is: a workload's, or all of a namespace."""
    if len(step.workloads) == 1:
        return found.title(step.workloads[0])
    return f"{step.workloads[0].partition('/')[0]} ({len(step.policies):,} policies)"

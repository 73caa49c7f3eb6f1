"""Ports, policies and states of the network in words, for its pictures."""

from collections.abc import Iterator, Sequence

from casemate.analysis.network.policies import (
    TCP,
    Complement,
    Endpoints,
    Intersection,
    Perhaps,
    Policy,
    PortRange,
    Rule,
    Union,
)
from casemate.analysis.network.ports import limits
from casemate.engine.network_map import NetworkMap
from casemate.engine.network_units import State
from casemate.model.estate import Entity

_PORTS = 4


def ports_text(ports: Sequence[PortRange], most: int = _PORTS) -> str:
    """`8080, 53/UDP, 8000-8100`; of long lists the first ones."""
    words = [_port_text(port) for port in ports[:most]]
    more = len(ports) - most
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def _port_text(port: PortRange) -> str:
    if (port.low, port.high) == limits(port.protocol):
        return f"every port of {port.protocol}"
    text = str(port.low) if port.low == port.high else f"{port.low}-{port.high}"
    return text if port.protocol == TCP else f"{text}/{port.protocol}"


def policy_text(policy: Policy) -> str:
    """`NetworkPolicy shop/cart`."""
    return entity_text(policy.entity)


def entity_text(entity: Entity) -> str:
    """`Ingress edge/shop`."""
    return f"{entity.ref.kind} {entity.ref}"


def callers_text(found: NetworkMap, number: int) -> str:
    """Who may call a workload, and where, as one line says it."""
    sure, maybe = found.callers(number)
    calling, total = len((sure | maybe) & found.workloads), found.total - 1
    unit, state = found.units[number], found.ingress[number]
    listening = tuple(PortRange(item.protocol, item.port, item.port) for item in unit.listening)
    at = f"{ports_text(listening)}: " if listening else ""
    if state is State.OPEN:
        return f"{at}open to every caller" if found.known[number] else "open, no port known"
    if number not in found.called and state is not State.CLOSED:
        return f"{at}limited by policies"
    if not calling:
        return f"{at}no workload may call"
    if calling == total > 1:
        return f"{at}every workload may call"
    return f"{at}{calling:,} of {total:,} may call"


def doubts(rule: Rule) -> tuple[str, ...]:
    """On what it depends whether a rule matches; empty where nothing is known that it depends on."""
    return tuple(dict.fromkeys((*_why(rule.peers), *([rule.depends] if rule.depends else []))))


def _why(peers: Endpoints) -> Iterator[str]:
    if isinstance(peers, Perhaps):
        yield peers.why
    elif isinstance(peers, (Union, Intersection)):
        for part in peers.parts:
            yield from _why(part)
    elif isinstance(peers, Complement):
        yield from _why(peers.inner)

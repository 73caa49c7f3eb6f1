"""Pods that are in a mesh, or out of it, against what their labels say, and ports that do not pass the proxy.

A set of endpoints is said by labels. A pod that differs from others by something else, such as an
annotation, is meant by all its labels, and by the absence of those that only others have; where others have
the same labels and differ from it, it is not known which of them is meant.

Source: istio.io/istio pkg/kube/inject/inject.go (`injectRequired`: an annotation can keep the proxy out
where no label decides), istio.io/api annotation/annotations.yaml.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from casemate.analysis.network.labels import (
    NAME_LABEL,
    Has,
    Labels,
    Not,
    OneOf,
    all_of,
    holds,
    namespace_named,
)
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import TCP, Endpoints, Perhaps, Pods, PortRange
from casemate.model.estate import KUBERNETES, Estate, Template, Workload
from casemate.model.governance import Namespace
from casemate.model.pods import PodSpec
from casemate.model.running import RunningPod

PROXY = "istio-proxy"
INJECT = "sidecar.istio.io/inject"
INCLUDED = "traffic.sidecar.istio.io/includeInboundPorts"
EXCLUDED = "traffic.sidecar.istio.io/excludeInboundPorts"
_YES = ("true", "yes", "y", "on")
LAST_PORT = 65_535
SAME_LABELS = "which of several pods with the same labels is meant"
_Labels = tuple[tuple[str, str], ...]
_State = tuple[bool | None, tuple[PortRange, ...]]


class _Seen(NamedTuple):
    """Pods with some labels: what those that run are like, and what those that templates make would be."""

    running: dict[_State, Workload]
    planned: dict[_State, Workload]


class Odd(msgspec.Struct, frozen=True):
    """Pods for which more than labels decides.

    `has_proxy` says whether they have one, None: as their labels say. `open_ports` do not pass it.
    """

    pods: Endpoints
    workload: Workload
    has_proxy: bool | None
    open_ports: tuple[PortRange, ...]


def odd_pods(estate: Estate, injected: Sequence[Pods]) -> Iterator[Odd]:
    """The pods of an estate that differ from what the labels of injected ones say.

    Those of one namespace with the same labels that are odd in the same way are said once. Where pods with
    some labels run, what they are counts, not what their templates would make of others.
    """
    namespaces = {found.ref.name: found.labels for found in estate.of(Namespace)}
    specs: dict[bytes, bool] = {}
    alike: dict[str, dict[_Labels, _Seen]] = {}
    for workload in estate.of(Workload):
        namespace = workload.ref.namespace or HOME
        around = namespaces.get(namespace, {}) | {NAME_LABEL: namespace}
        inside = [found for found in injected if holds(found.namespaces, around)]
        for template in (found for found in workload.templates if found.engine == KUBERNETES):
            by_label = any(holds(found.pods, template.labels) for found in inside)
            state = _state(workload, template, specs, by_label=by_label)
            labels = tuple(sorted(template.labels.items()))
            seen = alike.setdefault(namespace, {}).setdefault(labels, _Seen({}, {}))
            (seen.running if _runs(workload) else seen.planned).setdefault(state, workload)
    for namespace, neighbours in alike.items():
        for labels, seen in neighbours.items():
            states = seen.running or seen.planned
            for (has_proxy, open_ports), workload in states.items():
                if has_proxy is not None or open_ports:
                    meant = Pods(namespace_named(namespace), _exactly(dict(labels), neighbours))
                    pods = Perhaps(meant, SAME_LABELS) if len(states) > 1 else meant
                    yield Odd(pods, workload, has_proxy, open_ports)


def _state(workload: Workload, template: Template, specs: dict[bytes, bool], *, by_label: bool) -> _State:
    has_proxy = _has_proxy(workload, template, specs, by_label=by_label)
    open_ports = tuple(_open_ports(template.annotations)) if has_proxy else ()
    return None if has_proxy == by_label else has_proxy, open_ports


def _has_proxy(workload: Workload, template: Template, specs: dict[bytes, bool], *, by_label: bool) -> bool:
    written = specs.get(template.packed)
    if written is None:
        written = specs[template.packed] = _holds_proxy(template.spec)
    if written:
        return True
    if _runs(workload):
        return False  # it has what it was given when it was made
    note = template.annotations.get(INJECT, "").lower()
    return by_label and (INJECT in template.labels or not note or note in _YES)


def _runs(workload: Workload) -> bool:
    return isinstance(workload, RunningPod) and workload.status.phase is not None


def _holds_proxy(spec: PodSpec) -> bool:
    containers = (*(spec.containers or ()), *(spec.init_containers or ()))
    return any(container.name == PROXY for container in containers)


def _exactly(labels: dict[str, str], neighbours: Iterable[_Labels]) -> Labels:
    """The pods with these labels, and none of those that a neighbour has besides."""
    more = (dict(around) for around in neighbours)
    others = {
        key for around in more if labels.items() < around.items() for key in around if key not in labels
    }
    given: list[Labels] = [OneOf(key, (value,)) for key, value in sorted(labels.items())]
    return all_of((*given, *(Not(Has(key)) for key in sorted(others))))


def _open_ports(notes: dict[str, str]) -> Iterator[PortRange]:
    """The ports for TCP at which calls do not pass the proxy; all are taken in where nothing is said."""
    included = notes.get(INCLUDED, "*").strip()
    if included == "*":
        yield from (PortRange(TCP, port, port) for port in _numbers(notes.get(EXCLUDED, "")))
        return
    start = 1
    for port in _numbers(included):
        if start < port:
            yield PortRange(TCP, start, port - 1)
        start = port + 1
    if start <= LAST_PORT:
        yield PortRange(TCP, start, LAST_PORT)


def _numbers(text: str) -> list[int]:
    found = {int(part) for part in map(str.strip, text.split(",")) if part.isdecimal() and len(part) < 6}
    return sorted(number for number in found if 0 < number <= LAST_PORT)

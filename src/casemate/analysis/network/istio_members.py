"""Pods that are in a mesh, or out of it, against what their labels say, and ports that do not pass the proxy.

A set of endpoints is said by labels. A pod that differs from others with its labels by something else,
such as an annotation, is meant by all its labels, and by the absence of those that only others have.

Source: istio.io/istio pkg/kube/inject/inject.go (`injectRequired`: an annotation can keep the proxy out
where no label decides), istio.io/api annotation/annotations.yaml.
"""

from collections.abc import Iterator, Sequence

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
from casemate.analysis.network.policies import TCP, Pods, PortRange
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


class Odd(msgspec.Struct, frozen=True):
    """Pods for which more than labels decides.

    `has_proxy` says whether they have one, None: as their labels say. `open_ports` do not pass it.
    """

    pods: Pods
    workload: Workload
    has_proxy: bool | None
    open_ports: tuple[PortRange, ...]


def odd_pods(estate: Estate, injected: Sequence[Pods]) -> Iterator[Odd]:
    """The pods of an estate that differ from what the labels of injected ones say."""
    namespaces = {found.ref.name: found.labels for found in estate.of(Namespace)}
    neighbours: dict[str, list[dict[str, str]]] = {}
    pods = [(w, t) for w in estate.of(Workload) for t in w.templates if t.engine == KUBERNETES]
    for workload, template in pods:
        neighbours.setdefault(workload.ref.namespace or HOME, []).append(template.labels)
    specs: dict[bytes, bool] = {}
    for workload, template in pods:
        namespace = workload.ref.namespace or HOME
        around = namespaces.get(namespace, {}) | {NAME_LABEL: namespace}
        by_label = any(holds(p.namespaces, around) and holds(p.pods, template.labels) for p in injected)
        has_proxy = _has_proxy(workload, template, specs, by_label=by_label)
        open_ports = tuple(_open_ports(template.annotations)) if has_proxy else ()
        if has_proxy != by_label or open_ports:
            yield Odd(
                Pods(namespace_named(namespace), _exactly(template.labels, neighbours[namespace])),
                workload,
                None if has_proxy == by_label else has_proxy,
                open_ports,
            )


def _has_proxy(workload: Workload, template: Template, specs: dict[bytes, bool], *, by_label: bool) -> bool:
    written = specs.get(template.packed)
    if written is None:
        written = specs[template.packed] = _holds_proxy(template.spec)
    if written:
        return True
    if isinstance(workload, RunningPod) and workload.status.phase is not None:
        return False  # what runs has what it was given when it was made
    note = template.annotations.get(INJECT, "").lower()
    return by_label and (INJECT in template.labels or not note or note in _YES)


def _holds_proxy(spec: PodSpec) -> bool:
    containers = (*(spec.containers or ()), *(spec.init_containers or ()))
    return any(container.name == PROXY for container in containers)


def _exactly(labels: dict[str, str], neighbours: Sequence[dict[str, str]]) -> Labels:
    """The pods with these labels, and none of those that a neighbour has besides."""
    others = {
        key for around in neighbours if labels.items() < around.items() for key in around if key not in labels
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

"""Who comes in from outside: controllers that pass requests on, load balancers, and what scrapes metrics.

A controller that was not read is looked for where people put it: in what existing policies let in, and
under the names that its own manifests use.

Source: kubernetes/ingress-nginx deploy/static, traefik/traefik-helm-chart, haproxytech/helm-charts,
projectcontour/contour examples, Kong/charts, openshift/cluster-ingress-operator (labels of namespaces);
Prometheus' configuration example for Kubernetes (annotations).
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import TCP
from casemate.analysis.network.tighten.calls import service_targets
from casemate.analysis.network.tighten.groups import Group
from casemate.analysis.network.tighten.known import Known, Selection
from casemate.analysis.network.tighten.needs import Addresses, Because, Member, Need, Needs, Open, everywhere
from casemate.analysis.network.ways_in import CONTROLLER, WayIn, ways_in
from casemate.analysis.selectors import selects
from casemate.model.estate import Entity
from casemate.model.exposure import Gateway, Ingress, Route, Service
from casemate.model.gateways import OpenShiftRoute
from casemate.model.monitoring import MetricsEndpoint, MonitorSpec, PodMonitor, ServiceMonitor
from casemate.model.network_policy import NetworkPolicy, Peer

WAY_IN, METRICS = "way-in", "metrics"
_NAME = "app.kubernetes.io/name"
_SCRAPE, _PORT = "prometheus.io/scrape", "prometheus.io/port"
_CLASS = "kubernetes.io/ingress.class"


class Habit(msgspec.Struct, frozen=True):
    """Where a controller of a class stands when nobody chose otherwise."""

    word: str
    namespace: str
    labels: tuple[tuple[str, str], ...]


HABITS = (
    Habit("nginx", "ingress-nginx", ((_NAME, "ingress-nginx"),)),
    Habit("traefik", "traefik", ((_NAME, "traefik"),)),
    Habit("haproxy", "haproxy-controller", ((_NAME, "kubernetes-ingress"),)),
    Habit("contour", "projectcontour", (("app", "envoy"),)),
    Habit("kong", "kong", (("app.kubernetes.io/component", "app"),)),
    Habit("istio", "istio-system", (("istio", "ingressgateway"),)),
    Habit("openshift", "openshift-ingress", ()),
)
_MONITORS = (
    {_NAME: "prometheus"},
    {"app": "prometheus"},
    {_NAME: "vmagent"},
    {_NAME: "grafana-agent"},
    {_NAME: "alloy"},
)


def add_entrances(known: Known, needs: Needs) -> None:
    """Note who must be let in from outside of the workloads that were read."""
    for way in ways_in(known.estate, known.pods):
        if way.kind == CONTROLLER:
            _add_controlled(known, needs, way)
        else:
            _add_opened(known, needs, way)
    for group in [group for group in known.groups.values() if group.is_read]:
        _add_annotated(known, needs, group)
        _note_host_ports(needs, group)
    for monitor in known.estate.of(ServiceMonitor):
        _add_monitored(known, needs, monitor)
    for pods in known.estate.of(PodMonitor):
        _add_monitored(known, needs, pods)


def _add_controlled(known: Known, needs: Needs, way: WayIn) -> None:
    """A pod that a controller passes requests on to."""
    said = f"{way.entity.ref.kind} {way.entity.ref} leads to it"
    sources = list(_controllers(known, way))
    for source, why in sources:
        words = f"{said}; {why}" if why else said
        needs.add(
            Need(source, Member(way.pod.workload), way.protocol, way.port), Because(WAY_IN, words, way.entity)
        )
    if not sources:
        needs.leave_open(
            Open(
                way.pod.workload.partition("[")[0],
                f"{said}, and which pods the controller runs in is not known",
                "Say it: --ingress-controller NAMESPACE",
                way.entity,
            )
        )


def _controllers(known: Known, way: WayIn) -> Iterator[tuple[Member, str]]:
    """The pods of the controller of a way in, and how they are known."""
    if known.told.controllers:
        yield from ((member, "") for member in _told(known, known.told.controllers))
        return
    habit = next((habit for habit in HABITS if habit.word in _class_of(known, way.entity)), None)
    let_in = _let_in(known, way)
    if habit is not None and (let_in is None or let_in[0] == habit.namespace):
        why = f"pods of the controller {habit.word} are taken to be in {habit.namespace}"
        if let_in is not None:
            why = f"{let_in[1].ref.kind} {let_in[1].ref} lets {habit.namespace} in"
        yield from (
            (member, why)
            for member in known.member(habit.namespace, dict(habit.labels), f"{habit.word}-controller")
        )
    elif let_in is not None:
        namespace, policy, labels = let_in
        why = f"{policy.ref.kind} {policy.ref} lets {namespace} in"
        yield from ((member, why) for member in known.member(namespace, labels, "ingress-controller"))


def _told(known: Known, told: tuple[Selection, ...]) -> Iterator[Member]:
    for namespace, labels in told:
        name = labels[0][1] if labels else "all"
        yield from known.member(namespace, dict(labels), name)


def _class_of(known: Known, entity: Entity) -> str:
    """The class or controller that an object names, in whatever field."""
    if isinstance(entity, Ingress):
        return (entity.spec.ingress_class_name or entity.annotations.get(_CLASS) or "").lower()
    if isinstance(entity, OpenShiftRoute):
        return "openshift"
    parents = entity.spec.parent_refs if isinstance(entity, Route) else ()
    wanted = {parent.name for parent in parents}
    classes = (g.spec.gateway_class_name for g in known.estate.of(Gateway) if g.ref.name in wanted)
    return " ".join(name for name in classes if name).lower()


def _let_in(known: Known, way: WayIn) -> tuple[str, NetworkPolicy, dict[str, str]] | None:
    """A namespace that was not read and that an existing policy of the pod lets in, as the controller's."""
    inside = {group.namespace for group in known.groups.values() if group.is_read}
    for policy in known.estate.of(NetworkPolicy):
        if (policy.ref.namespace or HOME) != way.namespace or not selects(
            policy.spec.pod_selector, way.pod.labels
        ):
            continue
        for rule in policy.spec.ingress or ():
            for peer in rule.from_ or ():
                namespace = _namespace_of(peer)
                if namespace and namespace not in inside:
                    labels = (peer.pod_selector.match_labels if peer.pod_selector else None) or {}
                    return namespace, policy, labels
    return None


def _namespace_of(peer: Peer) -> str:
    """The one namespace that a peer names; empty where it names none or several."""
    selector = peer.namespace_selector
    labels = (selector.match_labels if selector is not None else None) or {}
    return labels.get(NAME_LABEL, "") if len(labels) == 1 else ""


def _add_opened(known: Known, needs: Needs, way: WayIn) -> None:
    """A pod behind a Service that is opened to addresses outside."""
    said = f"{way.kind} of Service {way.entity.ref}"
    source = Addresses(way.ranges) if way.ranges else everywhere(ipv6=known.ipv6)
    words = f"{said} lets {', '.join(way.ranges)} in" if way.ranges else f"{said} lets every address in"
    needs.add(
        Need(source, Member(way.pod.workload), way.protocol, way.port), Because(WAY_IN, words, way.entity)
    )
    subject = way.pod.workload.partition("[")[0]
    if not way.ranges:
        needs.leave_open(
            Open(
                subject,
                f"{said} opens port {way.port} to every address",
                "Name who may call: spec.loadBalancerSourceRanges, or make it ClusterIP",
                way.entity,
                ("spec", "type"),
            )
        )
    elif not way.keeps_client:
        needs.leave_open(
            Open(
                subject,
                f"{said}: the pod may see a node's address instead of the caller's, which is not let in",
                "Set externalTrafficPolicy: Local",
                way.entity,
                ("spec", "externalTrafficPolicy"),
            )
        )


def _add_annotated(known: Known, needs: Needs, group: Group) -> None:
    """Pods whose annotations ask for being scraped, on themselves or on their Service."""
    for pod in group.pods:
        notes = pod.template.annotations
        if notes.get(_SCRAPE) == "true":
            ports = [notes[_PORT]] if _PORT in notes else [str(port.number) for port in pod.ports]
            at = (*pod.template.metadata_path, "annotations", _SCRAPE)
            because = Because(METRICS, f"its annotation {_SCRAPE} asks for it", pod.source, at)
            for port in ports:
                if port.isdigit():
                    _add_scraped(known, needs, Member(group.name), TCP, int(port), because)


def _note_host_ports(needs: Needs, group: Group) -> None:
    """Ports that pods open on their node, for callers of whom nothing is known."""
    for pod in group.pods:
        for index, container in enumerate(pod.template.spec.containers or ()):
            for number, port in enumerate(container.ports or ()):
                if port.host_port and not pod.on_host:
                    words = f"port {port.host_port} of its node leads to it, and who calls that is not known"
                    at = (*pod.template.path, "containers", index, "ports", number, "hostPort")
                    remedy = "Remove hostPort, or allow its callers by hand"
                    needs.leave_open(Open(group.title, words, remedy, pod.source, at))


def _add_scraped(
    known: Known, needs: Needs, member: Member, protocol: str, port: int, because: Because
) -> None:
    sources = list(_told(known, known.told.monitoring)) or list(_monitors(known))
    for source in sources:
        if source != member:
            needs.add(Need(source, member, protocol, port), because)
    if not sources:
        needs.leave_open(
            Open(
                member.group.partition("[")[0],
                f"metrics at port {port}: {because.words}, and who scrapes them was not read",
                "Say it: --monitoring NAMESPACE",
                because.entity,
                because.path,
            )
        )


def _monitors(known: Known) -> Iterator[Member]:
    """The workloads that scrape metrics, by the labels that they usually have."""
    for group in known.groups.values():
        if group.is_read and any(
            labels.items() <= pod.labels.items() for labels in _MONITORS for pod in group.pods
        ):
            yield Member(group.name)


def _add_monitored(known: Known, needs: Needs, monitor: ServiceMonitor | PodMonitor) -> None:
    """What a monitor of the Prometheus Operator selects."""
    spec = monitor.spec
    because = Because(METRICS, f"{monitor.ref.kind} {monitor.ref} selects it", monitor, ("spec", "selector"))
    home = monitor.ref.namespace or HOME
    if isinstance(monitor, ServiceMonitor):
        for service in known.backends.services():
            if _is_meant(spec, home, service.ref.namespace or HOME, service.labels):
                for endpoint in spec.endpoints:
                    for member, protocol, port in _behind(known, service, endpoint):
                        _add_scraped(known, needs, member, protocol, port, because)
        return
    for pod in known.pods:
        if _is_meant(spec, home, pod.namespace, pod.labels):
            for endpoint in spec.pod_metrics_endpoints:
                named = [port.number for port in pod.ports if port.name == endpoint.port]
                for port in named or ([endpoint.port_number] if endpoint.port_number else []):
                    _add_scraped(known, needs, Member(pod.workload), TCP, port, because)


def _is_meant(spec: MonitorSpec, home: str, namespace: str, labels: dict[str, str]) -> bool:
    chosen = spec.namespace_selector
    if chosen is None or not (chosen.any or chosen.match_names):
        inside = namespace == home
    else:
        inside = bool(chosen.any) or namespace in (chosen.match_names or ())
    return inside and selects(spec.selector, labels)


def _behind(known: Known, service: Service, endpoint: MetricsEndpoint) -> Iterator[tuple[Member, str, int]]:
    """The pods behind a Service at the port that an endpoint names."""
    if endpoint.target_port is not None:
        for pod in known.backends.pods(service):
            if isinstance(endpoint.target_port, int):
                yield Member(pod.workload), TCP, endpoint.target_port
            else:
                yield from (
                    (Member(pod.workload), port.protocol, port.number)
                    for port in pod.ports
                    if port.name == endpoint.target_port
                )
        return
    for item in service.spec.ports:
        if item.name == endpoint.port and item.port:
            yield from service_targets(known, service, item.port)

"""The calls that workloads make by their settings: Services and hosts that these name."""

from collections.abc import Iterable, Iterator

from casemate.analysis.network.addresses import parse_address
from casemate.analysis.network.backends import EXTERNAL_NAME, ports_called
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import SCTP, TCP, UDP
from casemate.analysis.network.tighten.groups import Group
from casemate.analysis.network.tighten.known import HEADLESS, Known, cidr
from casemate.analysis.network.tighten.needs import (
    Addresses,
    ApiServer,
    Because,
    Host,
    Member,
    Need,
    Needs,
    Open,
)
from casemate.analysis.network.tighten.references import Mention, mentions
from casemate.analysis.network.tighten.settings_of import Setting, SettingsOf
from casemate.model.estate import Estate, Template
from casemate.model.exposure import Ingress, Service, ServicePort
from casemate.model.gateways import OpenShiftRoute

CALL = "call"
_API = ("kubernetes", "kubernetes.default", "kubernetes.default.svc")


def add_calls(known: Known, needs: Needs) -> None:
    """Note the calls of all workloads that were read."""
    settings = SettingsOf(known.estate)
    fronts = frozenset(_served_hosts(known.estate))
    for group in [group for group in known.groups.values() if group.is_read]:
        for template in _templates(group):
            source = next(pod.source for pod in group.pods if pod.template is template)
            for setting in settings.texts(source, template):
                caller = _Caller(known, needs, group, setting, fronts)
                for mention in mentions(setting.text, setting.key, caller.is_service):
                    caller.add(mention)


def service_targets(known: Known, service: Service, port: int | None) -> Iterator[tuple[Member, str, int]]:
    """Whom a Service's port leads to, and at which port; all ports where none is said.

    Pods that were not read are named by the Service's selector.
    """
    ports = _ports(service, port)
    found = [(Member(t.pod.workload), t.protocol, t.port) for t in known.backends.targets(service, ports)]
    if not found and service.spec.selector and not known.backends.pods(service):
        for item in ports:
            number = item.target_port or item.port
            if isinstance(number, int):
                member = known.stranger(
                    service.ref.namespace or HOME, service.spec.selector, service.ref.name or ""
                )
                found.append((member, item.protocol or TCP, number))
    yield from dict.fromkeys(found)


def note_uncalled(known: Known, needs: Needs, namespaces: Iterable[str]) -> None:
    """Name the Services of some namespaces whose pods nothing calls: a caller may have been overlooked."""
    called = {need.destination for need, _ in needs.reasoned()}
    for service in known.backends.services():
        pods = known.backends.pods(service)
        if not pods or (service.ref.namespace or HOME) not in namespaces:
            continue
        if not any(Member(pod.workload) in called for pod in pods):
            needs.leave_open(
                Open(
                    f"{service.ref.namespace or HOME}/{service.name}",
                    "nothing that was read calls this Service, so that nobody may",
                    "Allow its callers by hand, or remove it",
                    service,
                )
            )


def _ports(service: Service, port: int | None) -> list[ServicePort]:
    if port is None:
        return list(service.spec.ports)
    found = [item for protocol in (TCP, UDP, SCTP) for item in ports_called(service, port, protocol)]
    if not found and service.spec.cluster_ip == HEADLESS:
        return [ServicePort(port=port, protocol=TCP)]  # a headless Service leads to whatever port is called
    return found


def _templates(group: Group) -> Iterator[Template]:
    """The templates of a workload, equal ones once; what made a pod comes before the pod."""
    seen: set[bytes] = set()
    for pod in sorted(group.pods, key=lambda pod: bool(pod.name)):
        if pod.template.packed not in seen:
            seen.add(pod.template.packed)
            yield pod.template


def _served_hosts(estate: Estate) -> Iterator[str]:
    """The hosts by which the estate itself is called from outside."""
    for ingress in estate.of(Ingress):
        yield from (rule.host.lower() for rule in ingress.spec.rules or () if rule.host)
    yield from (route.spec.host.lower() for route in estate.of(OpenShiftRoute) if route.spec.host)


class _Caller:
    """A workload with one of its settings."""

    def __init__(
        self, known: Known, needs: Needs, group: Group, setting: Setting, fronts: frozenset[str]
    ) -> None:
        self._known = known
        self._needs = needs
        self._group = group
        self._setting = setting
        self._fronts = fronts
        self._source = Member(group.name)

    def is_service(self, host: str) -> bool:
        return self._known.service(host, self._group.namespace) is not None

    def add(self, mention: Mention) -> None:
        """Note what a mention needs."""
        host = mention.host.lower().strip("[]")
        service = self._known.service(host, self._group.namespace) or self._known.services.get(host)
        if host in _API or host.startswith("kubernetes.default.svc."):
            self._need(ApiServer(), mention, 443, host)
        elif service is not None:
            self._add_service(service, mention)
        elif parse_address(host) is not None:
            self._add_address(host, mention)
        elif self._known.is_inside(host):
            if mention.certain:
                self._leave(mention, f"names {host}, and no Service of that name was read", "Read it too")
        elif not mention.outward or host in self._fronts:
            words = f"names {host}, which looks like an address that it tells others, not one that it calls"
            self._leave(mention, words, "If it is called, allow it by hand")
        elif mention.port is None:
            self._leave(mention, f"names the host {host} without a port", "Allow its port by hand")
        else:
            self._need(Host(host), mention, mention.port, host)

    def _add_service(self, service: Service, mention: Mention) -> None:
        spec = service.spec
        title = f"Service {service.ref.namespace or HOME}/{service.name}"
        if spec.type == EXTERNAL_NAME:
            port = mention.port or next((item.port for item in spec.ports if item.port), None)
            if port is not None and spec.external_name:
                self._need(Host(spec.external_name.lower().rstrip(".")), mention, port, title)
            return
        found = list(service_targets(self._known, service, mention.port))
        for member, protocol, port in found:
            said = f"{title}:{mention.port}" if mention.port else f"{title}, no port said"
            self._needs.add(Need(self._source, member, protocol, port), self._because(mention, said))
        if not found:
            named = f" at port {mention.port}" if mention.port else ""
            words = f"names {title}{named}, which leads to no pod that is known"
            self._leave(mention, words, "Read its pods, or allow their addresses by hand")

    def _add_address(self, host: str, mention: Mention) -> None:
        workload = self._known.addresses.get(host)
        if mention.port is None:
            self._leave(mention, f"names the address {host} without a port", "Allow its port by hand")
        elif workload is not None:
            self._need(Member(workload), mention, mention.port, host)
        else:
            self._need(Addresses((cidr(host),)), mention, mention.port, host)

    def _need(
        self, end: Member | Addresses | Host | ApiServer, mention: Mention, port: int, said: str
    ) -> None:
        self._needs.add(Need(self._source, end, TCP, port), self._because(mention, f"{said}:{port}"))

    def _because(self, mention: Mention, said: str) -> Because:
        return Because(CALL, f"{self._where(mention)}: {said}", self._setting.entity, self._setting.path)

    def _leave(self, mention: Mention, words: str, remedy: str) -> None:
        said = f"{self._where(mention)} {words}"
        self._needs.leave_open(
            Open(self._group.title, said, remedy, self._setting.entity, self._setting.path)
        )

    def _where(self, mention: Mention) -> str:
        """The setting in words: its name, and the object that it stands in where that is another one."""
        entity, key = self._setting.entity, self._setting.path[-1]
        if self._setting.path[0] not in {"data", "stringData"}:
            return mention.key or "an argument"
        inner = f"{mention.key} in " if mention.key and mention.key not in {key, self._setting.key} else ""
        return f"{inner}{key} of {entity.ref.kind} {entity.ref.namespace or HOME}/{entity.name}"

"""What no setting of a workload says and every cluster needs: DNS, the API server, replicas of one set.

Probes need nothing: they come from the pod's own node, which no policy keeps out.

Source: Kubernetes documentation, "DNS for Services and Pods" and "Network Policies" (a pod's own node);
cluster/addons/dns (labels of CoreDNS and of the cache on each node); openshift/cluster-dns-operator.
"""

from collections.abc import Collection, Iterator

from casemate.analysis.network.policies import TCP, UDP
from casemate.analysis.network.tighten.calls import service_targets
from casemate.analysis.network.tighten.groups import Group
from casemate.analysis.network.tighten.known import Known, cidr
from casemate.analysis.network.tighten.needs import (
    EVERYWHERE,
    EVERYWHERE_6,
    Addresses,
    ApiServer,
    Because,
    Member,
    Need,
    Needs,
    Open,
)
from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import SERVICE_ACCOUNTS, account_user
from casemate.analysis.rbac.subject_keys import key_of
from casemate.analysis.service_accounts import ServiceAccounts
from casemate.model.admission import WebhookConfiguration
from casemate.model.governance import ReplicatedWorkload
from casemate.model.rbac import Binding

DNS, API_SERVER, WEBHOOK, REPLICAS = "dns", "api-server", "webhook", "replicas"
KUBE_DNS = ("kube-system", {"k8s-app": "kube-dns"}, "kube-dns", 53)
_OPENSHIFT_DNS = (
    "openshift-dns",
    {"dns.operator.openshift.io/daemonset-dns": "default"},
    "dns-default",
    5353,
)
_NODE_DNS = "169.254.20.10/32"
"""Where the cache of names on each node listens unless somebody chose another address."""
_NODE_CACHES = ("node-local-dns", "nodelocaldns")
_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
_KUBEADM = "kubeadm.k8s.io"


def add_habits(known: Known, needs: Needs, namespaces: Collection[str]) -> None:
    """Note what workloads need without saying so: those read, and those of some namespaces that were not."""
    members = [
        group
        for group in known.groups.values()
        if not group.on_host and (group.is_read or group.namespace in namespaces)
    ]
    _add_dns(known, needs, members)
    _add_api_server(known, needs, members)
    _add_webhooks(known, needs)
    for group in members:
        _add_replicas(needs, group)


def api_ports(known: Known) -> tuple[int, ...]:
    """The ports at which the API server may listen: 6443 where kubeadm made the cluster."""
    made = any(entity.ref.group == _KUBEADM for entity in known.estate.entities)
    return (6443,) if made else (443, 6443)


def api_addresses(known: Known) -> Addresses:
    """Where the API server is, as far as that is known: else everywhere."""
    if known.told.api_servers:
        return Addresses(known.told.api_servers)
    found = known.node_addresses(_CONTROL_PLANE)
    return found or Addresses((*EVERYWHERE, *(EVERYWHERE_6 if known.ipv6 else ())))


def _add_dns(known: Known, needs: Needs, members: list[Group]) -> None:
    openshift = any(name.startswith("openshift-") for name in known.namespaces)
    namespace, labels, name, port = _OPENSHIFT_DNS if openshift else KUBE_DNS
    servers = known.member(namespace, labels, name)
    cached = _has_node_cache(known)
    for group in members:
        source = Member(group.name)
        because = Because(DNS, "names are looked up")
        for protocol in (UDP, TCP):
            for server in servers:
                if server != source:
                    needs.add(Need(source, server, protocol, port), because)
            if cached:
                needs.add(Need(source, Addresses((_NODE_DNS,)), protocol, 53), because)


def _has_node_cache(known: Known) -> bool:
    return any(group.short in _NODE_CACHES for group in known.groups.values())


def _add_api_server(known: Known, needs: Needs, members: list[Group]) -> None:
    """Pods that get a token whose account, or those of whose namespace, a binding names call the API server.

    Rights of all accounts are no sign that one of them is used.
    """
    accounts = ServiceAccounts.of(known.estate)
    bindings = _by_key(known)
    everybody = bindings.get(f"group {SERVICE_ACCOUNTS}")
    if everybody is not None:
        needs.leave_open(
            Open(
                "the API server",
                f"{everybody.ref.kind} {everybody.ref} gives rights to every account, no sign that a "
                "workload calls it",
                "Bind the accounts that do, or allow the API server by hand",
                everybody,
            )
        )
    for group in members:
        for pod in group.pods:
            spec = pod.template.spec
            asked = spec.automount_service_account_token
            account = accounts.find(pod.source.ref.namespace, pod.account)
            if asked is None and account is not None:
                asked = account.automount_token
            keys = (
                f"user {account_user(pod.namespace, pod.account)}",
                f"group {SERVICE_ACCOUNTS}:{pod.namespace}",
            )
            found = next((bindings[key] for key in keys if key in bindings), None)
            if asked is not False and found is not None:
                words = f"token of account {pod.account}, which {found.ref.kind} {found.ref} gives rights"
                for port in api_ports(known):
                    needs.add(
                        Need(Member(group.name), ApiServer(), TCP, port), Because(API_SERVER, words, found)
                    )


def _by_key(known: Known) -> dict[str, Binding]:
    """The first binding of each subject whose role gives a right."""
    authorizer = Authorizer.of(known.estate)
    found: dict[str, Binding] = {}
    for binding in authorizer.bindings:
        if authorizer.rules_given(binding) != ():
            for subject in binding.subjects:
                key = key_of(binding, subject)
                if key is not None:
                    found.setdefault(key, binding)
    return found


def _add_webhooks(known: Known, needs: Needs) -> None:
    """The API server calls the pods that answer its webhooks."""
    for configuration in known.estate.of(WebhookConfiguration):
        for index, webhook in enumerate(configuration.webhooks):
            reference = webhook.client_config.service
            if reference is None:
                continue
            service = known.backends.named(reference.namespace or "", reference.name)
            at = ("webhooks", index, "clientConfig", "service")
            if service is None:
                continue
            because = Because(
                WEBHOOK, f"{configuration.ref.kind} {configuration.name} is answered by it", configuration, at
            )
            for member, protocol, port in service_targets(known, service, reference.port or 443):
                needs.add(Need(ApiServer(), member, protocol, port), because)


def _add_replicas(needs: Needs, group: Group) -> None:
    """The replicas of a StatefulSet talk to each other, as clusters of databases and queues do."""
    for pod in group.pods:
        source = pod.source
        if not isinstance(source, ReplicatedWorkload) or source.ref.kind != "StatefulSet":
            continue
        replicas = source.spec.replicas
        if replicas is None or replicas < 2:
            continue
        because = Because(
            REPLICAS,
            f"{replicas} replicas of a StatefulSet may talk to each other",
            source,
            ("spec", "replicas"),
        )
        ports = dict.fromkeys(
            (port.protocol or TCP, port.container_port)
            for container in pod.template.spec.containers or ()
            for port in container.ports or ()
            if port.container_port
        )
        for protocol, number in ports:
            needs.add(Need(Member(group.name), Member(group.name), protocol, number), because)


def unknown_api_server(known: Known) -> Iterator[Open]:
    """What to say where nobody told where the API server is."""
    if not known.told.api_servers and known.node_addresses(_CONTROL_PLANE) is None:
        yield Open(
            "the API server",
            "its addresses are not known, so that its port is opened to every address",
            f"Say them: --api-server {_seen(known)}",
        )


def _seen(known: Known) -> str:
    """An address of the API server that flows showed, of which there may be more; else an example."""
    seen = sorted(known.api_seen)
    return f"{cidr(seen[0])}, which was seen, and all others" if seen else "10.0.0.0/28"

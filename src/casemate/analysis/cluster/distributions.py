"""What k3s and RKE2 start from their options, with the flags that they give by themselves.

Source: k3s-io/k3s pkg/daemons/control/server.go, pkg/daemons/agent, pkg/etcd/etcd.go, pkg/util/args.go and
pkg/configfilearg/parser.go; rancher/rke2 pkg/executor/staticpod/staticpod.go and pkg/rke2. An item of
`kube-apiserver-arg` takes the place of the distribution's own value; `name+=value` adds behind it
and `name-=value` before it.
"""

from collections.abc import Iterator, Mapping

from casemate.model.components import PAIRS, Component, DistributionSettings, Given
from casemate.model.estate import Estate

K3S, RKE2 = "k3s", "RKE2"
Options = Mapping[str, tuple[Given, ...]]

SERVER_KEYS = frozenset(
    """
    kube-apiserver-arg kube-controller-manager-arg kube-scheduler-arg etcd-arg
    kube-cloud-controller-manager-arg
    write-kubeconfig write-kubeconfig-mode write-kubeconfig-group tls-san tls-san-security cluster-init
    cluster-reset cluster-cidr service-cidr service-node-port-range cluster-dns cluster-domain flannel-backend
    flannel-ipv6-masq flannel-external-ip egress-selector-mode secrets-encryption secrets-encryption-provider
    agent-token agent-token-file datastore-endpoint datastore-cafile datastore-certfile datastore-keyfile
    etcd-expose-metrics etcd-disable-snapshots etcd-snapshot-name etcd-snapshot-schedule-cron
    etcd-snapshot-retention etcd-snapshot-dir etcd-snapshot-compress etcd-s3 disable disable-scheduler
    disable-cloud-controller disable-kube-proxy disable-network-policy disable-helm-controller
    disable-apiserver disable-controller-manager disable-etcd advertise-address advertise-port
    https-listen-port default-local-storage-path embedded-registry servicelb-namespace supervisor-metrics
    cni audit-policy-file pod-security-admission-config-file ingress-controller
    control-plane-resource-requests control-plane-resource-limits control-plane-probe-configuration
    kube-apiserver-image kube-controller-manager-image kube-scheduler-image etcd-image
    kube-apiserver-extra-mount kube-apiserver-extra-env etcd-extra-mount etcd-extra-env
    """.split()
)
"""Options that only a server takes; a file without any of them sets up a node."""


def components(distribution: str, options: Options) -> Iterator[Component]:
    """The programs that the options start, each with the distribution's own flags."""
    folder = _text(options, "data-dir") or f"/var/lib/rancher/{distribution.lower()}"
    tls = f"{folder}/server/tls"
    if _is_server(options):
        storage, own_etcd = _storage(distribution, options, tls)
        own = {
            "kube-apiserver": _apiserver(distribution, options, folder) | storage,
            "kube-controller-manager": _controller_manager(distribution, tls),
            "kube-scheduler": {"bind-address": "127.0.0.1", "profiling": "false"},
        }
        if own_etcd:
            own["etcd"] = _etcd(tls)
        for name, defaults in own.items():
            if not _true(options, f"disable-{name.removeprefix('kube-')}"):
                yield _component(distribution, name, options, defaults)
    yield _component(distribution, "kubelet", options, _kubelet(options, folder))


def of_folder(entity: DistributionSettings, estate: Estate) -> tuple[Component, ...]:
    """What a configuration file and its drop-ins start; nothing for a drop-in beside the file or another.

    Files count in the order of their names; a key in a later one takes the place of an earlier
    one, unless it ends with `+`.
    """
    base = _base(entity)
    files = [one for one in estate.of(DistributionSettings) if _base(one) == base]
    if len(files) < 2:
        return entity.components
    files.sort(key=lambda one: (_file(one) != base, _file(one)))
    if files[0] is not entity:
        return ()
    merged: dict[str, tuple[Given, ...]] = {}
    for file in files:
        settings: DistributionSettings = file
        for key, given in settings.options.items():
            name = key.removesuffix("+")
            here = given if settings is entity else tuple(_from(one, name, _file(settings)) for one in given)
            merged[name] = (*merged.get(name, ()), *here) if key.endswith("+") else here
    return tuple(components(entity.distribution, merged))


def _from(given: Given, key: str, file: str) -> Given:
    return Given(given.value, (key,), file.rpartition("/")[2], alone=False)


def _file(entity: object) -> str:
    return entity.origin.document.file  # type: ignore[attr-defined,no-any-return] # an entity


def _base(entity: object) -> str:
    """The configuration file that a file is, or that it is a drop-in of."""
    file = _file(entity)
    folder = file.rpartition("/")[0]
    return folder.removesuffix(".d") if folder.endswith(".d") else file


def _component(distribution: str, name: str, options: Options, defaults: dict[str, str]) -> Component:
    key = f"{name}-arg"
    added = f"{key}+" in options and key not in options
    items = options.get(key, options.get(f"{key}+", ()))
    found: dict[str, tuple[Given, ...]] = {}
    own = dict(defaults)
    for item in items:
        text, equals, value = item.value.removeprefix("--").partition("=")
        flag = text.rstrip("-+")
        given = Given(value if equals else "true", item.path, item.by, alone=item.alone and text == flag)
        before = found.get(flag, ())
        if text != flag and not before and flag in own:
            before = (Given(own[flag], item.path, f"given by {distribution}", alone=False),)
        found[flag] = (given, *before) if text.endswith("-") else (*before, given)
        own.pop(flag, None)
    listed = not items or (len(items[0].path) > 1 and items[0].by is None)
    return Component(
        name=name,
        started_by=distribution,
        at=(f"{key}+" if added else key,),
        form=PAIRS if listed else "",
        size=len([item for item in items if item.by is None]),
        flags=found,
        defaults=_settled(name, found, own),
    )


def _settled(name: str, found: dict[str, tuple[Given, ...]], own: dict[str, str]) -> dict[str, str]:
    """The distribution's flags beside those of the user; a file takes the place of the flags it replaces."""
    if name == "kube-apiserver":
        for file, flag in (
            ("authorization-config", "authorization-mode"),
            ("authentication-config", "anonymous-auth"),
        ):
            if file in found:
                own.pop(flag, None)
    return own


def _apiserver(distribution: str, options: Options, folder: str) -> dict[str, str]:
    tls, domain = f"{folder}/server/tls", _text(options, "cluster-domain") or "cluster.local"
    found = {
        "allow-privileged": "true",
        "anonymous-auth": "false",
        "authorization-mode": "Node,RBAC",
        "bind-address": "127.0.0.1",
        "client-ca-file": f"{tls}/client-ca.crt",
        "enable-admission-plugins": "NodeRestriction",
        "enable-bootstrap-token-auth": "true",
        "kubelet-certificate-authority": f"{tls}/server-ca.crt",
        "kubelet-client-certificate": f"{tls}/client-kube-apiserver.crt",
        "kubelet-client-key": f"{tls}/client-kube-apiserver.key",
        "profiling": "false",
        "requestheader-allowed-names": "system:auth-proxy",
        "requestheader-client-ca-file": f"{tls}/request-header-ca.crt",
        "service-account-issuer": f"https://kubernetes.default.svc.{domain}",
        "service-account-key-file": f"{tls}/service.key",
        "service-account-signing-key-file": f"{tls}/service.current.key",
        "tls-cert-file": f"{tls}/serving-kube-apiserver.crt",
        "tls-private-key-file": f"{tls}/serving-kube-apiserver.key",
    }
    if distribution == RKE2 or _true(options, "secrets-encryption"):
        found["encryption-provider-config"] = f"{folder}/server/cred/encryption-config.json"
    if distribution == RKE2:
        found |= _rke2(options, folder)
    return found


def _rke2(options: Options, folder: str) -> dict[str, str]:
    """What RKE2 adds: Pod Security, and with an audit policy or the CIS profile the audit log."""
    chosen = _text(options, "pod-security-admission-config-file")
    found = {"admission-control-config-file": chosen or "/etc/rancher/rke2/rke2-pss.yaml"}
    hardened = _hardened(options)
    policy = _text(options, "audit-policy-file")
    if hardened:
        found["service-account-extend-token-expiration"] = "false"
        policy = policy or "/etc/rancher/rke2/audit-policy.yaml"
    if policy:
        found |= {
            "audit-policy-file": policy,
            "audit-log-path": f"{folder}/server/logs/audit.log",
            "audit-log-maxage": "30",
            "audit-log-maxbackup": "10",
            "audit-log-maxsize": "100",
        }
    return found


def _is_server(options: Options) -> bool:
    if any(key.removesuffix("+") in SERVER_KEYS for key in options):
        return True
    return "profile" in options and "server" not in options


def _hardened(options: Options) -> bool:
    return (_text(options, "profile") or "").startswith("cis")


def _storage(distribution: str, options: Options, tls: str) -> tuple[dict[str, str], bool]:
    """How the API server reaches its storage, and whether the distribution runs an etcd of its own."""
    endpoint = _text(options, "datastore-endpoint")
    if endpoint is not None:
        if not endpoint.startswith(("http://", "https://")):
            return {"etcd-servers": "unix://kine.sock"}, False
        keys = {"etcd-cafile": "cafile", "etcd-certfile": "certfile", "etcd-keyfile": "keyfile"}
        given = {flag: _text(options, f"datastore-{key}") for flag, key in keys.items()}
        return {"etcd-servers": endpoint} | {flag: value for flag, value in given.items() if value}, False
    clustered = distribution == RKE2 or _true(options, "cluster-init") or "server" in options
    if not clustered and not any(key.removesuffix("+") == "etcd-arg" for key in options):
        return {"etcd-servers": "unix://kine.sock"}, False
    client = f"{tls}/etcd/client"
    servers = {
        "etcd-servers": "https://127.0.0.1:2379",
        "etcd-cafile": f"{tls}/etcd/server-ca.crt",
        "etcd-certfile": f"{client}.crt",
        "etcd-keyfile": f"{client}.key",
    }
    return servers, True


def _controller_manager(distribution: str, tls: str) -> dict[str, str]:
    found = {
        "bind-address": "127.0.0.1",
        "profiling": "false",
        "root-ca-file": f"{tls}/server-ca.crt",
        "service-account-private-key-file": f"{tls}/service.current.key",
        "use-service-account-credentials": "true",
    }
    return found | {"terminated-pod-gc-threshold": "1000"} if distribution == RKE2 else found


def _etcd(tls: str) -> dict[str, str]:
    return {
        "cert-file": f"{tls}/etcd/server-client.crt",
        "client-cert-auth": "true",
        "key-file": f"{tls}/etcd/server-client.key",
        "listen-client-urls": "https://127.0.0.1:2379",
        "listen-metrics-urls": "http://127.0.0.1:2381",
        "listen-peer-urls": "https://127.0.0.1:2380",
        "peer-cert-file": f"{tls}/etcd/peer-server-client.crt",
        "peer-client-cert-auth": "true",
        "peer-key-file": f"{tls}/etcd/peer-server-client.key",
        "peer-trusted-ca-file": f"{tls}/etcd/peer-ca.crt",
        "trusted-ca-file": f"{tls}/etcd/server-ca.crt",
    }


def _kubelet(options: Options, folder: str) -> dict[str, str]:
    found = {
        "anonymous-auth": "false",
        "authentication-token-webhook": "true",
        "authorization-mode": "Webhook",
        "client-ca-file": f"{folder}/agent/client-ca.crt",
        "healthz-bind-address": "127.0.0.1",
        "read-only-port": "0",
        "tls-cert-file": f"{folder}/agent/serving-kubelet.crt",
        "tls-private-key-file": f"{folder}/agent/serving-kubelet.key",
    }
    if _true(options, "protect-kernel-defaults") or _hardened(options):
        found["protect-kernel-defaults"] = "true"
    return found


def _text(options: Options, key: str) -> str | None:
    given = options.get(key, ())
    return given[-1].value or None if given else None


def _true(options: Options, key: str) -> bool:
    return (_text(options, key) or "").lower() in {"true", "1", "t"}

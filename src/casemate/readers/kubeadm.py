"""kubeadm's configuration becomes the programs that kubeadm starts from it.

Source: kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm (v1beta1 to v1beta4) and
cmd/kubeadm/app/phases/controlplane/manifests.go and etcd/local.go for the flags that kubeadm gives
by itself. `extraArgs` is a map up to v1beta3 and a list of names and values since; what stands there
takes the place of kubeadm's own value.
"""

from typing import Any

from casemate.model.components import MAP, NAMED, Component, ComponentSettings, Given
from casemate.model.errors import ReadError
from casemate.model.estate import Problem
from casemate.model.place import Path, path_text
from casemate.readers.components import in_force, whole_file
from casemate.readers.typed import type_words

KINDS = frozenset(("ClusterConfiguration", "InitConfiguration", "JoinConfiguration"))
_VERSIONS = {"v1beta1": MAP, "v1beta2": MAP, "v1beta3": MAP, "v1beta4": NAMED}
_BY = "kubeadm"
_PKI = "/etc/kubernetes/pki"


def settings(tree: dict[str, Any], common: dict[str, Any], problems: list[Problem]) -> ComponentSettings:
    """The programs that a document of kubeadm starts.

    Raises `ReadError` for a version whose form is not known. A field of a wrong type is noted in
    `problems` and left out.
    """
    ref = common["ref"]
    version = ref.api_version.partition("/")[2]
    if version not in _VERSIONS:
        known = ", ".join(_VERSIONS)
        raise ReadError(f"{ref.api_version} is no version of kubeadm's configuration known here: {known}")
    form = _Form(tree, version, problems)
    found = form.control_plane() if ref.kind == "ClusterConfiguration" else form.node()
    return ComponentSettings(**common, components=tuple(found), problems=tuple(problems))


class _Form:
    """One document; wrong types are noted once and then count as absent."""

    def __init__(self, tree: dict[str, Any], version: str, problems: list[Problem]) -> None:
        self.tree = tree
        self.version = version
        self.form = _VERSIONS[version]
        self.problems = problems
        self.lost: set[Path] = set()

    def control_plane(self) -> list[Component]:
        """The API server, controller manager, scheduler and, unless it is external, etcd."""
        pki = self.text(("certificatesDir",)) or _PKI
        external = self.map(("etcd", "external"))
        found = [
            self.component("kube-apiserver", ("apiServer",), self.apiserver(pki, external)),
            self.component("kube-controller-manager", ("controllerManager",), _controller_manager(pki)),
            self.component("kube-scheduler", ("scheduler",), {"bind-address": "127.0.0.1"}),
        ]
        if external is None:
            found.append(self.component("etcd", ("etcd", "local"), _etcd(pki)))
        return found

    def node(self) -> list[Component]:
        """The kubelet of the node that is set up."""
        at = ("nodeRegistration", "kubeletExtraArgs")
        return [self.built("kubelet", at, {}, ())]

    def component(self, name: str, at: Path, defaults: dict[str, str]) -> Component:
        """A program with its section of the document."""
        return self.built(name, (*at, "extraArgs"), defaults, self.mounts((*at, "extraVolumes")))

    def built(
        self, name: str, at: Path, defaults: dict[str, str], files: tuple[tuple[str, str], ...]
    ) -> Component:
        """A program with its flags."""
        flags, size = self.flags(at)
        if "authorization-config" in flags:
            defaults.pop("authorization-mode", None)
        gap = whole_file(name, flags)
        if at in self.lost:
            gap = gap or f"{path_text(at)} is not of the form that {self.version} has"
        return Component(
            name=name,
            started_by=_BY,
            at=at,
            form=self.form,
            size=size,
            flags=in_force(name, flags),
            defaults=defaults,
            version=None if name == "etcd" else self.text(("kubernetesVersion",)),
            files=files,
            gap=gap,
        )

    def flags(self, at: Path) -> tuple[dict[str, tuple[Given, ...]], int]:
        """The flags of a section, and how many items it lists."""
        value = self.get(at)
        if value is None:
            return {}, 0
        wanted = "a map" if self.form == MAP else "a list of names and values"
        if not isinstance(value, dict if self.form == MAP else list):
            self.wrong(at, wanted, value)
            self.lost.add(at)
            return {}, 0
        found: dict[str, list[Given]] = {}
        if isinstance(value, dict):
            for name, item in value.items():
                text = self.scalar((*at, name), item)
                if text is None:
                    self.lost.add(at)
                else:
                    found[name] = [Given(text, (*at, name))]
            return {name: tuple(given) for name, given in found.items()}, 0
        for index, item in enumerate(value):
            name = item.get("name") if isinstance(item, dict) else None
            if not isinstance(name, str) or not name:
                self.wrong((*at, index), "a name and a value", item)
                self.lost.add(at)
                continue
            path = (*at, index, "value")
            text = self.scalar(path, item.get("value", ""))
            if text is None:
                self.lost.add(at)
            else:
                found.setdefault(name, []).append(Given(text, path))
        return {name: tuple(given) for name, given in found.items()}, len(value)

    def apiserver(self, pki: str, external: dict[str, Any] | None) -> dict[str, str]:
        """What kubeadm gives the API server by itself, as far as it bears on security."""
        domain = self.text(("networking", "dnsDomain")) or "cluster.local"
        found = {
            "allow-privileged": "true",
            "authorization-mode": "Node,RBAC",
            "client-ca-file": f"{pki}/ca.crt",
            "enable-admission-plugins": "NodeRestriction",
            "enable-bootstrap-token-auth": "true",
            "kubelet-client-certificate": f"{pki}/apiserver-kubelet-client.crt",
            "kubelet-client-key": f"{pki}/apiserver-kubelet-client.key",
            "proxy-client-cert-file": f"{pki}/front-proxy-client.crt",
            "proxy-client-key-file": f"{pki}/front-proxy-client.key",
            "requestheader-allowed-names": "front-proxy-client",
            "requestheader-client-ca-file": f"{pki}/front-proxy-ca.crt",
            "secure-port": "6443",
            "service-account-issuer": f"https://kubernetes.default.svc.{domain}",
            "service-account-key-file": f"{pki}/sa.pub",
            "service-account-signing-key-file": f"{pki}/sa.key",
            "tls-cert-file": f"{pki}/apiserver.crt",
            "tls-private-key-file": f"{pki}/apiserver.key",
        }
        if external is None:
            return found | {
                "etcd-servers": "https://127.0.0.1:2379",
                "etcd-cafile": f"{pki}/etcd/ca.crt",
                "etcd-certfile": f"{pki}/apiserver-etcd-client.crt",
                "etcd-keyfile": f"{pki}/apiserver-etcd-client.key",
            }
        at = ("etcd", "external")
        servers = external.get("endpoints")
        certificate, key = self.text((*at, "certFile")), self.text((*at, "keyFile"))
        given = {
            "etcd-servers": ",".join(map(str, servers)) if isinstance(servers, list) else "",
            "etcd-cafile": self.text((*at, "caFile")),
            "etcd-certfile": certificate if key else None,
            "etcd-keyfile": key if certificate else None,
        }
        return found | {name: value for name, value in given.items() if value}

    def mounts(self, at: Path) -> tuple[tuple[str, str], ...]:
        """Where files of the host stand for a program: pairs of mount path and host path."""
        volumes = self.get(at)
        if volumes is not None and not isinstance(volumes, list):
            self.wrong(at, "a list", volumes)
        items = volumes if isinstance(volumes, list) else []
        pairs: list[tuple[str, str]] = []
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                self.wrong((*at, index), "a map", item)
                continue
            inside, host = item.get("mountPath"), item.get("hostPath")
            if isinstance(inside, str) and isinstance(host, str) and inside and host:
                pairs.append((inside, host))
                continue
            for key, value in (("mountPath", inside), ("hostPath", host)):
                if value is not None and not isinstance(value, str):
                    self.wrong((*at, index, key), "text", value)
        return tuple(pairs)

    def get(self, path: Path) -> Any:
        """What stands at a path; None where something on the way is absent or no map."""
        here: Any = self.tree
        for index, step in enumerate(path):
            if here is None:
                return None
            if not isinstance(here, dict):
                self.wrong(path[:index], "a map", here)
                self.lost.add(path)
                return None
            here = here.get(step)
        return here

    def map(self, path: Path) -> dict[str, Any] | None:
        """A map at a path; one that is there and null is empty, as kubeadm reads it."""
        found = self.get(path)
        if found is not None and not isinstance(found, dict):
            self.wrong(path, "a map", found)
            return None
        return found

    def text(self, path: Path) -> str | None:
        """A text at a path."""
        found = self.get(path)
        if found is None or isinstance(found, str):
            return found or None
        self.wrong(path, "text", found)
        return None

    def scalar(self, path: Path, value: Any) -> str | None:
        """The text of a flag's value; the API takes nothing but text there, and `true` is meant as "true"."""
        if isinstance(value, str):
            return value
        self.wrong(path, "text", value)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, (int, float)) else None

    def wrong(self, path: Path, wanted: str, found: Any) -> None:
        """Note a value of a wrong type, once for each place."""
        message = f"{path_text(path)} must be {wanted}, not {type_words(found)}"
        problem = Problem("wrong-type", path, message)
        if problem not in self.problems:
            self.problems.append(problem)


def _controller_manager(pki: str) -> dict[str, str]:
    return {
        "bind-address": "127.0.0.1",
        "client-ca-file": f"{pki}/ca.crt",
        "cluster-signing-cert-file": f"{pki}/ca.crt",
        "cluster-signing-key-file": f"{pki}/ca.key",
        "requestheader-client-ca-file": f"{pki}/front-proxy-ca.crt",
        "root-ca-file": f"{pki}/ca.crt",
        "service-account-private-key-file": f"{pki}/sa.key",
        "use-service-account-credentials": "true",
    }


def _etcd(pki: str) -> dict[str, str]:
    return {
        "cert-file": f"{pki}/etcd/server.crt",
        "client-cert-auth": "true",
        "key-file": f"{pki}/etcd/server.key",
        "listen-client-urls": "https://127.0.0.1:2379",
        "listen-metrics-urls": "http://127.0.0.1:2381",
        "listen-peer-urls": "https://127.0.0.1:2380",
        "peer-cert-file": f"{pki}/etcd/peer.crt",
        "peer-client-cert-auth": "true",
        "peer-key-file": f"{pki}/etcd/peer.key",
        "peer-trusted-ca-file": f"{pki}/etcd/ca.crt",
        "trusted-ca-file": f"{pki}/etcd/ca.crt",
    }

"""Probes and hooks may not be sent to other hosts (policy/check_hostProbesAndhostLifecycle.go)."""

from collections.abc import Iterator

from casemate.analysis.pod_security.check import Check, Forbidden, Level, plural, quote, since
from casemate.analysis.pods.view import Container, Pod
from casemate.model.place import Path
from casemate.model.pods import Lifecycle


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.34: no probe and no lifecycle hook names a host."""
    names: set[str] = set()
    hosts: set[str] = set()
    paths: list[Path] = []
    for container in pod.containers:
        for path, host in probe_hosts(container):
            names.add(container.name)
            hosts.add(host)
            paths.append(path)
    if not paths:
        return None
    return Forbidden(
        "probe or lifecycle host",
        f"{plural(len(names), 'container')} {quote(sorted(names))} {plural(len(names), 'uses', 'use')} "
        f"{plural(len(hosts), 'probe or lifecycle host')} {quote(sorted(hosts))}",
        tuple(paths),
    )


def probe_hosts(container: Container) -> Iterator[tuple[Path, str]]:
    """Each host that a probe or hook of the container names, and where."""
    spec = container.spec
    hooks = spec.lifecycle or Lifecycle()
    for keys, probe in (
        (("livenessProbe",), spec.liveness_probe),
        (("readinessProbe",), spec.readiness_probe),
        (("startupProbe",), spec.startup_probe),
        (("lifecycle", "postStart"), hooks.post_start),
        (("lifecycle", "preStop"), hooks.pre_stop),
    ):
        if probe is None:
            continue
        if probe.http_get is not None and probe.http_get.host:
            yield container.at(*keys, "httpGet", "host"), probe.http_get.host
        if probe.tcp_socket is not None and probe.tcp_socket.host:
            yield container.at(*keys, "tcpSocket", "host"), probe.tcp_socket.host


CHECK = Check("hostProbesAndHostLifecycle", Level.BASELINE, ((since(34), judge),))

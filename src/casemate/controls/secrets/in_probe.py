"""A probe or a lifecycle hook of a container holds a secret in plain text.

The check of a database logs in with its password, the check of a service sends its token as a
header. What stands there is read with the manifest, and headers go over the network as they are.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.secrets import Match, in_arguments, in_value
from casemate.model.control import Consequence, Fault, control
from casemate.model.place import Path
from casemate.model.pods import Lifecycle, Probe
from casemate.model.severity import Severity

_NO_HOOKS = Lifecycle()


@control(
    "secret-in-probe",
    title="Secret in a probe",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Probe what needs no login, or let the command read a file that a Secret is mounted as",
    standards=(
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552",
        "MITRE:T1552.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NIST-800-190:4.1.4",
    ),
    area="secrets_env_encryption",
    docker="Check what needs no login, or let the command read a file of Compose's secrets",
)
def in_probe(container: Container) -> Iterator[Fault]:
    spec = container.spec
    hooks = spec.lifecycle or _NO_HOOKS
    for probe, steps in (
        (spec.liveness_probe, ("livenessProbe",)),
        (spec.readiness_probe, ("readinessProbe",)),
        (spec.startup_probe, ("startupProbe",)),
        (hooks.post_start, ("lifecycle", "postStart")),
        (hooks.pre_stop, ("lifecycle", "preStop")),
    ):
        if probe is not None:
            for path, found in _secrets(probe):
                what = f"{found.name} holds {found.kind}" if found.name else f"it holds {found.kind}"
                yield Fault(
                    message=f"{steps[-1]} of container {container.name}: {what}",
                    at=container.at(*steps, *path),
                    why=(found.why,) if found.why else (),
                    severity=found.severity,
                    confidence=found.confidence,
                )


def _secrets(probe: Probe) -> Iterator[tuple[Path, Match]]:
    if probe.exec is not None:
        for index, found in in_arguments(probe.exec.command or ()):
            yield ("exec", "command", index), found
    for index, header in enumerate((probe.http_get and probe.http_get.http_headers) or ()):
        name, value = header.name or "", header.value or ""
        text = f"{name}: {value}" if name.lower() == "authorization" else value
        header_found = in_value(name, text)
        if header_found is not None:
            yield ("httpGet", "httpHeaders", index, "value"), header_found

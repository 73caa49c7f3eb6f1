"""A service publishes the API of a container engine, or lets one listen without TLS.

Whoever may speak to it starts a privileged container with the host's disk in it: that is root on
the host. Port 2375 asks nobody who they are.
"""

from collections.abc import Iterator

from casemate.model.compose import ComposeService
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_PLAIN = 2375
_TLS = 2376


@control(
    "compose-engine-api",
    title="API of the container engine over the network",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove the port; speak to the engine by ssh:// or by its socket",
    standards=(
        "MITRE:T1610",
        "MITRE:T1612",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    area="runtime_isolation_sandbox",
)
def engine_api(service: ComposeService) -> Iterator[Fault]:
    name = service.ref.name
    for port in service.published:
        if port.container in {_PLAIN, _TLS}:
            plain = port.container == _PLAIN
            local = (port.address or "").startswith(("127.", "::1"))
            yield Fault(
                message=f"service {name} publishes the API of a container engine",
                at=port.path,
                why=("it asks for no certificate" if plain else "it asks for a certificate",),
                severity=Severity.MEDIUM if local or not plain else Severity.CRITICAL,
            )
    for word in service.command:
        if "tcp://0.0.0.0:2375" in word.value or "tcp://:2375" in word.value:
            yield Fault(
                message=f"service {name} lets a container engine listen without TLS",
                at=word.path,
                why=("the other services of its networks reach it",),
                severity=Severity.HIGH,
            )

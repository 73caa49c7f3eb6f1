"""The command line of a container holds a secret in plain text.

It stands in the manifest, in the list of processes that every program beside it may read, in
crash reports and in the logs of whatever started it.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.secrets import in_arguments as search
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "secret-in-arguments",
    title="Secret on a command line",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Let the program read it from a mounted Secret, and replace it: it is known by now",
    standards=(
        "CIS-Kubernetes-1.12:5.4.1",
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552",
        "MITRE:T1552.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NIST-800-190:4.1.4",
    ),
    area="secrets_env_encryption",
    docker="Let the program read it from a file of Compose's secrets, and replace it: it is known by now",
)
def in_arguments(container: Container) -> Iterator[Fault]:
    command, arguments = container.spec.command or (), container.spec.args or ()
    if not command and not arguments:
        return
    told: set[tuple[str, str | None]] = set()
    for index, found in search((*command, *arguments)):
        if (found.kind, found.name) in told:
            continue
        told.add((found.kind, found.name))
        field, place = ("command", index) if index < len(command) else ("args", index - len(command))
        what = f"{found.name} holds {found.kind}" if found.name else f"it holds {found.kind}"
        yield Fault(
            message=f"the command line of container {container.name}: {what}",
            at=container.at(field, place),
            why=(found.why,) if found.why else (),
            severity=found.severity,
            confidence=found.confidence,
        )

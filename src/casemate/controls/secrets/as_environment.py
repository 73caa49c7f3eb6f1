"""A secret reaches a container as a variable instead of a file.

Every process that the container starts inherits its variables, error reports and debug pages
print them, and they stay what they were at the start when the Secret is replaced.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "secret-as-environment",
    title="Secret passed as a variable",
    severity=Severity.LOW,
    consequence=Consequence.DISCLOSURE,
    remedy="Mount the Secret as a file, where the program can read one",
    standards=(
        "CIS-Kubernetes-1.12:5.4.1",
        "NSA-CISA-1.2:secrets",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="secrets_env_encryption",
)
def as_environment(container: Container) -> Iterator[Fault]:
    names: list[str] = []
    first = None
    for index, variable in enumerate(container.spec.env or ()):
        if variable.value_from is not None and variable.value_from.secret_key_ref is not None:
            first = index if first is None else first
            names.append(variable.name or "without a name")
    if first is not None:
        yield Fault(
            message=f"container {container.name} gets secrets as variables: {', '.join(names)}",
            at=container.at("env", first, "valueFrom", "secretKeyRef"),
            why=("child processes, error reports and debug pages see variables, but not files",),
        )

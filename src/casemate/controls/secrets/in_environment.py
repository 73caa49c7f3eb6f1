"""A variable of a container holds a secret in plain text.

Whoever may read the workload, its repository or a backup of either reads the secret: far more
people and programs than may read Secrets. It stays in the history after it is removed.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.secrets import in_value, is_suspicious
from casemate.analysis.secrets.entropy import promised
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "secret-in-environment",
    title="Secret in a variable",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Put the value into a Secret or a vault, refer to it, and replace it: it is known by now",
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
    docker="Use Compose's secrets or a variable of the shell, and replace the value: it is known by now",
)
def in_environment(container: Container) -> Iterator[Fault]:
    variables = container.spec.env or ()
    if not is_suspicious((v.name or "" for v in variables), (v.value or "" for v in variables)):
        return
    for index, variable in enumerate(variables):
        name, value = variable.name or "", variable.value
        if not value or (len(value) < _SHORT and promised(name) is None):
            continue
        found = in_value(name, value)
        if found is not None:
            yield Fault(
                message=f"container {container.name}: variable {name} holds {found.kind}",
                at=container.at("env", index, "value"),
                why=(found.why,) if found.why else (),
                severity=found.severity,
                confidence=found.confidence,
            )


_SHORT = 12
"""No known format is shorter."""

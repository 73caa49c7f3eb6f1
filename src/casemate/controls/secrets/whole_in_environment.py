"""A whole Secret becomes the variables of a container.

The container gets keys that it does not need, and whoever may add a key to the Secret sets a
variable in it: `LD_PRELOAD`, `PATH` or a proxy decide what the program runs and whom it asks.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "secret-whole-in-environment",
    title="Whole Secret as variables",
    severity=Severity.LOW,
    consequence=Consequence.DISCLOSURE,
    remedy="Name the keys that are needed with secretKeyRef, or mount them as files",
    standards=(
        "CIS-Kubernetes-1.12:5.4.1",
        "NSA-CISA-1.2:secrets",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="secrets_env_encryption",
)
def whole_in_environment(container: Container) -> Iterator[Fault]:
    for index, source in enumerate(container.spec.env_from or ()):
        if source.secret_ref is not None:
            name = source.secret_ref.name or "without a name"
            yield Fault(
                message=f"container {container.name} gets every key of Secret {name} as a variable",
                at=container.at("envFrom", index, "secretRef"),
                why=("keys that are added to the Secret later become variables too",),
            )

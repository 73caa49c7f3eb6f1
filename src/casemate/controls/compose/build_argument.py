"""A service passes a secret to the build of its image as an argument.

Arguments are kept in the image's history: whoever may pull the image reads them with one command,
and they stay there when a later step removes the file that they were written to.
"""

from collections.abc import Iterator

from casemate.analysis.secrets import in_value
from casemate.model.compose import ComposeService
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "compose-build-argument",
    title="Secret as an argument of a build",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Pass it by build.secrets and RUN --mount=type=secret, and replace the value: it is known by now",
    standards=(
        "MITRE:T1552",
        "MITRE:T1552.001",
        "NIST-800-190:4.1.4",
    ),
    area="secrets_env_encryption",
)
def build_argument(service: ComposeService) -> Iterator[Fault]:
    for name, given in service.build_arguments:
        found = in_value(name, given.value)
        if found is not None:
            yield Fault(
                message=f"service {service.ref.name}: build argument {name} holds {found.kind}",
                at=given.path,
                why=(found.why,) if found.why else (),
                severity=found.severity,
                confidence=found.confidence,
            )

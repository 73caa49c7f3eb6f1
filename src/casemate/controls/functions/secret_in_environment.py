"""A function's environment holds what should be a secret.

The value stands in the object, in every copy of the repository, in the process's environment and in
most crash reports. Platforms for functions mount secrets as files instead.
"""

import re
from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.functions import OpenFaasFunction
from casemate.model.severity import Confidence, Severity

_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|secret|token|api_?key|access_?key|private_?key|credentials?)$", re.IGNORECASE
)
_NOT_A_SECRET = re.compile(
    r"true|false|none|null|\d{1,3}|/.*|\$\{.*\}|\{\{.*\}\}|<.*>|change-?me", re.IGNORECASE
)


@control(
    "function-secret-in-environment",
    title="Secret in a function's environment",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Name a Secret under spec.secrets, read it from its file, and change the value",
    confidence=Confidence.LIKELY,
    standards=(
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552.001",
    ),
    area="secrets_env_encryption",
)
def secret_in_environment(function: OpenFaasFunction) -> Iterator[Fault]:
    for name, value in (function.spec.environment or {}).items():
        if value and _NAME.search(name) and not _NOT_A_SECRET.fullmatch(value):
            yield Fault(
                message=f"the environment variable {name} holds its secret in plain text",
                at=("spec", "environment", name),
                why=("its name says that it is a secret, and a value is written",),
            )

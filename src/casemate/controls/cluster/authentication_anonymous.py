"""Requests without credentials are taken for more than health checks.

Each such request goes on to authorization as system:anonymous; one careless binding, or a flaw before
authorization, is then open to everyone who reaches the API server.

Where the file of an API server that was read is meant, the answer stands there.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.named_files import NamedFiles
from casemate.model.cluster_configs import AuthenticationConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_HEALTH = frozenset(("/livez", "/readyz", "/healthz"))
_SMALL = frozenset(("/version", "/version/"))


@control(
    "cluster-authentication-anonymous",
    title="Anonymous requests beyond health checks",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Allow anonymous requests for /livez, /readyz and /healthz only",
    standards=(
        "CIS-Kubernetes-1.12:1.2.1",
        "NSA-CISA-1.2:authentication",
        "MITRE:T1190",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K09",
    ),
    area="apiserver_flags_anonymous",
)
def authentication_anonymous(config: AuthenticationConfiguration, named: NamedFiles) -> Iterator[Fault]:
    if config in named:
        return
    anonymous = config.anonymous
    if anonymous is None or not anonymous.enabled:
        return
    if not anonymous.conditions:
        yield Fault(
            message="anonymous requests are taken for every path",
            at=("anonymous", "enabled"),
            why=("anonymous.enabled is true and there are no conditions",),
        )
    for index, condition in enumerate(anonymous.conditions):
        path = condition.path or ""
        if path not in _HEALTH and not any(path.startswith(f"{known}/") for known in _HEALTH):
            yield Fault(
                message=f"anonymous requests are taken for {path or 'a condition without a path'}",
                at=("anonymous", "conditions", index, "path"),
                why=("a condition holds for exactly its path",),
                severity=Severity.INFO if path in _SMALL else Severity.LOW,
            )

"""Argo CD answers callers who did not log in.

Anonymous callers get the default role: at the least they see every application, its parameters and
where it runs; with a wider role they deploy.
"""

from collections.abc import Iterator

from casemate.model.configuration import ConfigMap
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_KEY = "users.anonymous.enabled"


@control(
    "governance-argo-anonymous",
    title="Argo CD open to anonymous callers",
    severity=Severity.HIGH,
    consequence=Consequence.CLUSTER,
    remedy="Remove users.anonymous.enabled, and let everybody log in",
    standards=("OWASP-Kubernetes-2022:K06", "OWASP-Kubernetes-2025:K09", "MITRE:T1190"),
    area="cluster_authn_oidc",
    fixes=True,
)
def argo_anonymous(settings: ConfigMap) -> Iterator[Fault]:
    if settings.ref.name == "argocd-cm" and (settings.data or {}).get(_KEY) == "true":
        path = ("data", _KEY)
        yield Fault(
            message="Argo CD answers callers who did not log in",
            at=path,
            why=(f"{_KEY} is true", "anonymous callers get the role that policy.default names"),
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )

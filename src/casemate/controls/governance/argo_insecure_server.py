"""The server of Argo CD speaks plain HTTP.

Between whatever ends TLS in front and the server, passwords and tokens cross the pod network in plain
text, and the server's address answers without TLS to all who reach it.
"""

from collections.abc import Iterator

from casemate.model.configuration import ConfigMap
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_KEY = "server.insecure"


@control(
    "governance-argo-insecure-server",
    title="Argo CD server without TLS",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Remove server.insecure, and let the entrance call the server by TLS",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def argo_insecure_server(settings: ConfigMap) -> Iterator[Fault]:
    if settings.ref.name == "argocd-cmd-params-cm" and (settings.data or {}).get(_KEY) == "true":
        path = ("data", _KEY)
        yield Fault(
            message="the server of Argo CD speaks plain HTTP",
            at=path,
            why=(f"{_KEY} is true",),
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )

"""A webhook is outside of the cluster, and gets every object that it is asked about.

Whoever runs it, or is in its place, decides what is let in, and reads what is sent: Secrets too, where it is
asked about those.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called, guarded
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_HERE = ("localhost", "127.", "[::1]")


@control(
    "admission-webhook-outside",
    title="Webhook outside of the cluster",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Run the webhook in the cluster and name its Service, or ask it about what it needs to know only",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def webhook_outside(called: Called) -> Iterator[Fault]:
    url = called.webhook.client_config.url or ""
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    name = host.partition(":")[0]
    if not host or host.startswith(_HERE) or name.endswith((".svc", ".svc.cluster.local")):
        return
    secrets = "secrets" in guarded(called.webhook.rules)
    what = "Secrets" if secrets else "objects"
    yield Fault(
        message=f"{called.title} sends {what} out of the cluster to {host}",
        at=called.at("clientConfig", "url"),
        why=("clientConfig.url names a host that is no Service",),
        severity=Severity.MEDIUM if secrets else Severity.LOW,
    )

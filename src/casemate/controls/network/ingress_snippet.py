"""An Ingress writes into the configuration of its controller.

Snippets are copied into the proxy's configuration as they are. Whoever may write this Ingress reads
the controller's service account token and every certificate it serves (CVE-2021-25742); controllers
refuse snippets by default since then.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Ingress
from casemate.model.severity import Severity

_NGINX = "nginx.ingress.kubernetes.io/"
_KINDS = ("configuration", "server", "auth", "stream", "modsecurity")
_SNIPPETS = frozenset(
    (
        *(f"{_NGINX}{name}-snippet" for name in _KINDS),
        "nginx.org/server-snippets",
        "nginx.org/location-snippets",
        "haproxy.org/backend-config-snippet",
        *(f"{prefix}/config-{part}" for prefix in ("haproxy-ingress.github.io", "ingress.kubernetes.io")
          for part in ("backend", "backend-early", "backend-late", "frontend", "global", "tcp")),
    )
)  # fmt: skip
"""Annotations that ingress-nginx rates critical, and their like in other controllers."""


@control(
    "network-ingress-snippet",
    title="Raw proxy configuration in an Ingress",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Use the controller's own annotations instead, and keep snippets switched off in the controller",
    standards=("OWASP-Kubernetes-2022:K09", "MITRE:T1552.007"),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def ingress_snippet(ingress: Ingress) -> Iterator[Fault]:
    for key in ingress.annotations:
        if key in _SNIPPETS and ingress.annotations[key].strip():
            path = ("metadata", "annotations", key)
            yield Fault(
                message=f"{key} is copied into the proxy's configuration",
                at=path,
                why=(
                    "whoever may write this Ingress can make the controller read its own files and secrets",
                ),
                fix=Fix(safe=False, edits=(Edit("remove", path),)),
            )

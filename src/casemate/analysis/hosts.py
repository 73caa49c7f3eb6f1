"""The host names that an entrance answers to, each with its place.

A Gateway of the Gateway API has none of its own here: its routes say which names are served.

Source: networking.k8s.io/v1 types.go, `IngressRule.Host`; istio.io/api networking/v1, `Server.hosts`
(`namespace/host`); OpenShift route/v1, `wildcardPolicy`.
"""

from collections.abc import Iterator

from casemate.model.exposure import Front, Ingress
from casemate.model.gateways import IstioGateway, OpenShiftRoute
from casemate.model.place import Path


def hosts(front: Front) -> Iterator[tuple[str | None, Path]]:
    """Every host of an entrance; None, `` and `*` mean all of them."""
    if isinstance(front, Ingress):
        for index, rule in enumerate(front.spec.rules or ()):
            yield rule.host, ("spec", "rules", index, "host")
    elif isinstance(front, IstioGateway):
        for index, server in enumerate(front.spec.servers):
            for position, host in enumerate(server.hosts):
                yield host.rpartition("/")[2], ("spec", "servers", index, "hosts", position)
    elif isinstance(front, OpenShiftRoute) and front.spec.wildcard_policy == "Subdomain":
        _, _, parent = (front.spec.host or "").partition(".")
        yield f"*.{parent}", ("spec", "wildcardPolicy")

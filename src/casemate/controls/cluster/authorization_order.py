"""An authorizer is never asked, or nobody is.

Authorizers are asked in their order until one says yes or no. AlwaysAllow and AlwaysDeny always say
one of them.
"""

from collections.abc import Iterator

from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_FINAL = frozenset(("AlwaysAllow", "AlwaysDeny"))
_KNOWN = _FINAL | {"Webhook", "Node", "RBAC", "ABAC"}


@control(
    "cluster-authorization-order",
    title="Authorizers that are never asked or not known",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="List each known type once, Node and RBAC among them, and nothing behind one that always decides",
    area="apiserver_flags_anonymous",
)
def authorization_order(config: AuthorizationConfiguration) -> Iterator[Fault]:
    final: str | None = None
    if not config.authorizers:
        yield Fault(message="no authorizer is listed, so the API server does not start", at=("authorizers",))
    for index, one in enumerate(config.authorizers):
        at = ("authorizers", index)
        name = one.name or one.type or "without a name"
        if one.type not in _KNOWN:
            yield Fault(
                message=f"the authorizer {name} has no known type, so the API server does not start",
                at=(*at, "type"),
            )
        elif final is not None:
            yield Fault(
                message=f"the authorizer {name} stands behind {final} and is never asked", at=(*at, "type")
            )
        elif one.type in _FINAL:
            final = one.type

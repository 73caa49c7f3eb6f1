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
    types: set[str] = set()
    names: set[str] = set()
    if not config.authorizers:
        yield Fault(message="no authorizer is listed, so the API server does not start", at=("authorizers",))
    for index, one in enumerate(config.authorizers):
        at = ("authorizers", index)
        kind, name = one.type or "", one.name or ""
        shown = name or kind or "without a name"
        if kind not in _KNOWN:
            yield Fault(
                message=f"the authorizer {shown} has no known type, so the API server does not start",
                at=(*at, "type"),
            )
        elif kind in types and kind != "Webhook":
            yield Fault(
                message=f"the type {kind} is listed twice, so the API server does not start", at=(*at, "type")
            )
        elif not name or name in names:
            what = (
                f"the name {name} is given twice" if name else f"an authorizer of the type {kind} has no name"
            )
            yield Fault(message=f"{what}, so the API server does not start", at=(*at, "name"))
        elif final is not None:
            yield Fault(
                message=f"the authorizer {shown} stands behind {final} and is never asked", at=(*at, "type")
            )
        types.add(kind)
        names.add(name)
        final = final or (kind if kind in _FINAL else None)

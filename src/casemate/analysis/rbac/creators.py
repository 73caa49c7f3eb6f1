"""Who may make objects again that a binding names and that are not there.

Whoever holds everything in the whole cluster gains nothing by it and is left out, as are Kubernetes' own
bindings.
"""

from casemate.analysis.rbac.defaults import is_default_binding
from casemate.analysis.rbac.grants import title
from casemate.analysis.rbac.holdings import EVERYWHERE, Content, Holding, Holdings
from casemate.analysis.rbac.rules import grants, grants_everything
from casemate.model.rbac import RBAC
from casemate.model.version import KubernetesVersion

_GROUPS = {"roles": RBAC, "clusterroles": RBAC}
_WORDS = {
    "serviceaccounts": "service accounts",
    "namespaces": "namespaces",
    "roles": "roles",
    "clusterroles": "ClusterRoles",
}
_SHOWN = 2


class Creators:
    """By resource, release and scope: who may create such objects."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._found: dict[tuple[str, KubernetesVersion], dict[str, list[str]]] = {}

    def sentence(self, resource: str, namespace: str, kubernetes: KubernetesVersion) -> tuple[str, ...]:
        """One sentence on who may create such an object in a namespace (empty: in none); none if nobody."""
        found = self._found.get((resource, kubernetes))
        if found is None:
            found = self._found[resource, kubernetes] = self._by_scope(resource, kubernetes)
        scopes = (EVERYWHERE, namespace) if namespace else (EVERYWHERE,)
        who = list(dict.fromkeys(name for scope in scopes for name in found.get(scope, ())))
        if not who:
            return ()
        names = ", ".join(who[:_SHOWN])
        others = len(who) - _SHOWN
        more = "" if others < 1 else " and one other" if others == 1 else f" and {others:,} others"
        return (f"{names}{more} may create {_WORDS[resource]}{f' in {namespace}' if namespace else ''}",)

    def _by_scope(self, resource: str, kubernetes: KubernetesVersion) -> dict[str, list[str]]:
        known: dict[Content, bool] = {}
        found: dict[str, list[str]] = {}
        for held in self._holdings.by_key(kubernetes).values():
            if any(_is_everything(holding) for holding in held):
                continue
            for holding in held:
                content = holding.content
                if content not in known:
                    group = _GROUPS.get(resource, "")
                    known[content] = any(grants(rule, "create", group, resource) for rule in content.rules)
                if known[content] and not is_default_binding(holding.binding, kubernetes):
                    subject = holding.binding.subjects[holding.index]
                    found.setdefault(holding.scope, []).append(title(holding.binding.holder(subject)))
        return found


def _is_everything(holding: Holding) -> bool:
    return holding.scope == EVERYWHERE and any(grants_everything(rule) for rule in holding.content.rules)

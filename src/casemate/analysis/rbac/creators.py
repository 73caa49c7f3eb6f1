"""Who may make objects again that a binding names and that are not there.

Whoever holds everything in the whole cluster gains nothing by it and is left out, as are Kubernetes' own
bindings.
"""

from casemate.analysis.rbac.defaults import is_default_binding
from casemate.analysis.rbac.grants import title
from casemate.analysis.rbac.holdings import EVERYWHERE, Content, Holdings
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
        self._said: dict[tuple[str, str, KubernetesVersion], tuple[str, ...]] = {}

    def sentence(self, resource: str, namespace: str, kubernetes: KubernetesVersion) -> tuple[str, ...]:
        """One sentence on who may create such an object in a namespace (empty: in none); none if nobody."""
        said = self._said.get((resource, namespace, kubernetes))
        if said is None:
            said = self._said[resource, namespace, kubernetes] = self._sentence(
                resource, namespace, kubernetes
            )
        return said

    def _sentence(self, resource: str, namespace: str, kubernetes: KubernetesVersion) -> tuple[str, ...]:
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
        known: dict[Content, tuple[bool, bool]] = {}
        found: dict[str, list[str]] = {}
        for held in self._holdings.by_key(kubernetes).values():
            making = []
            for one in held:
                answer = known.get(one.content)
                if answer is None:
                    answer = known[one.content] = _answer(one.content, resource)
                makes, everything = answer
                if everything and one.scope == EVERYWHERE:
                    break
                if makes and not is_default_binding(one.binding, kubernetes):
                    making.append(one)
            else:
                for one in making:
                    subject = one.binding.subjects[one.index]
                    found.setdefault(one.scope, []).append(title(one.binding.holder(subject)))
        return found


def _answer(content: Content, resource: str) -> tuple[bool, bool]:
    """Whether a role creates such objects, and whether it grants everything."""
    group = _GROUPS.get(resource, "")
    makes = any(grants(rule, "create", group, resource) for rule in content.rules)
    return makes, any(grants_everything(rule) for rule in content.rules)

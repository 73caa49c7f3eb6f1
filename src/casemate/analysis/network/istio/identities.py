"""Which pods have the identities that a policy of Istio names.

An identity is `TRUST_DOMAIN/ns/NAMESPACE/sa/SERVICE_ACCOUNT`. A value may be one identity, its beginning
(`a*`), its end (`*a`), or `*`, which is any identity.

Source: istio.io/api security/v1beta1/authorization_policy.proto (`Rule`, `Source`), istio.io/istio
pilot/pkg/security/authz/model/generator.go and pilot/pkg/security/trustdomain: `cluster.local` in a policy
always means the mesh's own trust domain.
"""

from casemate.analysis.network.endpoint_sets import either
from casemate.analysis.network.labels import (
    CONTAINS,
    ENDS,
    NAME_LABEL,
    STARTS,
    Labels,
    Matches,
    OneOf,
    all_of,
    namespace_named,
)
from casemate.analysis.network.policies import Endpoints, Nobody, Pods

OWN_DOMAIN = "cluster.local"
"""The trust domain that policies may always write for the mesh's own."""
_ANYBODY = Pods()


def of_principals(values: tuple[str, ...], domain: str = OWN_DOMAIN) -> Endpoints:
    """The pods whose identity is one of the values, in a mesh with a trust domain."""
    names = dict.fromkeys((OWN_DOMAIN, domain))
    return either(*(_principal(value, name) for value in values for name in names))


def of_namespaces(values: tuple[str, ...]) -> Endpoints:
    """The pods whose identity is of one of the namespaces; `*` stands for any text, wherever it is."""
    return either(*(Pods(namespaces=_glob(value)) for value in values))


def of_accounts(values: tuple[str, ...], home: str) -> Endpoints:
    """The pods that run under one of the service accounts: `NAMESPACE/NAME`, or a name at home."""
    found = []
    for value in values:
        namespace, slash, name = value.partition("/")
        inside, account = (namespace, name) if slash else (home, value)
        found.append(Pods(namespaces=namespace_named(inside), accounts=_name(account)))
    return either(*found)


def _principal(value: str, domain: str) -> Endpoints:
    if value == "*":
        return _ANYBODY
    if value.startswith("*"):
        return _ending(value[1:], domain)
    if value.endswith("*"):
        return _beginning(value[:-1], domain)
    parts = value.split("/")
    if len(parts) != 5 or parts[0] != domain or parts[1] != "ns" or parts[3] != "sa":
        return Nobody()
    return Pods(namespaces=namespace_named(parts[2]), accounts=_name(parts[4]))


def _beginning(text: str, domain: str) -> Endpoints:
    """The pods whose identity begins with a text."""
    start = f"{domain}/ns/"
    if start.startswith(text):
        return _ANYBODY
    if not text.startswith(start):
        return Nobody()
    namespace, slash, rest = text[len(start) :].partition("/")
    if not slash:
        return Pods(namespaces=Matches(NAME_LABEL, STARTS, namespace))
    inside = namespace_named(namespace)
    if "sa/".startswith(rest):
        return Pods(namespaces=inside)
    if not rest.startswith("sa/"):
        return Nobody()
    return Pods(namespaces=inside, accounts=Matches(NAME_LABEL, STARTS, rest.removeprefix("sa/")))


def _ending(text: str, domain: str) -> Endpoints:
    """The pods whose identity ends with a text."""
    before, slash, account = text.rpartition("/")
    if not slash:
        return Pods(accounts=Matches(NAME_LABEL, ENDS, account))
    accounts = _name(account)
    if "/sa".endswith(before):
        return Pods(accounts=accounts)
    if not before.endswith("/sa"):
        return Nobody()
    start, slash, namespace = before.removesuffix("/sa").rpartition("/")
    if not slash:
        return Pods(namespaces=Matches(NAME_LABEL, ENDS, namespace), accounts=accounts)
    if not f"{domain}/ns".endswith(start):
        return Nobody()
    return Pods(namespaces=namespace_named(namespace), accounts=accounts)


def _name(account: str) -> Labels:
    return OneOf(NAME_LABEL, (account,))


def _glob(value: str) -> Labels:
    """The names that a text with stars stands for."""
    first, *others = value.split("*")
    if not others:
        return namespace_named(value)
    parts: list[Labels] = [Matches(NAME_LABEL, STARTS, first)] if first else []
    parts += [Matches(NAME_LABEL, CONTAINS, text) for text in others[:-1] if text]
    if others[-1]:
        parts.append(Matches(NAME_LABEL, ENDS, others[-1]))
    return all_of(tuple(parts))

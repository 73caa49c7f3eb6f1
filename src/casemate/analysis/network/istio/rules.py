"""What a rule of an AuthorizationPolicy means for a connection: callers, ports, and what is not known of it.

A caller is judged twice: as one whose identity mutual TLS proves (`secured`), and as one that sends plain
text (`plain`), for whom no condition on identity holds and every negative one does. What needs the request
of HTTP is not known of a connection: it is `vague`.

Source: istio.io/istio pilot/pkg/security/authz/model/{model,generator}.go for sidecars,
pilot/pkg/serviceregistry/ambient/authorization.go for ztunnel.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.endpoint_sets import both, either, no
from casemate.analysis.network.istio.identities import of_accounts, of_namespaces, of_principals
from casemate.analysis.network.policies import TCP, Endpoints, Everything, Networks, Nobody, PortRange
from casemate.model.istio_security import AuthorizationRule, Condition, Operation, Source

LAST_PORT = 65_535
_NUMBERS = frozenset[int]()


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """One source, operation or condition. `included` None is every port. `vague` are attributes in words."""

    secured: Endpoints = Everything()
    plain: Endpoints = Everything()
    included: frozenset[int] | None = None
    excluded: frozenset[int] = _NUMBERS
    vague: tuple[str, ...] = ()
    http: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is left of it without what is vague."""
        bare = Alternative()
        return (self.secured, self.plain, self.included, self.excluded) == (
            bare.secured,
            bare.plain,
            bare.included,
            bare.excluded,
        )


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """Callers with a proven identity, callers without one, ports, and what it depends on besides."""

    secured: Endpoints
    plain: Endpoints
    ports: tuple[PortRange, ...]
    vague: tuple[str, ...] = ()
    http: bool = False


class Reader:
    """Reads rules of one policy: `home` is its namespace, `domain` the trust domain of the mesh."""

    def __init__(self, home: str, domain: str) -> None:
        self._home = home
        self._domain = domain

    def by_sidecar(self, rule: AuthorizationRule, *, widened: bool) -> Iterator[Meaning]:
        """What a proxy of Envoy makes of a rule: what matches for sure, then what may match.

        On ports without HTTP a rule that needs it is left out where it allows; where it denies (`widened`),
        only the part that needs HTTP is.
        """
        clauses = self._clauses(rule)
        whole = _joined(clauses)
        if not whole.vague:
            yield whole
            return
        sure = [[part for part in clause if not part.vague] for clause in clauses]
        if all(sure) and (widened or not whole.http):
            yield _joined(sure)
        yield whole

    def by_ztunnel(self, rule: AuthorizationRule, *, widened: bool) -> Iterator[Meaning]:
        """What the proxy of a node makes of a rule: one that allows and needs HTTP never matches.

        Of one that denies, what needs HTTP is left out, and an alternative of which nothing is left never
        matches.
        """
        clauses = self._clauses(rule)
        vague = any(part.vague for clause in clauses for part in clause)
        if vague and not widened:
            return
        left = [[part for part in clause if not (part.vague and part.says_nothing)] for clause in clauses]
        if all(left):
            yield msgspec.structs.replace(_joined(left), vague=(), http=False)

    def needs_identity(self, rule: AuthorizationRule) -> bool:
        """Whether the rule means other callers with a proven identity than without."""
        return any(part.secured != part.plain for clause in self._clauses(rule) for part in clause)

    def _clauses(self, rule: AuthorizationRule) -> list[list[Alternative]]:
        """All clauses must hold; of a clause any alternative."""
        clauses = [[self._condition(condition)] for condition in rule.when]
        if rule.from_:
            clauses.append([self._source(item.source or Source()) for item in rule.from_])
        if rule.to:
            clauses.append([_operation(item.operation or Operation()) for item in rule.to])
        return clauses

    def _source(self, source: Source) -> Alternative:
        named = [
            of_principals(source.principals, self._domain) if source.principals else Everything(),
            of_namespaces(source.namespaces) if source.namespaces else Everything(),
            of_accounts(source.service_accounts, self._home) if source.service_accounts else Everything(),
        ]
        unnamed = [
            no(of_principals(source.not_principals, self._domain)),
            no(of_namespaces(source.not_namespaces)),
            no(of_accounts(source.not_service_accounts, self._home)),
        ]
        anybody = not (source.principals or source.namespaces or source.service_accounts)
        addresses = both(_blocks(source.ip_blocks), no(_inside(source.not_ip_blocks)))
        vague, http = [], False
        if source.request_principals or source.not_request_principals:
            vague, http = ["the token of the request"], True
        if source.remote_ip_blocks or source.not_remote_ip_blocks:
            vague.append("the address that a proxy before it names")
        if source.trust_domains or source.not_trust_domains:
            vague.append("the trust domain of the caller")
        return Alternative(
            secured=both(*named, *unnamed, addresses),
            plain=addresses if anybody else Nobody(),
            vague=tuple(vague),
            http=http,
        )

    def _condition(self, condition: Condition) -> Alternative:
        key, values, others = condition.key or "", condition.values, condition.not_values
        if key == "source.ip":
            addresses = both(_blocks(values), no(_inside(others)))
            return Alternative(secured=addresses, plain=addresses)
        if key == "destination.port":
            return Alternative(included=_ports(values) if values else None, excluded=_ports(others))
        if key == "source.principal":
            return self._source(Source(principals=values, not_principals=others))
        if key == "source.namespace":
            return self._source(Source(namespaces=values, not_namespaces=others))
        if key == "source.serviceAccount":
            return self._source(Source(service_accounts=values, not_service_accounts=others))
        return Alternative(vague=(key,), http=key.startswith("request."))


def _operation(operation: Operation) -> Alternative:
    vague = [
        word
        for word, given in (
            ("the host of the request", operation.hosts or operation.not_hosts),
            ("its method", operation.methods or operation.not_methods),
            ("its path", operation.paths or operation.not_paths),
        )
        if given
    ]
    return Alternative(
        included=_ports(operation.ports) if operation.ports else None,
        excluded=_ports(operation.not_ports),
        vague=tuple(vague),
        http=bool(vague),
    )


def _joined(clauses: Iterable[Iterable[Alternative]]) -> Meaning:
    """All clauses at once. No alternative is about callers and ports, so that these are joined apart."""
    secured: list[Endpoints] = []
    plain: list[Endpoints] = []
    ports: list[tuple[frozenset[int] | None, frozenset[int]]] = [(None, _NUMBERS)]
    vague: dict[str, None] = {}
    http = False
    for clause in clauses:
        parts = list(clause)
        secured.append(either(*(part.secured for part in parts)))
        plain.append(either(*(part.plain for part in parts)))
        ports = [_met(one, (part.included, part.excluded)) for one in ports for part in parts]
        vague |= dict.fromkeys(word for part in parts for word in part.vague)
        http = http or any(part.http for part in parts)
    return Meaning(
        secured=both(*secured),
        plain=both(*plain),
        ports=tuple(dict.fromkeys(found for included, out in ports for found in _ranges(included, out))),
        vague=tuple(vague),
        http=http,
    )


def _met(
    one: tuple[frozenset[int] | None, frozenset[int]], other: tuple[frozenset[int] | None, frozenset[int]]
) -> tuple[frozenset[int] | None, frozenset[int]]:
    included = other[0] if one[0] is None else one[0] if other[0] is None else one[0] & other[0]
    return included, one[1] | other[1]


def _ranges(included: frozenset[int] | None, excluded: frozenset[int]) -> Iterator[PortRange]:
    if included is not None:
        yield from (PortRange(TCP, port, port) for port in sorted(included - excluded) if port)
        return
    start = 1
    for port in sorted(excluded):
        if start < port:
            yield PortRange(TCP, start, port - 1)
        start = port + 1
    if start <= LAST_PORT:
        yield PortRange(TCP, start, LAST_PORT)


def _ports(values: tuple[str, ...]) -> frozenset[int]:
    return frozenset(map(int, values))


def _blocks(values: tuple[str, ...]) -> Endpoints:
    return _inside(values) if values else Everything()


def _inside(values: tuple[str, ...]) -> Endpoints:
    """Addresses of the packets that arrive: those of pods and nodes count like any others."""
    if not values:
        return Nobody()
    ranges = (value if "/" in value else f"{value}/{128 if ':' in value else 32}" for value in values)
    return Networks(tuple(ranges), pods=True, nodes=True)

"""Which policies Istio refuses: those are in no cluster.

Source: istio.io/istio pkg/config/validation/validation.go (`ValidateAuthorizationPolicy`,
`ValidatePeerAuthentication`) and pkg/config/security/security.go (`ValidateAttribute`); the enumerations of
istio.io/api security/v1beta1.
"""

from collections.abc import Iterator

from casemate.analysis.network.addresses import parse_address, parse_cidr
from casemate.model.istio_security import (
    AuthorizationPolicy,
    AuthorizationRule,
    Condition,
    Operation,
    PeerAuthentication,
    Source,
    WorkloadSelector,
)
from casemate.model.place import Path

ALLOW, DENY, AUDIT, CUSTOM = "ALLOW", "DENY", "AUDIT", "CUSTOM"
UNSET, STRICT, PERMISSIVE, DISABLE = "UNSET", "STRICT", "PERMISSIVE", "DISABLE"
LAST_PORT = 65_535
_MODES = (None, UNSET, STRICT, PERMISSIVE, DISABLE)
_KEYS = (
    "source.ip",
    "source.namespace",
    "source.serviceAccount",
    "source.principal",
    "source.trustDomain",
    "remote.ip",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "destination.ip",
    "destination.port",
    "connection.sni",
)
_PREFIXES = (
    "request.headers[",
    "request.experimental.inline.headers[",
    "request.auth.claims[",
    "experimental.envoy.filters.",
)
_ADDRESSES = ("source.ip", "remote.ip", "destination.ip")
Problems = Iterator[tuple[Path, str]]


def problems(policy: AuthorizationPolicy) -> Problems:
    """What Istio refuses in a policy, each with its place."""
    spec = policy.spec
    if (spec.selector is not None) + (spec.target_ref is not None) + bool(spec.target_refs) > 1:
        yield ("spec",), "only one of selector and targetRefs can be set"
    yield from _of_selector(spec.selector)
    if spec.action not in {None, ALLOW, DENY, AUDIT, CUSTOM}:
        yield ("spec", "action"), f"there is no action {spec.action}"
    if spec.action == CUSTOM and not (spec.provider is not None and spec.provider.name):
        yield ("spec", "provider"), "the action CUSTOM needs the name of a provider"
    if spec.action != CUSTOM and spec.provider is not None:
        yield ("spec", "provider"), "only the action CUSTOM has a provider"
    for index, rule in enumerate(spec.rules):
        yield from _of_rule(rule, ("spec", "rules", index), custom=spec.action == CUSTOM)


def mode_problems(policy: PeerAuthentication) -> Problems:
    """What Istio refuses in a policy about mutual TLS, each with its place."""
    spec = policy.spec
    yield from _of_selector(spec.selector)
    if spec.mtls is not None and spec.mtls.mode not in _MODES:
        yield ("spec", "mtls", "mode"), f"there is no mode {spec.mtls.mode}"
    ports = spec.port_level_mtls
    if ports is not None and not (spec.selector is not None and spec.selector.match_labels):
        yield ("spec", "portLevelMtls"), "modes of single ports need a selector"
    for port, settings in (ports or {}).items():
        if not 0 < _number(port) <= LAST_PORT:
            yield ("spec", "portLevelMtls", port), f"{port} is no port"
        if settings.mode not in _MODES:
            yield ("spec", "portLevelMtls", port, "mode"), f"there is no mode {settings.mode}"


def _of_selector(selector: WorkloadSelector | None) -> Problems:
    for key, value in ((selector.match_labels if selector is not None else None) or {}).items():
        if not key or "*" in key or "*" in value:
            yield ("spec", "selector", "matchLabels", key), "a selector takes whole labels, no wildcards"


def _of_rule(rule: AuthorizationRule, at: Path, *, custom: bool) -> Problems:
    if rule.from_ == ():
        yield (*at, "from"), "an empty list of sources"
    for index, item in enumerate(rule.from_ or ()):
        yield from _of_source(item.source, (*at, "from", index, "source"), custom=custom)
    if rule.to == ():
        yield (*at, "to"), "an empty list of operations"
    for index, wanted in enumerate(rule.to or ()):
        yield from _of_operation(wanted.operation, (*at, "to", index, "operation"))
    for index, condition in enumerate(rule.when):
        yield from _of_condition(condition, (*at, "when", index), custom=custom)


def _of_source(source: Source | None, at: Path, *, custom: bool) -> Problems:
    if source is None or source == Source():
        yield at, "a source without any field"
        return
    names = (source.principals, source.not_principals, source.namespaces, source.not_namespaces)
    accounts = (source.service_accounts, source.not_service_accounts)
    if any(names) and any(accounts):
        yield at, "serviceAccounts cannot be set with namespaces or principals"
    if custom and any((*names, *accounts, source.request_principals, source.not_request_principals)):
        yield at, "the action CUSTOM knows no identities"
    for field, values in (
        ("ipBlocks", source.ip_blocks),
        ("notIpBlocks", source.not_ip_blocks),
        ("remoteIpBlocks", source.remote_ip_blocks),
        ("notRemoteIpBlocks", source.not_remote_ip_blocks),
    ):
        yield from _of_addresses(values, (*at, field))


def _of_operation(operation: Operation | None, at: Path) -> Problems:
    if operation is None or operation == Operation():
        yield at, "an operation without any field"
        return
    yield from _of_ports(operation.ports, (*at, "ports"))
    yield from _of_ports(operation.not_ports, (*at, "notPorts"))


def _of_condition(condition: Condition, at: Path, *, custom: bool) -> Problems:
    key = condition.key or ""
    if key not in _KEYS and not key.startswith(_PREFIXES):
        yield (*at, "key"), f"there is no attribute {key}" if key else "a condition without a key"
    if not condition.values and not condition.not_values:
        yield at, "a condition needs values or notValues"
    if custom and (key.startswith("request.auth.") or key in _KEYS[1:5]):
        yield (*at, "key"), "the action CUSTOM knows no identities"
    for field, values in (("values", condition.values), ("notValues", condition.not_values)):
        if key in _ADDRESSES:
            yield from _of_addresses(values, (*at, field))
        elif key == "destination.port":
            yield from _of_ports(values, (*at, field))


def _of_addresses(values: tuple[str, ...], at: Path) -> Problems:
    for index, value in enumerate(values):
        if parse_cidr(value) is None and parse_address(value) is None:
            yield (*at, index), f"{value or 'an empty text'} is no address and no range of addresses"


def _of_ports(values: tuple[str, ...], at: Path) -> Problems:
    for index, value in enumerate(values):
        if not 0 <= _number(value) <= LAST_PORT:
            yield (*at, index), f"{value or 'an empty text'} is no port"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1

"""What a network plugin makes of NetworkPolicies: what it ignores, and the policy as it understands it.

The facts are in `plugin_profiles`, each with its source.
"""

import difflib
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.addresses import parse_cidr
from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.plugins.forms import Effect, Gap, Part, Plugin
from casemate.analysis.network.plugins.profiles import PROFILES, SEGMENT, TENANT
from casemate.model.errors import UsageError
from casemate.model.network_policy import (
    EgressPolicyRule,
    IngressPolicyRule,
    NetworkPolicy,
    NetworkPolicySpec,
    Peer,
    PolicyPort,
)
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector, Requirement

Found = tuple[Path, Part]
_NOBODY = Peer(
    pod_selector=LabelSelector(
        match_expressions=(
            Requirement(key=NAME_LABEL, operator="Exists"),
            Requirement(key=NAME_LABEL, operator="DoesNotExist"),
        )
    )
)
"""A peer that no pod is, in the place of one that a plugin does not see, so that positions stay."""


def profile(name: str) -> Plugin:
    """The plugin of a name, at a version where one follows: `cilium`, `cilium@1.16`.

    Raises `UsageError` that names the known ones.
    """
    word, _, version = name.partition("@")
    plugin = PROFILES.get(word.lower())
    if plugin is None:
        close = difflib.get_close_matches(word.lower(), PROFILES, 1)
        hint = f"did you mean {close[0]}?" if close else f"they are {', '.join(PROFILES)}"
        raise UsageError(f"there is no network plugin {word}; {hint}")
    return msgspec.structs.replace(plugin, version=version)


def ignored(policy: NetworkPolicy, plugin: Plugin) -> Iterator[tuple[Path, str]]:
    """What of a policy the plugin does not follow: its place, and what the plugin does, in words."""
    return ((at, f"{plugin.title} {gap.text}") for at, gap in gaps_in(policy, plugin))


def gaps_in(policy: NetworkPolicy, plugin: Plugin) -> Iterator[tuple[Path, Gap]]:
    """The gaps of the plugin that a policy falls into, each with its place."""
    active = plugin.active
    if Part.POLICY in active:
        yield ("spec",), active[Part.POLICY]
        return
    for at, part in _parts(policy, egress=Part.EGRESS not in active):
        if part in active:
            yield at, active[part]


def as_enforced(policy: NetworkPolicy, plugin: Plugin) -> NetworkPolicy | None:
    """The policy as the plugin understands it; None where it enforces nothing of it.

    Peers and rules that it does not see stay in their places and match nobody.
    """
    found = {gap.part: gap for _, gap in gaps_in(policy, plugin)}
    if any(gap.effect is Effect.REJECTED for gap in found.values()):
        return None
    known = plugin.active
    if Part.NO_TENANT not in known and all(gap.effect is Effect.UNSURE for gap in found.values()):
        return policy
    outward = policy.isolates_egress and Part.EGRESS not in known
    types = [*(["Ingress"] if policy.isolates_ingress else []), *(["Egress"] if outward else [])]
    if not types:
        return None
    spec = NetworkPolicySpec(
        pod_selector=_selector(policy.spec.pod_selector, known, SEGMENT),
        policy_types=tuple(types),
        ingress=tuple(_ingress(rule, known) for rule in policy.spec.ingress or ()),
        egress=tuple(_egress(rule, known) for rule in policy.spec.egress or ()) if outward else None,
    )
    return msgspec.structs.replace(policy, spec=spec)


Known = dict[Part, Gap]


def _parts(policy: NetworkPolicy, *, egress: bool) -> Iterator[Found]:
    """The parts of a policy that some plugin does not follow; with or without the rules for egress."""
    spec = policy.spec
    if policy.isolates_egress:
        yield ("spec", "egress" if spec.egress else "policyTypes"), Part.EGRESS
    yield from _in_pods(spec.pod_selector, ("spec", "podSelector"))
    for index, incoming in enumerate(spec.ingress or ()):
        if policy.isolates_ingress:
            at: Path = ("spec", "ingress", index)
            yield from _in_peers(incoming.from_, (*at, "from"))
            yield from _in_ports(incoming.ports, (*at, "ports"), Part.NAMED_PORT_IN)
    for index, outgoing in enumerate(spec.egress or ()):
        if policy.isolates_egress and egress:
            at = ("spec", "egress", index)
            yield from _in_peers(outgoing.to, (*at, "to"))
            anywhere = None if outgoing.to else Part.NAMED_PORT_ANYWHERE
            yield from _in_ports(outgoing.ports, (*at, "ports"), anywhere)


def _in_peers(peers: tuple[Peer, ...] | None, at: Path) -> Iterator[Found]:
    for index, peer in enumerate(peers or ()):
        here = (*at, index)
        if peer.ip_block is not None:
            yield (*here, "ipBlock"), Part.IP_BLOCK
        if _is_ipv6(peer):
            yield (*here, "ipBlock", "cidr"), Part.IPV6_BLOCK
        if peer.pod_selector is not None and peer.namespace_selector is not None:
            yield here, Part.BOTH_SELECTORS
        if peer.pod_selector is not None:
            yield from _in_pods(peer.pod_selector, (*here, "podSelector"))
        if peer.namespace_selector is not None:
            yield from _in_namespaces(peer.namespace_selector, (*here, "namespaceSelector"))


def _in_pods(selector: LabelSelector, at: Path) -> Iterator[Found]:
    labels = selector.match_labels or {}
    if labels and not labels.get(SEGMENT):
        yield (*at, "matchLabels"), Part.NO_SEGMENT
    yield from _in_selector(selector, at)


def _in_namespaces(selector: LabelSelector, at: Path) -> Iterator[Found]:
    if not (selector.match_labels or {}).get(TENANT):
        yield at, Part.NO_TENANT
    yield from _in_selector(selector, at)


def _in_selector(selector: LabelSelector, at: Path) -> Iterator[Found]:
    if len(selector.match_labels or {}) > 1:
        yield (*at, "matchLabels"), Part.MORE_LABELS
    if selector.match_expressions:
        yield (*at, "matchExpressions"), Part.EXPRESSIONS


def _in_ports(ports: tuple[PolicyPort, ...] | None, at: Path, named: Part | None) -> Iterator[Found]:
    for index, port in enumerate(ports or ()):
        here = (*at, index)
        if isinstance(port.port, str):
            yield (*here, "port"), Part.NAMED_PORT
            if named is not None:
                yield (*here, "port"), named
        if port.end_port is not None:
            yield (*here, "endPort"), Part.END_PORT
        if port.protocol == "SCTP":
            yield (*here, "protocol"), Part.SCTP


def _ingress(rule: IngressPolicyRule, known: Known) -> IngressPolicyRule:
    peers, ports = _peers(rule.from_, known), _ports(rule.ports, known)
    return IngressPolicyRule(from_=(_NOBODY,)) if ports == () else IngressPolicyRule(from_=peers, ports=ports)


def _egress(rule: EgressPolicyRule, known: Known) -> EgressPolicyRule:
    peers, ports = _peers(rule.to, known), _ports(rule.ports, known)
    return EgressPolicyRule(to=(_NOBODY,)) if ports == () else EgressPolicyRule(to=peers, ports=ports)


def _peers(peers: tuple[Peer, ...] | None, known: Known) -> tuple[Peer, ...] | None:
    return tuple(_peer(peer, known) for peer in peers) if peers else None


def _peer(peer: Peer, known: Known) -> Peer:
    if Part.IPV6_BLOCK in known and _is_ipv6(peer):
        return _NOBODY
    pods, namespaces = peer.pod_selector, peer.namespace_selector
    if namespaces is not None and Part.NO_TENANT in known:
        namespaces = LabelSelector(match_labels={NAME_LABEL: (namespaces.match_labels or {})[TENANT]})
    return Peer(
        pod_selector=None if pods is None else _selector(pods, known, SEGMENT),
        namespace_selector=namespaces,
        ip_block=peer.ip_block,
    )


def _selector(selector: LabelSelector, known: Known, label: str) -> LabelSelector:
    labels, expressions = selector.match_labels, selector.match_expressions
    if labels and Part.MORE_LABELS in known:
        labels = {label: labels[label]}
    return LabelSelector(
        match_labels=labels, match_expressions=None if Part.EXPRESSIONS in known else expressions
    )


def _ports(ports: tuple[PolicyPort, ...] | None, known: Known) -> tuple[PolicyPort, ...] | None:
    """The ports that are seen; empty where there were some and none is."""
    if not ports:
        return None
    seen = [port for port in ports if Part.NAMED_PORT not in known or not isinstance(port.port, str)]
    if Part.END_PORT in known:
        seen = [msgspec.structs.replace(port, end_port=None) for port in seen]
    return tuple(seen)


def _is_ipv6(peer: Peer) -> bool:
    cidr = parse_cidr(peer.ip_block.cidr or "") if peer.ip_block is not None else None
    return cidr is not None and cidr.family == 6

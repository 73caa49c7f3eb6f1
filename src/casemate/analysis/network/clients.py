"""Rules that name callers from the internet by their addresses, and the Services that lead to their pods."""

from collections.abc import Iterator

from casemate.analysis.network.addresses import AddressRange, holds, parse_cidr
from casemate.analysis.network.openings import AllowingRules
from casemate.analysis.network.policies import Endpoints, Networks, PortRange, Union
from casemate.analysis.network.situation import Situation
from casemate.model.estate import Entity
from casemate.model.exposure import Service

_LOCAL = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7")
"""Ranges of private networks: a rule that names one may well mean nodes."""


class Clients:
    """The ways in to pods whose policies tell callers apart by addresses."""

    def __init__(self, situation: Situation) -> None:
        rules = situation.derived(AllowingRules)
        self._hidden: dict[int, dict[str, Entity]] = {}
        naming = {
            number
            for number, profile in enumerate(rules.reach.ingress.profiles)
            if any(_names_clients(part.rule.peers) for item in profile.applied for part in item.parts)
        }
        if not naming:
            return
        classes = {
            name: number
            for number, pods in enumerate(rules.universe.pods)
            if rules.reach.ingress.profile_of[number] in naming
            for name in pods.workloads
        }
        for way in situation.network.ways_in:
            number = classes.get(way.pod.workload)
            if number is None or way.keeps_client or not isinstance(way.entity, Service):
                continue
            bit = rules.reach.atoms.mask(PortRange(way.protocol, way.port, way.port))
            for item in rules.reach.ingress.applied(number):
                for part in item.parts:
                    if part.mask & bit and _names_clients(part.rule.peers):
                        here = self._hidden.setdefault(id(way.entity), {})
                        here[item.policy.entity.title] = item.policy.entity

    def hidden(self, service: Service) -> list[str]:
        """The policies that name callers whose addresses a Service hides from the pods behind it."""
        return sorted(self._hidden.get(id(service), {}))


def _names_clients(peers: Endpoints) -> bool:
    """Whether a rule names a public range that is not all addresses."""
    return any(found.low > 0 and not _is_local(text) for text, found in _ranges(peers))


def _is_local(text: str) -> bool:
    return any(holds(local, text) for local in _LOCAL)


def _ranges(peers: Endpoints) -> Iterator[tuple[str, AddressRange]]:
    if isinstance(peers, Union):
        for part in peers.parts:
            yield from _ranges(part)
    elif isinstance(peers, Networks):
        read = ((text, parse_cidr(text)) for text in peers.ranges)
        yield from ((text, found) for text, found in read if found is not None)

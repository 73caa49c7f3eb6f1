"""What rules let through that they should not: each with its rule, and the workloads that it is about.

Only rules that allow count here: what no policy isolates is open anyhow, and is said once where that is
asked. A rule that an earlier one takes back is none.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.breadth import CHOSEN, Breadth
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.evaluation import Part
from casemate.analysis.network.pod_classes import PodClass
from casemate.analysis.network.policies import Action, Policy, Rule
from casemate.analysis.network.situation import Situation
from casemate.analysis.network.stores import holds_secrets, served
from casemate.analysis.network.verdicts import Profile, Side
from casemate.model.estate import Entity, Template

Known = TypeVar("Known")


class Opening(msgspec.Struct, eq=False):
    """A rule, the workloads of its policy that it is about, and those that it lets through to them.

    `what` tells openings of one rule apart.
    """

    policy: Policy
    rule: Rule
    what: str = ""
    breadth: Breadth = CHOSEN
    workloads: dict[str, PodEndpoint] = {}
    peers: dict[str, PodEndpoint] = {}


class Openings:
    """Openings as they are found, by the object whose rule makes them."""

    def __init__(self) -> None:
        self._found: dict[int, dict[tuple[object, ...], Opening]] = {}

    def of(self, entity: Entity) -> Iterator[Opening]:
        """Those that the rules of an object make."""
        yield from self._found.get(id(entity), {}).values()

    def at(self, policy: Policy, rule: Rule, what: str = "", extent: Breadth = CHOSEN) -> Opening:
        """The opening of a rule, made where it is new."""
        here = self._found.setdefault(id(policy.entity), {})
        found = here.get((rule.at, what))
        if found is None:
            found = here[rule.at, what] = Opening(policy, rule, what, extent, {}, {})
        return found


class AllowingRules:
    """The rules of an estate that allow, with whom they are for and whom they let through."""

    def __init__(self, situation: Situation) -> None:
        self.reach = situation.network.reach
        self.universe = self.reach.universe
        self.entered = frozenset(way.pod.workload for way in situation.network.ways_in)
        """The workloads that something outside leads to."""
        self._secrets: dict[bytes, bool] = {}
        self._served: dict[bytes, dict[int, str]] = {}

    def on(self, side: Side) -> Iterator[tuple[Profile, Policy, Part]]:
        """The rules of a direction, once for all subjects with the same policies."""
        for profile in side.profiles:
            for item in profile.applied:
                for part in item.parts:
                    if item.sure and part.rule.action is Action.ALLOW and not part.rule.depends:
                        yield profile, item.policy, part

    def let_through(self, profile: Profile, part: Part, mask: int) -> BitMap:
        """The peers of a rule with which some of these ports are allowed for certain in the end."""
        peers = part.peers.sure
        found = [peers & block.peers for block in profile.others if block.sure & mask]
        if profile.sure & mask:
            found.append(peers - profile.special)
        return BitMap.union(*found) if found else BitMap()

    def workloads(self, classes: Iterable[int]) -> dict[str, PodEndpoint]:
        """The workloads of classes of pods by name; those on the network of their node are left out."""
        return {name: pod for found in self.pods(classes) for name, pod in found.workloads.items()}

    def pods(self, classes: Iterable[int]) -> Iterator[PodClass]:
        """The classes that are of pods in the pod network."""
        pods = self.universe.pods
        return (pods[number] for number in classes if number < len(pods) and not pods[number].on_host)

    def keeps_secrets(self, pod: PodEndpoint) -> bool:
        """Whether a pod mounts or reads a Secret."""
        return _once(self._secrets, pod.template, holds_secrets)

    def serves(self, pod: PodEndpoint) -> dict[int, str]:
        """The databases and consoles of a pod, by port."""
        return _once(self._served, pod.template, served)

    @cached_property
    def inside(self) -> dict[str, BitMap]:
        """The classes of pods in each namespace."""
        found: dict[str, BitMap] = {}
        for number, pods in enumerate(self.universe.pods):
            found.setdefault(pods.namespace, BitMap()).add(number)
        return found


def short(workloads: Iterable[str]) -> list[str]:
    """The names of workloads without namespace and kind, in order."""
    return sorted({name.partition("[")[0].partition("/")[2] for name in workloads})


def full(workloads: Iterable[str]) -> list[str]:
    """The names of workloads with their namespaces, in order."""
    return sorted({name.partition("[")[0] for name in workloads})


def _once(known: dict[bytes, Known], template: Template, ask: Callable[[Template], Known]) -> Known:
    """The answer about a template; equal ones are looked at once."""
    found = known.get(template.packed)
    if found is None:
        found = known[template.packed] = ask(template)
    return found

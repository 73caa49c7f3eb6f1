"""Which workloads no policy isolates, in each direction, by namespace.

A pod is isolated where some policy selects it and what no rule allows is denied, or where a rule denies it
every pod. One of which this is not certain counts as neither isolated nor open.

Source: networking/v1 types.go; Kubernetes documentation, "The two sorts of pod isolation".
"""

import msgspec

from casemate.analysis.network.breadth import only_namespace
from casemate.analysis.network.cluster import labels_of
from casemate.analysis.network.containment import endpoints_hold, ports_hold
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.labels import NAME_LABEL, holds
from casemate.analysis.network.policies import (
    TCP,
    Action,
    Direction,
    Endpoints,
    Intersection,
    Networks,
    Pods,
    Policy,
    PortRange,
    Rule,
    Union,
)
from casemate.analysis.network.ports import limits
from casemate.analysis.network.situation import Situation
from casemate.analysis.network.verdicts import Profile
from casemate.analysis.selectors import selects
from casemate.model.estate import Workload

ALL_TCP = (PortRange(TCP, *limits(TCP)),)


class Isolated(msgspec.Struct, eq=False):
    """The workloads of a namespace in one direction, by name: isolated, open, and what is not certain.

    `limited` are those open ones to which some rule denies something.
    """

    closed: dict[str, PodEndpoint] = {}
    open: dict[str, PodEndpoint] = {}
    unsure: dict[str, PodEndpoint] = {}
    limited: set[str] = set()


class Isolation:
    """The workloads of an estate that policies isolate, and those that none does."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._network = situation.network
        self._namespaces = labels_of(situation.estate).namespaces
        self._closing: dict[tuple[Direction, str | None], list[Policy]] = {}
        for policy in self._network.reach.policies:
            for way in Direction:
                if _closes(policy, way):
                    self._closing.setdefault((way, only_namespace(policy)), []).append(policy)
        self._of = {direction: self._gathered(direction) for direction in Direction}

    def of(self, namespace: str, direction: Direction) -> Isolated:
        """The workloads of a namespace; those on the network of their node are left out."""
        return self._of[direction].get(namespace) or Isolated()

    def is_open(self, workload: Workload, direction: Direction) -> bool:
        """Whether no policy isolates the pods of a workload."""
        ref = workload.ref
        found = self.of(ref.namespace or "", direction).open
        return f"{ref}[{ref.kind}]" in found or any(pod.source is workload for pod in found.values())

    def closes_new_pods(self, namespace: str, direction: Direction) -> bool:
        """Whether a pod without labels that is made in a namespace is, or may be, isolated."""
        labels = self._namespaces.get(namespace, {}) | {NAME_LABEL: namespace}
        closing = [p for key in (namespace, None) for p in self._closing.get((direction, key), ())]
        return any(_may_hold(policy.subjects, labels, {}) for policy in closing) or any(
            selects(policy.spec.pod_selector, {}) for policy in self._situation.unplaced
        )

    def _gathered(self, direction: Direction) -> dict[str, Isolated]:
        reach = self._network.reach
        side = reach.ingress if direction is Direction.INGRESS else reach.egress
        states = [_state(profile) for profile in side.profiles]
        found: dict[str, Isolated] = {}
        for number, pods in enumerate(reach.universe.pods):
            if pods.on_host:
                continue
            state = states[side.profile_of[number]]
            for name, pod in pods.workloads.items():
                if pod.source.ref.namespace is None:
                    continue  # it may be in any namespace
                here = found.setdefault(pod.namespace, Isolated({}, {}, {}, set()))
                if state is False and self._may_be_meant(pod):
                    here.unsure[name] = pod
                    continue
                if state is False and _is_limited(side.profiles[side.profile_of[number]]):
                    here.limited.add(name)
                {True: here.closed, False: here.open, None: here.unsure}[state][name] = pod
        for here in found.values():
            for name in here.open:
                here.closed.pop(name, None)
                here.unsure.pop(name, None)
        return found

    def _may_be_meant(self, pod: PodEndpoint) -> bool:
        """Whether a policy that names no namespace may select a pod."""
        return any(selects(policy.spec.pod_selector, pod.labels) for policy in self._situation.unplaced)


def _state(profile: Profile) -> bool | None:
    """Whether the subjects of a profile are isolated; None where that is not certain."""
    answer: bool | None = False
    for item in profile.applied:
        if item.isolates or any(denies_all(part.rule) for part in item.parts):
            if item.sure:
                return True
            answer = None
    return answer


def _is_limited(profile: Profile) -> bool:
    return any(part.rule.action is Action.DENY for item in profile.applied for part in item.parts)


def denies_all(rule: Rule) -> bool:
    """Whether a rule denies its subjects every pod, at every port of TCP."""
    peers = rule.peers
    everybody = endpoints_hold(peers, Pods()) or (
        isinstance(peers, Networks) and bool(peers.pods) and "0.0.0.0/0" in peers.ranges and not peers.without
    )
    return rule.action is Action.DENY and everybody and ports_hold(rule.ports, ALL_TCP) and not rule.depends


def _closes(policy: Policy, direction: Direction) -> bool:
    """Whether a policy isolates its subjects, or denies them every pod."""
    return direction in policy.isolates or any(
        rule.direction is direction and denies_all(rule) for rule in policy.rules
    )


def _may_hold(subjects: Endpoints, namespace: dict[str, str], pod: dict[str, str]) -> bool:
    """Whether a pod with these labels is, or may be, among the subjects of a policy."""
    if isinstance(subjects, Pods):
        return holds(subjects.namespaces, namespace) and holds(subjects.pods, pod)
    if isinstance(subjects, (Union, Intersection)):
        test = any if isinstance(subjects, Union) else all
        return test(_may_hold(part, namespace, pod) for part in subjects.parts)
    return True

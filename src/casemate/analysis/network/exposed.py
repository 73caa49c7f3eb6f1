"""What to say of namespaces and workloads that no policy isolates: how many, and what is within reach."""

from collections.abc import Iterator

import msgspec

from casemate.analysis.listing import counted, some
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.isolation import Isolation
from casemate.analysis.network.openings import AllowingRules, short
from casemate.analysis.network.openings_out import METADATA
from casemate.analysis.network.policies import Direction
from casemate.analysis.network.situation import Situation
from casemate.model.estate import Workload

SHOWN = 3
_WITHIN_REACH = f"the cloud's metadata at {METADATA[0]}, the API server, the kubelets, and the internet"
_UNLESS = " that no rule denies"


class Exposed(msgspec.Struct, frozen=True):
    """A direction in which pods are open, in words."""

    inward: bool
    message: str
    why: tuple[str, ...]


def exposed(situation: Situation, namespace: str) -> Iterator[Exposed]:
    """The directions in which no policy isolates any pod of a namespace."""
    isolation = situation.derived(Isolation)
    for direction in Direction:
        found = isolation.of(namespace, direction)
        if found.open and not found.closed and not found.unsure:
            names = short(found.open)
            if direction is Direction.INGRESS:
                why = (f"no policy isolates {counted(names)}", *_stores(situation, found.open))
                unless = _UNLESS if found.limited else ""
                message = f"every pod of the cluster{unless} may connect to pods of {namespace}"
                yield Exposed(True, message, why)  # noqa: FBT003 # a field, in order
            else:
                why = (f"no policy isolates {counted(names)}", *_within_reach(situation, found.open))
                unless = _UNLESS if found.limited else ""
                yield Exposed(False, f"pods of {namespace} may connect to everything{unless}", why)  # noqa: FBT003 # a field, in order


def left_out(situation: Situation, workload: Workload) -> Iterator[Exposed]:
    """The directions in which a workload is open while others of its namespace are isolated."""
    isolation = situation.derived(Isolation)
    namespace = workload.ref.namespace or ""
    for direction in Direction:
        found = isolation.of(namespace, direction)
        if found.closed and isolation.is_open(workload, direction):
            names = short(found.closed)
            why = f"in {namespace} policies isolate {counted(names)}"
            own = {
                name: pod for name, pod in found.open.items() if pod.source is workload or _is(name, workload)
            }
            unless = _UNLESS if not found.limited.isdisjoint(own) else ""
            if direction is Direction.INGRESS:
                message = f"no policy isolates the pods: every pod of the cluster{unless} may connect to them"
                yield Exposed(True, message, (why, *_stores(situation, own)))  # noqa: FBT003 # a field, in order
            else:
                message = f"no policy isolates the pods: they may connect to everything{unless}"
                yield Exposed(False, message, (why, *_within_reach(situation, own)))  # noqa: FBT003 # a field, in order


def _is(name: str, workload: Workload) -> bool:
    return name == f"{workload.ref}[{workload.ref.kind}]"


def _stores(situation: Situation, pods: dict[str, PodEndpoint]) -> Iterator[str]:
    """The databases and consoles among some workloads."""
    rules = situation.derived(AllowingRules)
    found = sorted(
        f"{short((name,))[0]} ({what}, port {port})"
        for name, pod in pods.items()
        for port, what in rules.serves(pod).items()
    )
    if found:
        yield f"among what is open: {some(found, SHOWN)}"


def _within_reach(situation: Situation, pods: dict[str, PodEndpoint]) -> Iterator[str]:
    """What lies outside and is open to some workloads: the cloud's metadata, and the cluster's own ports."""
    reach = situation.network.reach
    inside = situation.derived(AllowingRules).inside
    subjects = {
        number
        for name, pod in pods.items()
        for number in inside[pod.namespace]
        if name in reach.universe.pods[number].workloads
    }
    answers = [reach.egress.profiles[reach.egress.profile_of[number]] for number in subjects]
    if any(found.sure == reach.atoms.everything and not found.others for found in answers):
        yield f"within reach: {_WITHIN_REACH}"

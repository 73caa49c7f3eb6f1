"""Time one changed policy or pod on a loaded cluster; runs where casemate is installed and prints JSON.

python bench/network/changes.py CLUSTER
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import msgspec

from casemate.analysis.network.cluster import network_of
from casemate.analysis.network.endpoints import PodEndpoint, pods_of
from casemate.analysis.network.policies import Policy
from casemate.analysis.network.reach import Reach
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

_RUNS = 25


def main() -> None:
    """Change policies and pods from all over the cluster, each as the only change."""
    gc.disable()
    estate = read_estate((sys.argv[1],), Settings())
    reach = network_of(estate).reach
    pods = list(pods_of(estate))
    gc.freeze()
    gc.enable()
    policies = [policy for policy in reach.policies if policy.rules]
    some = policies[:: max(len(policies) // _RUNS, 1)][:_RUNS]
    few = pods[:: max(len(pods) // _RUNS, 1)][:_RUNS]
    rows = [
        _row("a policy loses a rule", [_without_a_rule(reach, policy) for policy in some]),
        _row("a policy goes", [partial(reach.changed, [policy], []) for policy in some]),
        _row("a policy that selects what another one does comes", [_again(reach, policy) for policy in some]),
        _row("a replica comes", [_replica(reach, pod) for pod in few]),
        _row("a pod goes", [partial(reach.with_pods, [], [pod]) for pod in few]),
        _row("a pod takes the labels of another", [_relabelled(reach, a, b) for a, b in pairwise(few)]),
    ]
    print(json.dumps(rows))


def _without_a_rule(reach: Reach, policy: Policy) -> Callable[[], object]:
    new = msgspec.structs.replace(policy, rules=policy.rules[1:])
    return partial(reach.changed, [policy], [new])


def _again(reach: Reach, policy: Policy) -> Callable[[], object]:
    new = msgspec.structs.replace(policy, name=f"{policy.name}-more", rules=policy.rules[:1])
    return partial(reach.changed, [], [new])


def _replica(reach: Reach, pod: PodEndpoint) -> Callable[[], object]:
    new = msgspec.structs.replace(pod, name=f"{pod.name}-more", addresses=("10.255.0.1",))
    return partial(reach.with_pods, [new], [])


def _relabelled(reach: Reach, pod: PodEndpoint, other: PodEndpoint) -> Callable[[], object]:
    new = msgspec.structs.replace(
        pod, namespace=other.namespace, labels=other.labels, ports=other.ports, account=other.account
    )
    return partial(reach.with_pods, [new], [pod])


def _row(words: str, changes: list[Callable[[], object]]) -> dict[str, object]:
    times = []
    for change in changes:
        started = time.process_time()
        if change() is None:
            sys.exit(f"bench: {words}: all would be worked out anew")
        times.append(time.process_time() - started)
    return {"change": words, "median": statistics.median(times), "worst": max(times)}


if __name__ == "__main__":
    main()

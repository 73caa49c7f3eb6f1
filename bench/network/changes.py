"""Time one changed policy and one changed pod on a loaded cluster; runs where casemate is installed, prints JSON.

python bench/network/changes.py CLUSTER
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable

import msgspec

from casemate.analysis.network.cluster import network_of
from casemate.analysis.network.endpoints import pods_of
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
        _row("a policy goes", [lambda policy=policy: reach.changed([policy], []) for policy in some]),
        _row("a policy that selects what another one does comes", [_again(reach, policy) for policy in some]),
        _row("a replica comes", [_replica(reach, pod) for pod in few]),
        _row("a pod goes", [lambda pod=pod: reach.with_pods([], [pod]) for pod in few]),
        _row("a pod takes the labels of another one", [_relabelled(reach, a, b) for a, b in zip(few, few[1:], strict=False)]),
    ]  # fmt: skip
    print(json.dumps(rows))


def _without_a_rule(reach: object, policy: object) -> Callable[[], object]:
    new = msgspec.structs.replace(policy, rules=policy.rules[1:])
    return lambda: reach.changed([policy], [new])


def _again(reach: object, policy: object) -> Callable[[], object]:
    new = msgspec.structs.replace(policy, name=f"{policy.name}-more", rules=policy.rules[:1])
    return lambda: reach.changed([], [new])


def _replica(reach: object, pod: object) -> Callable[[], object]:
    new = msgspec.structs.replace(pod, name=f"{pod.name}-more", addresses=("10.255.0.1",))
    return lambda: reach.with_pods([new], [])


def _relabelled(reach: object, pod: object, other: object) -> Callable[[], object]:
    new = msgspec.structs.replace(
        pod, namespace=other.namespace, labels=other.labels, ports=other.ports, account=other.account
    )
    return lambda: reach.with_pods([new], [pod])


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

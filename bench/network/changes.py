"""Time a changed policy and a changed pod after a cluster is worked out; prints JSON.

    python bench/network/changes.py CLUSTER

It runs where casemate is installed.
"""

import gc
import json
import statistics
import sys
import time

from msgspec.structs import replace

from casemate.analysis.network.cluster import all_policies, labels_of
from casemate.analysis.network.endpoints import pods_of
from casemate.analysis.network.reach import Reach
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

_RUNS = 20


def main() -> None:
    """Change single policies and pods of a cluster, each starting from the whole."""
    gc.set_threshold(100_000, 50, 100)  # as the command line does
    estate = read_estate((sys.argv[1],), Settings())
    policies, pods = list(all_policies(estate, [])), list(pods_of(estate))
    started = time.process_time()
    reach = Reach(policies, pods, [], labels_of(estate))
    whole = time.process_time() - started
    gc.freeze()
    of_policies, of_pods = [], []
    for number in range(0, len(policies), max(len(policies) // _RUNS, 1)):
        policy = policies[number]
        started = time.process_time()
        changed = reach.changed([policy], [replace(policy, rules=policy.rules[:1])])
        of_policies.append(time.process_time() - started)
        _must_be_known(changed)
    for number in range(0, len(pods), max(len(pods) // _RUNS, 1)):
        started = time.process_time()
        changed = reach.with_pods([replace(pods[number], name="new/pod", addresses=())], [pods[number]])
        of_pods.append(time.process_time() - started)
        _must_be_known(changed)
    times = {"policy": of_policies, "pod": of_pods}
    answer = {
        name: {"median": statistics.median(found), "worst": max(found)} for name, found in times.items()
    }
    print(json.dumps({"whole": whole, **answer}))


def _must_be_known(changed: Reach | None) -> None:
    if changed is None:
        sys.exit("bench: the change mentions something that is not told apart yet")


if __name__ == "__main__":
    main()

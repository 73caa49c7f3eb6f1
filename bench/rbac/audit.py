"""Time the reading of audit logs, and `casemate rbac tighten` as a whole, on a log made from a fixed seed.

Prints events per second of CPU and peak memory; the log has as many distinct requests as asked for, since
that is what memory grows with.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2] / "src")

from casemate.engine.tightening import tightened  # noqa: E402 # a program beside its own package
from casemate.model.estate import Estate  # noqa: E402
from casemate.model.version import NEWEST  # noqa: E402
from casemate.readers.audit_log import read_audit_logs  # noqa: E402

_VERBS = ("get", "list", "watch", "update", "patch", "create")
_KINDS = (("pods", ""), ("configmaps", ""), ("deployments", "apps"), ("leases", "coordination.k8s.io"))


def main() -> None:
    """Generate, read, tighten and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--distinct", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.log"
        write_log(path, options.events, options.distinct)
        begin = time.process_time()
        log = read_audit_logs([str(path)])
        read = time.process_time() - begin
        answer = tightened(Estate(entities=(log,)), log, NEWEST)
        whole = time.process_time() - begin
    print(
        f"{log.events:,} events, {log.events / read:,.0f} a second of CPU; {whole:.1f} s with the proposals"
    )
    print(f"{len(answer.subjects):,} subjects, {len(answer.roles):,} roles")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000:,.0f} MB")


def write_log(path: Path, events: int, distinct: int) -> None:
    """A log of so many events, of about so many distinct requests."""
    random_ = random.Random(7)
    lines = [json.dumps(_event(random_, number), separators=(",", ":")) for number in range(distinct)]
    with path.open("w") as file:
        for number in range(events):
            file.write(f"{lines[number % distinct]}\n")


def _event(random_: random.Random, number: int) -> dict[str, object]:
    verb, (resource_, group) = random_.choice(_VERBS), random_.choice(_KINDS)
    namespace, name = f"n{random_.randrange(40)}", f"{resource_}-{random_.randrange(30)}"
    home = f"n{random_.randrange(40)}"
    prefix = f"/apis/{group}/v1" if group else "/api/v1"
    reference = {"resource": resource_, "namespace": namespace, "apiGroup": group, "apiVersion": "v1"}
    if verb not in {"list", "watch"}:
        reference["name"] = name
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": f"{number:032x}",
        "stage": "ResponseComplete",
        "requestURI": f"{prefix}/namespaces/{namespace}/{resource_}",
        "verb": verb,
        "user": {
            "username": f"system:serviceaccount:{home}:robot",
            "uid": "3f1a9c52-1b7e-4b0e-9a53-0c6b6b1c2d11",
            "groups": ["system:serviceaccounts", f"system:serviceaccounts:{home}", "system:authenticated"],
            "extra": {"authentication.kubernetes.io/pod-name": ["robot-5b8f9d7c6-t4wvk"]},
        },
        "sourceIPs": ["10.0.0.1"],
        "userAgent": "robot/v1.2.3 (linux/amd64) kubernetes/$Format",
        "objectRef": reference,
        "responseStatus": {"metadata": {}, "code": 200},
        "requestReceivedTimestamp": f"2026-11-{1 + number % 28:02d}T10:00:00.000000Z",
        "stageTimestamp": "2026-11-01T10:00:00.000000Z",
        "annotations": {"authorization.k8s.io/decision": "allow"},
    }


if __name__ == "__main__":
    main()

"""Time `who-can` after an estate is loaded; runs where casemate is installed and prints JSON.

python bench/rbac/queries.py ESTATE
"""

import json
import statistics
import sys
import time

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.rules import Request
from casemate.engine.access import access_to
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

QUESTIONS = (
    ("get pods in one namespace", Request("get", resource="pods", namespace="ns-1"), False),
    ("list secrets, everywhere and in each namespace", Request("list", resource="secrets"), True),
    (
        "create deployments.apps in one namespace",
        Request("create", "apps", "deployments", namespace="ns-7"),
        False,
    ),
    ("delete a custom resource, in each namespace", Request("delete", "g3.example.com", "kinds3"), True),
)
_RUNS = 5


def main() -> None:
    """Ask each question a few times, the first time of a new authorizer included."""
    estate = read_estate((sys.argv[1],), Settings())
    started = time.process_time()
    Authorizer.of(estate)
    built = time.process_time() - started
    rows = []
    for words, request, anywhere in QUESTIONS:
        times, found = [], 0
        for _ in range(_RUNS):
            fresh = Authorizer.of(estate)  # nothing of an earlier question is remembered
            started = time.process_time()
            found = len(access_to(fresh, request, "", anywhere=anywhere).paths)
            times.append(time.process_time() - started)
        rows.append(
            {"question": words, "seconds": statistics.median(times), "worst": max(times), "answers": found}
        )
    print(json.dumps({"built": built, "questions": rows}))


if __name__ == "__main__":
    main()

"""A workload that holds Secrets may connect to every address of the internet.

What an intruder reads there leaves by the same way. Few workloads talk to more than some known services.
"""

from collections.abc import Iterator

from casemate.analysis.listing import counted
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, control
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.severity import Severity


@control(
    "network-secrets-to-internet",
    title="Holder of Secrets may connect to the whole internet",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Name the ranges that are needed, or send the connections through a proxy that knows them by name",
    standards=(
        "NSA-CISA-1.2:network-policies",
        "MITRE:T1552",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
    ),
    area="netpol_rules_egress",
)
def secrets_to_internet(policy: ConnectionPolicy, situation: Situation) -> Iterator[Fault]:
    from casemate.analysis.network.openings import short  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.openings_out import internet  # noqa: PLC0415 # start-up: the same

    for found in situation.derived(internet).of(policy):
        names = short(found.workloads)
        yield Fault(
            message=f"the rule lets holders of Secrets reach {found.breadth.words}",
            at=found.rule.at,
            why=(
                f"Secrets are mounted or read by {counted(names)}",
                "at every port" if found.rule.ports is None else "at some ports only",
            ),
            severity=None if found.rule.ports is None else Severity.LOW,
        )

"""A rule of a network policy lets everything through.

The policy looks like a fence, counts as one in every inventory, and is none: what it isolates its own rule
opens again, and no other policy can take it back.
"""

from collections.abc import Iterator

from casemate.analysis.listing import counted
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.severity import Severity


@control(
    "network-policy-allows-everything",
    title="Network policy that lets everything through",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Name the peers and ports that are needed in the rule, or remove it",
    standards=(
        "NSA-CISA-1.2:network-policies",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
        "NIST-800-190:4.3.3",
    ),
    area="netpol_rules_egress",
    fixes=True,
)
def policy_allows_everything(policy: ConnectionPolicy, situation: Situation) -> Iterator[Fault]:
    from casemate.analysis.network.openings import AllowingRules, short  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.openings_in import everything  # noqa: PLC0415 # start-up: the same

    rules = situation.derived(AllowingRules)
    for found in situation.derived(everything).of(policy):
        inward = found.what == "ingress"
        names = short(found.workloads)
        why = [f"it is for {counted(names)}"]
        holding = short(name for name, pod in found.workloads.items() if rules.keeps_secrets(pod))
        severity = None
        if inward and rules.entered.issuperset(found.workloads):
            severity = Severity.LOW
            why.append("all of them are reached from outside on purpose, but not at every port")
        elif not inward:
            severity = Severity.LOW if holding else Severity.INFO
            if holding:
                why.append(f"Secrets are held by {counted(holding)}")
        yield Fault(
            message=f"the rule lets {found.breadth.words} in at every port"
            if inward
            else f"the rule lets the pods reach {found.breadth.words} at every port",
            at=found.rule.at,
            why=tuple(why),
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", found.rule.at),)) if inward else None,
        )

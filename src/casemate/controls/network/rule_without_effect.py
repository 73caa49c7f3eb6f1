"""A rule of a network policy changes nothing.

Another rule already lets in all that it names, so that the narrow rule which was reviewed is not the one that
decides. Or it names a port that none of the pods has, and lets nothing in.
"""

from collections.abc import Iterator

from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.network_policy import ConnectionPolicy, NetworkPolicy
from casemate.model.place import Path
from casemate.model.severity import Confidence, Severity


@control(
    "network-rule-without-effect",
    title="Rule of a network policy without effect",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Remove the rule, or narrow the other one if that lets in more than was meant",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
    fixes=True,
)
def rule_without_effect(policy: ConnectionPolicy, situation: Situation) -> Iterator[Fault]:
    from casemate.analysis.network.openings_in import lets_all_through  # noqa: PLC0415 # start-up: see below
    from casemate.analysis.network.policies import Action  # noqa: PLC0415 # start-up: see below
    from casemate.analysis.network.shadowing import Shadowing  # noqa: PLC0415 # start-up: the network is large

    shadowing = situation.derived(Shadowing)
    others = shadowing.adds_nothing_to(policy)
    if others:
        yield Fault(
            message=f"the policy adds nothing to {' and '.join(entity.title for entity in others)}",
            at=("metadata", "name"),
            why=("each of its rules is covered there, for all pods that it selects",),
            remedy="Delete it, or narrow the other one if that lets in more than was meant",
        )
        return
    covered = shadowing.of(policy)
    for item in covered:
        if lets_all_through(item.by) and item.by.action is Action.ALLOW:
            continue  # network-policy-allows-everything says it where it is to be mended
        here = item.policy.entity is policy
        name = "another rule of the policy" if here else f"a rule of {item.policy.entity.title}"
        removable = _is_removable(policy, item.rule.at, {found.rule.at for found in covered})
        yield Fault(
            message=f"{name} already decides all that this {item.rule.direction.value} rule is about",
            at=item.rule.at,
            why=(
                f"the other rule ({item.by.action.value}) holds for the same pods, and for at least"
                " the same peers and ports",
            ),
            fix=Fix(safe=item.is_same, edits=(Edit("remove", item.rule.at),)) if removable else None,
        )
    for rule, names in shadowing.absent_ports(policy):
        yield Fault(
            message=f"the rule lets nothing in: no pod of the policy names a port {names}",
            at=(*rule.at, "ports"),
            why=("a port by name is looked up among the ports of the pods that the policy selects",),
            confidence=Confidence.LIKELY,
            remedy="Write the name that the containers give the port, or its number",
        )


def _is_removable(policy: ConnectionPolicy, at: Path, covered: set[Path]) -> bool:
    """Whether nothing changes without the rule: without types, rules for egress say that egress is meant."""
    if not isinstance(policy, NetworkPolicy):
        return False
    if at[1] == "ingress" or policy.spec.policy_types:
        return True
    return any(("spec", "egress", n) not in covered for n in range(len(policy.spec.egress or ())))

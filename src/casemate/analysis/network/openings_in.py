"""Rules by which workloads are reached from more than is needed: their databases, and across tenants."""

from casemate.analysis.network.breadth import CHOSEN, Extent, breadth
from casemate.analysis.network.openings import AllowingRules, Openings
from casemate.analysis.network.policies import TCP, Rule
from casemate.analysis.network.situation import Situation
from casemate.model.governance import Namespace

_TENANT = "tenant"


def stores(situation: Situation) -> Openings:
    """The rules by which more than chosen pods of other namespaces reach a database or a console.

    Those that let everything through at every port are left out: they are said as such.
    """
    rules = situation.derived(AllowingRules)
    atoms = rules.reach.atoms
    found = Openings()
    for profile, policy, part in rules.on(rules.reach.ingress):
        if lets_all_through(part.rule) or breadth(part.rule.peers) is CHOSEN:
            continue
        for pods in rules.pods(profile.members):
            wide = breadth(part.rule.peers, pods.namespace)
            for name, pod in pods.workloads.items() if wide is not CHOSEN else ():
                for port, what in rules.serves(pod).items():
                    bit = atoms.containing(TCP, port)
                    if not part.mask & bit:
                        continue
                    through = rules.let_through(profile, part, bit) - rules.inside[pods.namespace]
                    unread = not any(name in rules.inside for name in wide.named)
                    if through or (wide.named and unread):
                        opening = found.at(policy, part.rule, f"{what}, port {port}", wide)
                        opening.workloads[name] = pod
                        opening.peers.update(rules.workloads(through))
    return found


def tenants(situation: Situation) -> Openings:
    """The rules by which pods of one tenant reach those of another, those for everything left out."""
    of = {
        namespace.name: tenant
        for namespace in situation.estate.of(Namespace)
        if (tenant := tenant_of(namespace)) is not None
    }
    found = Openings()
    if len(set(of.values())) < 2:
        return found
    rules = situation.derived(AllowingRules)
    for profile, policy, part in rules.on(rules.reach.ingress):
        if lets_all_through(part.rule):
            continue
        callers = rules.workloads(rules.let_through(profile, part, part.mask))
        members = rules.workloads(profile.members)
        for own in {of[pod.namespace] for pod in members.values() if pod.namespace in of}:
            others = {peer: pod for peer, pod in callers.items() if of.get(pod.namespace, own) != own}
            if others:
                opening = found.at(policy, part.rule, own, breadth(part.rule.peers))
                opening.workloads.update(
                    (name, pod) for name, pod in members.items() if of.get(pod.namespace) == own
                )
                opening.peers.update(others)
    return found


def tenant_of(namespace: Namespace) -> str | None:
    """The tenant that a label of a namespace names: `tenant`, `capsule.clastix.io/tenant` and the like."""
    for key, value in sorted(namespace.labels.items()):
        if key.rpartition("/")[2] == _TENANT and value:
            return value
    return None


def lets_all_through(rule: Rule) -> bool:
    """Whether a rule is about everything, or about every pod of the cluster, at every port."""
    return rule.ports is None and breadth(rule.peers).extent in {Extent.EVERYTHING, Extent.CLUSTER}


def everything(situation: Situation) -> Openings:
    """The rules that let everything through, in both directions, with the workloads for which they count."""
    rules = situation.derived(AllowingRules)
    found = Openings()
    for side in (rules.reach.ingress, rules.reach.egress):
        for profile, policy, part in rules.on(side):
            if side.direction not in policy.isolates or not lets_all_through(part.rule):
                continue
            members = rules.workloads(profile.members)
            if members and rules.let_through(profile, part, rules.reach.atoms.everything):
                opening = found.at(policy, part.rule, side.direction.value, breadth(part.rule.peers))
                opening.workloads.update(members)
    return found

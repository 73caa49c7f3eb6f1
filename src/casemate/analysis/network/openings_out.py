"""Rules by which workloads reach what lies outside: the cloud's metadata, and the whole internet."""

from casemate.analysis.network.breadth import Extent, breadth
from casemate.analysis.network.openings import AllowingRules, Openings
from casemate.analysis.network.openings_in import lets_all_through
from casemate.analysis.network.policies import TCP, PortRange
from casemate.analysis.network.ports import limits
from casemate.analysis.network.situation import Situation

METADATA = ("169.254.169.254", "fd00:ec2::254")
"""Where clouds give a machine its credentials, among other things; the second is of AWS alone."""
METADATA_PORT = 80
_SOMEWHERE = "1.1.1.1"


def metadata(situation: Situation) -> Openings:
    """The rules by which workloads reach the cloud's metadata; those for everything are left out."""
    rules = situation.derived(AllowingRules)
    bit = rules.reach.atoms.containing(TCP, METADATA_PORT)
    found = Openings()
    for address in METADATA:
        number = _class_of(rules, address)
        for profile, policy, part in rules.on(rules.reach.egress):
            if (
                not lets_all_through(part.rule)
                and part.mask & bit
                and number in rules.let_through(profile, part, bit)
            ):
                opening = found.at(policy, part.rule, address)
                opening.workloads.update(rules.workloads(profile.members))
    return found


def internet(situation: Situation) -> Openings:
    """The rules by which workloads that hold Secrets reach all addresses, those for everything left out."""
    rules = situation.derived(AllowingRules)
    somewhere = _class_of(rules, _SOMEWHERE)
    tcp = rules.reach.atoms.mask(PortRange(TCP, *limits(TCP)))
    found = Openings()
    for profile, policy, part in rules.on(rules.reach.egress):
        wide = breadth(part.rule.peers)
        if wide.extent is not Extent.OUTSIDE or not part.mask & tcp:
            continue
        if somewhere in rules.let_through(profile, part, part.mask & tcp):
            holding = {
                name: pod
                for name, pod in rules.workloads(profile.members).items()
                if rules.keeps_secrets(pod)
            }
            if holding:
                found.at(policy, part.rule, extent=wide).workloads.update(holding)
    return found


def _class_of(rules: AllowingRules, address: str) -> int:
    """The class of an address; every address is in one."""
    number = rules.reach.number_of(address)
    return -1 if number is None else number

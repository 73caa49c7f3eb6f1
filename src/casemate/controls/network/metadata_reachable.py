"""A rule for egress leaves the address open at which the cloud gives out credentials.

Machines in a cloud get the keys of their role from 169.254.169.254, without a password. A pod that may
connect there acts as its node: it reads the cluster's disks, images and often its secrets.
"""

from collections.abc import Iterator

from casemate.analysis.listing import counted
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.network_policy import ConnectionPolicy, NetworkPolicy
from casemate.model.place import Path
from casemate.model.platform import SELF
from casemate.model.settings import Settings
from casemate.model.severity import Severity

_EVERYTHING = "0.0.0.0/0"
_IPV4 = "169.254.169.254"


@control(
    "network-metadata-reachable",
    title="Cloud metadata open to pods",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Leave 169.254.169.254/32 out of the range by `except`",
    standards=(
        "NSA-CISA-1.2:network-policies",
        "MITRE:T1552",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
    ),
    area="netpol_rules_egress",
    fixes=True,
)
def metadata_reachable(policy: ConnectionPolicy, situation: Situation, settings: Settings) -> Iterator[Fault]:
    from casemate.analysis.network.openings import short  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.openings_out import metadata  # noqa: PLC0415 # start-up: the same

    for found in situation.derived(metadata).of(policy):
        names = short(found.workloads)
        if not names or (found.what != _IPV4 and settings.platform.name != "eks"):
            continue
        edits = tuple(_edits(policy, found.rule.at)) if found.what == _IPV4 else ()
        in_cloud = settings.platform.name != SELF
        yield Fault(
            message=f"the rule lets pods reach the cloud's metadata at {found.what}",
            at=found.rule.at,
            why=(
                f"it is for {counted(names)}",
                f"the cluster runs on {settings.platform.name}"
                if in_cloud
                else "where the cluster runs in no cloud, nothing answers there",
            ),
            severity=Severity.MEDIUM if in_cloud else None,
            fix=Fix(safe=False, edits=edits) if edits else None,
        )


def _edits(policy: ConnectionPolicy, at: Path) -> Iterator[Edit]:
    """The exception, added to every range of the rule that is all addresses."""
    index = at[-1]
    if not isinstance(policy, NetworkPolicy) or not isinstance(index, int):
        return
    for number, peer in enumerate((policy.spec.egress or ())[index].to or ()):
        if peer.ip_block is not None and peer.ip_block.cidr == _EVERYTHING:
            without = [*(peer.ip_block.except_ or ()), f"{_IPV4}/32"]
            yield Edit("set", (*at, "to", number, "ipBlock", "except"), without)

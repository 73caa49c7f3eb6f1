"""A rule lets whole namespaces, or more, connect to a database or an administration port.

A database has few callers, and trusts the network or a password that all of them share. A rule that names no
labels of pods gives every workload of those namespaces the same way in.
"""

from collections.abc import Iterator

from casemate.analysis.listing import counted, some
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, control
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.severity import Severity

_SHOWN = 3


@control(
    "network-database-open",
    title="Database open to more than its callers",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Add the labels of the callers to the peer (podSelector beside namespaceSelector)",
    standards=(
        "NSA-CISA-1.2:network-policies",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
        "NIST-800-190:4.3.3",
    ),
    area="netpol_rules_egress",
)
def database_open(policy: ConnectionPolicy, situation: Situation) -> Iterator[Fault]:
    from casemate.analysis.network.breadth import Extent  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.openings import full, short  # noqa: PLC0415 # start-up: the same
    from casemate.analysis.network.openings_in import stores  # noqa: PLC0415 # start-up: the same

    for found in situation.derived(stores).of(policy):
        names = short(found.workloads)
        peers = full(found.peers)
        spaces = {pod.namespace for pod in found.peers.values()}
        why = [f"{some(names, _SHOWN)} serve{'s' if len(names) == 1 else ''} it"]
        if peers:
            why.append(
                f"{counted(peers)} of {len(spaces):,} other namespace{'s' if len(spaces) > 1 else ''}"
                " may connect"
            )
        outside = found.breadth.extent >= Extent.OUTSIDE
        named = found.breadth.extent == Extent.NAMESPACES
        yield Fault(
            message=f"the rule lets {found.breadth.words} connect to {found.what}",
            at=found.rule.at,
            why=tuple(why),
            severity=Severity.HIGH if outside else Severity.LOW if named else None,
        )

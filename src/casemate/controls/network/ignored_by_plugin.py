"""A network policy relies on something that the network plugin of the cluster does not follow.

The API server takes every policy; what becomes of it is up to the plugin, and none complains. The
policy is there, reviewed and believed in, and the connection is open all the same.
"""

from collections.abc import Iterator

from casemate.analysis.network.plugins.enforcement import gaps_in
from casemate.analysis.network.plugins.forms import Effect, Part
from casemate.analysis.network.plugins.signs import RecognisedPlugin
from casemate.model.control import Consequence, Fault, control
from casemate.model.network_policy import NetworkPolicy
from casemate.model.settings import Settings
from casemate.model.severity import Confidence, Severity

_REMEDIES = {
    Part.POLICY: "Run a network plugin that enforces policies, or one that does beside this one",
    Part.EGRESS: "Run a network plugin that enforces egress; until then limit it elsewhere",
    Part.NAMED_PORT: "Write the number of the port instead of its name",
    Part.NAMED_PORT_IN: "Write the number of the port instead of its name",
    Part.NAMED_PORT_ANYWHERE: "Write the number of the port, or the peers of the rule",
    Part.END_PORT: "List the ports one by one, or update the plugin where a newer one knows ranges",
    Part.SCTP: "Test that the rule holds with this plugin",
    Part.IP_BLOCK: "Move the addresses to a policy of their own, or run another network plugin",
    Part.IPV6_BLOCK: "Remove the range: this plugin has no IPv6",
}


@control(
    "network-ignored-by-plugin",
    title="Network policy that the plugin does not follow",
    severity=Severity.HIGH,
    consequence=Consequence.EXPOSED,
    remedy="Write the rule so that this plugin follows it, or run another network plugin",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_engine",
    setting="cni",
)
def ignored_by_plugin(policy: NetworkPolicy, known: RecognisedPlugin, settings: Settings) -> Iterator[Fault]:
    plugin = known.plugin(settings)
    if plugin is None:
        return
    found = list(gaps_in(policy, plugin))
    rejected = any(gap.effect is Effect.REJECTED for _, gap in found)
    told: set[Part] = set()
    for at, gap in found:
        if gap.part in told or (rejected and gap.effect is not Effect.REJECTED):
            continue
        told.add(gap.part)
        harmless = gap.effect in {Effect.CLOSED, Effect.UNSURE}
        yield Fault(
            message=f"{plugin.title} {gap.text}",
            at=at,
            why=(known.why(settings), f"{gap.effect.value}", f"source: {gap.source}"),
            severity=Severity.LOW if harmless else None,
            confidence=Confidence.POSSIBLE if gap.effect is Effect.UNSURE else None,
            remedy=_REMEDIES.get(gap.part),
        )

"""A cluster-wide network policy is of a kind that the network plugin of the cluster does not enforce.

Its kind only has to be defined for the API server to take it. Rules that were to hold for every
namespace, above what their owners allow, hold nowhere then, and nothing says so.
"""

from collections.abc import Iterator

from casemate.analysis.network.plugins.signs import RecognisedPlugin
from casemate.model.admin_network_policy import ClusterWidePolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.settings import Settings
from casemate.model.severity import Severity


@control(
    "network-kind-unknown-to-plugin",
    title="Cluster-wide network policy that the plugin does not know",
    severity=Severity.HIGH,
    consequence=Consequence.EXPOSED,
    remedy="Say the rules in a kind that this plugin enforces, or run another network plugin",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_engine",
    setting="cni",
)
def kind_unknown_to_plugin(
    policy: ClusterWidePolicy, known: RecognisedPlugin, settings: Settings
) -> Iterator[Fault]:
    plugin = known.plugin(settings)
    if plugin is not None and policy.ref.kind in plugin.foreign:
        yield Fault(
            message=f"{plugin.title} does not enforce policies of kind {policy.ref.kind}",
            at=("spec",),
            why=(known.why(settings), *(f"source: {source}" for source in plugin.sources)),
        )

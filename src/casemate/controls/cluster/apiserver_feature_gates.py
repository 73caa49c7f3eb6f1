"""Some feature gates take a safeguard away that releases have by default.

They were meant for a short time after an upgrade. What they name may also be unfinished code.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity

_GATES = {
    "AllAlpha": (True, "all unfinished features are switched on"),
    "AllowInsecureKubeletCertificateSigningRequests": (True, "a node may ask for another node's certificate"),
    "AuthorizeNodeWithSelectors": (False, "nodes may list the pods of other nodes"),
    "BoundServiceAccountTokenVolume": (False, "tokens in pods never end"),
    "LegacyServiceAccountTokenNoAutoGeneration": (
        False,
        "every service account gets a token that never ends",
    ),
    "PodSecurity": (False, "Pod Security levels of namespaces are not enforced"),
    "ServiceAccountNodeAudienceRestriction": (False, "nodes may ask for tokens for any audience"),
    "ServiceAccountTokenNodeBindingValidation": (False, "tokens outlive the node that they are bound to"),
    "UnauthenticatedHTTP2DOSMitigation": (False, "callers without credentials may hold connections open"),
}
"""Feature gates, the value that takes a safeguard away, and what follows."""


@control(
    "cluster-apiserver-feature-gates",
    title="Safeguards switched off by feature gates",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Remove the gate from --feature-gates",
    standards=(
        "NSA-CISA-1.2:control-plane-hardening",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_feature_gates(server: ApiServer) -> Answers:
    setting = server.setting("feature-gates")
    given = dict(item.rpartition("=")[::2] for item in setting.items)
    for name, (value, follows) in _GATES.items():
        text = given.get(name, given.get(f"kube:{name}"))
        if text is not None and (text.lower() in {"true", "t", "1"}) is value:
            yield from settled(
                server, setting, f"the feature gate {name} is {str(value).lower()}: {follows}", None
            )

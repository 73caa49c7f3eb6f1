"""The kubelet does not check tokens.

Tools that come with a service account are then anonymous, which tempts people to let anonymous callers in.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-token-authentication",
    title="Kubelet does not check tokens",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set authentication.webhook.enabled: true",
    standards=("NSA-CISA-1.2:authentication",),
    area="kubelet_config",
    fixes=True,
)
def kubelet_token_authentication(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "authentication-token-webhook",
        lambda enabled: not enabled,
        message="the kubelet does not check bearer tokens with the API server",
        wanted=True,
    )

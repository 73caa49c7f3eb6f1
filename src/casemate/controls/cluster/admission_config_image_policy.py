"""Images are let in when the service that should judge them does not answer.

Whoever can make the webhook slow or unreachable gets any image past it.
"""

from collections.abc import Iterator

from casemate.model.cluster_configs import AdmissionConfiguration
from casemate.model.control import Consequence, Edit, Fault, Fix, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-admission-config-image-policy",
    title="Image policy that fails open",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Set defaultAllow: false, and run the webhook so that it survives a node",
    standards=("CIS-Kubernetes-1.12:5.5.1", "NIST-800-190:4.4.5", "OWASP-Kubernetes-2022:K02"),
    area="image_signing_verify",
    fixes=True,
)
def admission_config_image_policy(config: AdmissionConfiguration) -> Iterator[Fault | Unanswered]:
    for index, plugin in enumerate(config.plugins):
        if plugin.name != "ImagePolicyWebhook":
            continue
        if plugin.path:
            yield Unanswered(f"the file {plugin.path} that configures ImagePolicyWebhook")
            continue
        policy = plugin.configuration.image_policy if plugin.configuration is not None else None
        if policy is not None and policy.default_allow:
            at = ("plugins", index, "configuration", "imagePolicy", "defaultAllow")
            yield Fault(
                message="images are let in when the image policy webhook does not answer",
                at=at,
                why=("defaultAllow is true",),
                fix=Fix(safe=False, edits=(Edit("set", at, value=False),)),
            )

"""These plugins are on by default, and policies, quotas and certificates rely on them.

With one off, what it would refuse is let in without a word: webhooks and policies are simply not
asked.
"""

from casemate.analysis.cluster.admission import defaults
from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity

_HOW_BAD = {
    "CertificateApproval": Severity.HIGH,
    "CertificateSigning": Severity.HIGH,
    "CertificateSubjectRestriction": Severity.HIGH,
    "DefaultTolerationSeconds": Severity.LOW,
    "LimitRanger": Severity.LOW,
    "MutatingAdmissionPolicy": Severity.MEDIUM,
    "MutatingAdmissionWebhook": Severity.MEDIUM,
    "PodSecurity": Severity.HIGH,
    "Priority": Severity.LOW,
    "ResourceQuota": Severity.LOW,
    "ValidatingAdmissionPolicy": Severity.HIGH,
    "ValidatingAdmissionWebhook": Severity.HIGH,
}
"""Plugins that are on by default and bear on security; two more have controls of their own."""


@control(
    "cluster-apiserver-default-plugins",
    title="Admission plugins switched off",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Take them out of --disable-admission-plugins",
    standards=(
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_default_plugins(server: ApiServer) -> Answers:
    for name in sorted(defaults(server.release.version) & set(_HOW_BAD)):
        message = f"the admission plugin {name} is switched off"
        yield from must_run(server, name, message=message, severity=_HOW_BAD[name])

"""The kubelet takes weak cipher suites.

Suites in CBC mode, without forward secrecy or with RC4 or 3DES are weaker than they need be.
"""

from casemate.analysis.cluster.kubelet import Kubelet, Value
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.analysis.cluster.tls import ACCEPTED, STRONG, SUGGESTED
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-tls-cipher-suites",
    title="Kubelet with weak cipher suites",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set tlsCipherSuites to suites with ECDHE and GCM or ChaCha20, or tlsMinVersion: VersionTLS13",
    standards=(
        "CIS-Kubernetes-1.12:4.2.12",
        "NSA-CISA-1.2:encryption",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_tls_cipher_suites(kubelet: Kubelet) -> Answers:
    least = kubelet.value("tls-min-version")
    if isinstance(least, Value) and least.value == "VersionTLS13":
        return
    suites = kubelet.value("tls-cipher-suites")
    weak = sorted(set(suites.value) - STRONG) if isinstance(suites, Value) else []
    named = f"weak cipher suites: {', '.join(weak)}" if weak else "suites in CBC mode, as Go does by default"
    yield from must_not(
        kubelet,
        "tls-cipher-suites",
        lambda given: not given or bool(weak),
        message=f"the kubelet also takes {named}",
        wanted=tuple(SUGGESTED.split(",")),
        severity=None if ACCEPTED.issuperset(weak) else Severity.MEDIUM,
    )

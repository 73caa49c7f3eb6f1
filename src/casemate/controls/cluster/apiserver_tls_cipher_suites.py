"""Suites in CBC mode, without forward secrecy or with RC4 or 3DES are weaker than they need be.

Go still offers four in CBC mode by default up to TLS 1.2. With TLS 1.3 as the least version there
is nothing to choose, and all suites are strong.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.analysis.cluster.tls import ACCEPTED, STRONG, SUGGESTED
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-tls-cipher-suites",
    title="Weak cipher suites",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set --tls-cipher-suites to suites with ECDHE and GCM or ChaCha20, or ask for TLS 1.3",
    standards=(
        "CIS-Kubernetes-1.12:1.2.29",
        "NSA-CISA-1.2:encryption",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_tls_cipher_suites(server: ApiServer) -> Answers:
    setting = server.setting("tls-cipher-suites")
    suites = setting.items
    if server.setting("tls-min-version").value == "VersionTLS13":
        return
    fix = server.put("tls-cipher-suites", SUGGESTED)
    if not suites:
        message = "the API server also takes cipher suites in CBC mode, as Go does by default"
        yield from settled(server, setting, message, fix)
    elif not STRONG.issuperset(suites):
        weak = sorted(set(suites) - STRONG)
        severity = None if ACCEPTED.issuperset(weak) else Severity.MEDIUM
        yield from settled(
            server, setting, f"the API server takes weak cipher suites: {', '.join(weak)}", fix, severity
        )

"""An entrance accepts TLS 1.0 or 1.1.

Both were withdrawn in 2021 (RFC 8996): they rest on hashes that are broken, and whoever is on the
way can press callers down to them.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Front, Ingress
from casemate.model.gateways import HttpProxy, IstioGateway, TlsOption
from casemate.model.place import Path
from casemate.model.severity import Severity

_PROTOCOLS = ("nginx.ingress.kubernetes.io/ssl-protocols", "nginx.ingress.kubernetes.io/proxy-ssl-protocols")
_OLD = ("TLSv1", "TLSv1.0", "TLSv1.1", "SSLv3", "SSLv2")


@control(
    "network-old-tls-version",
    title="Withdrawn versions of TLS accepted",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Accept TLS 1.2 and 1.3 only",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def old_tls_version(front: Front) -> Iterator[Fault]:
    for path, found, instead in _places(front):
        yield Fault(
            message=f"{found} is accepted",
            at=path,
            why=("TLS 1.0 and 1.1 were withdrawn by RFC 8996, SSL before them",),
            fix=Fix(safe=False, edits=(Edit("set", path, instead),)),
        )


def _places(front: Front) -> Iterator[tuple[Path, str, str]]:
    """Where an old version is named, which, and what to write instead."""
    if isinstance(front, Ingress):
        for key in _PROTOCOLS:
            old = [name for name in front.annotations.get(key, "").split() if name in _OLD]
            if old:
                yield ("metadata", "annotations", key), " ".join(old), "TLSv1.2 TLSv1.3"
    elif isinstance(front, IstioGateway):
        for index, server in enumerate(front.spec.servers):
            version = server.tls.min_protocol_version if server.tls is not None else None
            if version in {"TLSV1_0", "TLSV1_1"}:
                yield ("spec", "servers", index, "tls", "minProtocolVersion"), version, "TLSV1_2"
    elif isinstance(front, TlsOption):
        if front.spec.min_version in {"VersionTLS10", "VersionTLS11"}:
            yield ("spec", "minVersion"), front.spec.min_version, "VersionTLS12"
    elif isinstance(front, HttpProxy):
        tls = front.spec.virtualhost.tls if front.spec.virtualhost is not None else None
        version = tls.minimum_protocol_version if tls is not None else None
        if version in {"1.0", "1.1"}:
            yield ("spec", "virtualhost", "tls", "minimumProtocolVersion"), f"TLS {version}", "1.2"

"""A proxy calls its backend without asking who answers.

Without verification, or without TLS where the mesh would give it, whoever gets between proxy and
backend reads and changes all requests, and nothing shows it.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Ingress, Proxied
from casemate.model.gateways import ClientTls, DestinationRule, ServersTransport
from casemate.model.place import Path
from casemate.model.severity import Severity

_NGINX = "nginx.ingress.kubernetes.io/"


@control(
    "network-unverified-backend",
    title="Backend called without verification",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Verify the backend's certificate against the authority that issued it",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def unverified_backend(entity: Proxied) -> Iterator[Fault]:
    if isinstance(entity, ServersTransport):
        if entity.spec.insecure_skip_verify:
            yield _fault("insecureSkipVerify is true", ("spec", "insecureSkipVerify"))
    elif isinstance(entity, DestinationRule):
        policy = entity.spec.traffic_policy
        if policy is not None:
            here: Path = ("spec", "trafficPolicy")
            yield from _of_tls(policy.tls, (*here, "tls"))
            for index, port in enumerate(policy.port_level_settings):
                yield from _of_tls(port.tls, (*here, "portLevelSettings", index, "tls"))
    elif isinstance(entity, Ingress):
        notes = entity.annotations
        protocol = notes.get(_NGINX + "backend-protocol", "").upper()
        if protocol in {"HTTPS", "GRPCS"} and notes.get(_NGINX + "proxy-ssl-verify") == "off":
            yield _fault("proxy-ssl-verify is off", ("metadata", "annotations", _NGINX + "proxy-ssl-verify"))


def _of_tls(tls: ClientTls | None, path: Path) -> Iterator[Fault]:
    if tls is None:
        return
    if tls.insecure_skip_verify:
        yield _fault("insecureSkipVerify is true", (*path, "insecureSkipVerify"))
    if tls.mode == "DISABLE":
        where = (*path, "mode")
        yield Fault(
            message="the mesh calls the service in plain text",
            at=where,
            why=("tls.mode is DISABLE",),
            remedy="Use ISTIO_MUTUAL inside of the mesh, SIMPLE for services with TLS of their own",
            fix=Fix(safe=False, edits=(Edit("set", where, "ISTIO_MUTUAL"),)),
        )


def _fault(why: str, path: Path) -> Fault:
    return Fault(
        message="the backend's certificate is not verified",
        at=path,
        why=(why,),
        fix=Fix(safe=False, edits=(Edit("remove", path),)),
    )

"""A trigger publishes a function without TLS.

What callers send to the function, credentials included, crosses the network in plain text, and
whoever is on the way may change the answer.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.functions import FissionTrigger, FunctionSource, KubelessTrigger
from casemate.model.severity import Severity


@control(
    "function-trigger-without-tls",
    title="Trigger without TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Name the secret with the host's certificate in the trigger",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def trigger_without_tls(trigger: FunctionSource) -> Iterator[Fault]:
    if isinstance(trigger, KubelessTrigger):
        if not trigger.spec.tls and not trigger.spec.tls_secret:
            path = ("spec", "tls")
            yield Fault(
                message="the function is published without TLS",
                at=path,
                why=("neither tls nor tls-secret is set",),
                fix=Fix(safe=False, edits=(Edit("set", path, value=True),)),
            )
    elif isinstance(trigger, FissionTrigger) and trigger.spec.createingress:
        ingress = trigger.spec.ingressconfig
        if ingress is None or not ingress.tls:
            yield Fault(
                message="the function is published without TLS",
                at=("spec", "ingressconfig", "tls"),
                why=("createingress is true, and ingressconfig.tls names no secret",),
            )

"""A trigger opens a function to callers who show nothing.

A function is code that runs for whoever calls it: with its service account, at its owner's cost.
Without a login at the trigger, the function's own code is the only thing that can refuse.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.functions import FissionTrigger, FunctionSource, KubelessTrigger
from casemate.model.severity import Confidence, Severity

_LOGINS = ("nginx.ingress.kubernetes.io/auth-url", "nginx.ingress.kubernetes.io/auth-type",
           "nginx.ingress.kubernetes.io/auth-tls-secret", "traefik.ingress.kubernetes.io/router.middlewares",
           "alb.ingress.kubernetes.io/auth-type", "haproxy.org/auth-type")  # fmt: skip


@control(
    "function-unauthenticated-trigger",
    title="Trigger without authentication",
    severity=Severity.HIGH,
    consequence=Consequence.EXPOSED,
    remedy="Let the trigger's Ingress ask who calls, or keep the function inside the cluster",
    confidence=Confidence.LIKELY,
    standards=("MITRE:T1190",),
    area="app_code_event_input",
)
def unauthenticated_trigger(trigger: FunctionSource) -> Iterator[Fault]:
    if isinstance(trigger, KubelessTrigger):
        if not trigger.spec.basic_auth_secret:
            yield Fault(
                message="the function is published without authentication",
                at=("spec", "basic-auth-secret"),
                why=("the trigger makes an Ingress", "basic-auth-secret is not set"),
            )
    elif isinstance(trigger, FissionTrigger) and trigger.spec.createingress:
        ingress = trigger.spec.ingressconfig
        notes = (ingress.annotations if ingress is not None else None) or {}
        if not any(notes.get(key) for key in _LOGINS):
            yield Fault(
                message="the function is published without authentication",
                at=("spec", "createingress"),
                why=("createingress is true", "no annotation of the Ingress asks who calls"),
            )

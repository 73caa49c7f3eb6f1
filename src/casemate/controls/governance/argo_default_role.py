"""Everybody who can log in to Argo CD may do everything there.

The default role holds for every user that no other rule names, and cannot be taken back by a deny. As
admin it is the right to deploy to every cluster that Argo CD reaches.
"""

from collections.abc import Iterator

from casemate.model.configuration import ConfigMap
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_KEY = "policy.default"
_ANY = ("*", ".*")


@control(
    "governance-argo-default-role",
    title="Everybody is admin of Argo CD",
    severity=Severity.HIGH,
    consequence=Consequence.CLUSTER,
    remedy="Leave policy.default empty or role:readonly, and give groups the roles they need in policy.csv",
    standards=("OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
    fixes=True,
)
def argo_default_role(settings: ConfigMap) -> Iterator[Fault]:
    data = settings.data or {}
    role = (data.get(_KEY) or "").strip()
    if settings.ref.name != "argocd-rbac-cm" or not role:
        return
    why = _unbounded(role, data.get("policy.csv") or "")
    if why is not None:
        path = ("data", _KEY)
        yield Fault(
            message="everybody who can log in may do everything in Argo CD",
            at=path,
            why=(f"{_KEY} is {role}", why),
            fix=Fix(safe=False, edits=(Edit("set", path, "role:readonly"),)),
        )


def _unbounded(role: str, policy: str) -> str | None:
    """Why a role may do everything: it is the built-in admin, leads to it, or a line allows it all."""
    lines = [[part.strip() for part in line.split(",")] for line in policy.splitlines()]
    roles = {role}
    for _ in lines:  # each round follows one more step from role to role
        roles |= {line[2] for line in lines if line[0] == "g" and len(line) > 2 and line[1] in roles}
    if "role:admin" in roles:
        return "that is the built-in role which may do everything, or leads to it"
    for line in lines:
        if line[0] == "p" and len(line) > 4 and line[1] in roles and line[-1] != "deny":
            resource, action, target = line[2:5]
            if resource in _ANY and action in _ANY and target in (*_ANY, "*/*"):
                return f"a line of policy.csv allows {line[1]} everything"
    return None

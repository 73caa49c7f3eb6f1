"""Whoever runs the issuer chooses names that belong to Kubernetes itself.

Without a prefix, a token that says the group system:masters makes its bearer the administrator of
the cluster, whatever RBAC says.
"""

from collections.abc import Iterator

from casemate.model.cluster_configs import AuthenticationConfiguration
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-authentication-prefix",
    title="Names from tokens without a prefix",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Give a prefix such as the issuer's name, or a userValidationRule that refuses system: names",
    standards=("NSA-CISA-1.2:authentication", "OWASP-Kubernetes-2022:K06", "OWASP-Kubernetes-2025:K09"),
    area="cluster_authn_oidc",
)
def authentication_prefix(config: AuthenticationConfiguration) -> Iterator[Fault | Unanswered]:
    for index, jwt in enumerate(config.jwt):
        mappings = jwt.claim_mappings
        for name, mapping in (("username", mappings.username), ("groups", mappings.groups)):
            if not mapping.claim or mapping.prefix != "":
                continue
            if any("system:" in (rule.expression or "") for rule in jwt.user_validation_rules):
                yield Unanswered(
                    f"what the userValidationRules let through, which are not evaluated ({name})"
                )
                continue
            issuer = jwt.issuer.url or "without an address"
            yield Fault(
                message=f"the issuer {issuer} chooses {name} that begin with system:",
                at=("jwt", index, "claimMappings", name, "prefix"),
                why=("the prefix is empty and no userValidationRule speaks of system: names",),
            )

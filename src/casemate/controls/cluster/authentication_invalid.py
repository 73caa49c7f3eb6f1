"""The API server refuses this AuthenticationConfiguration.

At a restart it does not come up; where it reloads the file, the old rules stay in force unnoticed.
"""

from collections.abc import Iterator

from casemate.model.cluster_configs import AuthenticationConfiguration, Mapping
from casemate.model.control import Consequence, Fault, control
from casemate.model.place import Path
from casemate.model.severity import Severity


@control(
    "cluster-authentication-invalid",
    title="AuthenticationConfiguration that the API server refuses",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Mend the issuer as the message says",
    standards=("NSA-CISA-1.2:authentication",),
    area="cluster_authn_oidc",
)
def authentication_invalid(config: AuthenticationConfiguration) -> Iterator[Fault]:
    for index, jwt in enumerate(config.jwt):
        issuer = jwt.issuer
        at = ("jwt", index)
        name = issuer.url or "without an address"
        if not (issuer.url or "").startswith("https://"):
            yield _fault(f"the issuer {name} is not asked by https", (*at, "issuer", "url"))
        if issuer.discovery_url is not None and not issuer.discovery_url.startswith("https://"):
            yield _fault(
                f"the keys of the issuer {name} are not fetched by https", (*at, "issuer", "discoveryURL")
            )
        if issuer.url and any(other.issuer.url == issuer.url for other in config.jwt[:index]):
            yield _fault(f"the issuer {name} is listed twice", (*at, "issuer", "url"))
        if not issuer.audiences or not all(issuer.audiences):
            yield _fault(
                f"tokens of the issuer {name} are taken for no audience", (*at, "issuer", "audiences")
            )
        mappings = jwt.claim_mappings
        if not mappings.username.claim and not mappings.username.expression:
            yield _fault(f"tokens of the issuer {name} give no user name", (*at, "claimMappings", "username"))
        for field, mapping in (("username", mappings.username), ("groups", mappings.groups)):
            wrong = _wrong(mapping)
            if wrong:
                yield _fault(f"the {field} of the issuer {name} have {wrong}", (*at, "claimMappings", field))
    if config.anonymous is not None and config.anonymous.conditions and not config.anonymous.enabled:
        yield _fault("anonymous requests are off, yet have conditions", ("anonymous", "conditions"))


def _fault(what: str, at: Path) -> Fault:
    return Fault(message=f"the API server refuses the file: {what}", at=at)


def _wrong(mapping: Mapping) -> str | None:
    if mapping.claim and mapping.expression:
        return "both a claim and an expression"
    if mapping.expression and mapping.prefix is not None:
        return "a prefix beside an expression"
    return 'a claim and no prefix; "" means none' if mapping.claim and mapping.prefix is None else None

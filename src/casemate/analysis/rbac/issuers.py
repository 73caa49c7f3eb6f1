"""Who else may issue names: the token issuers that the API server trusts, by the prefixes they give.

Source: pkg/kubeapiserver/options/authentication.go of Kubernetes (the flags: without a prefix a name gets the
issuer's address and `#` in front unless the claim is `email`; `-` means none) and apiserver's
AuthenticationConfiguration (a claim with its prefix, or an expression in CEL).
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.model.cluster_configs import AuthenticationConfiguration, Mapping
from casemate.model.components import Component
from casemate.model.estate import Estate
from casemate.model.rbac import USER

_SERVER = "kube-apiserver"
_LITERAL = re.compile(r"""\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*\+""")


class Issuer(msgspec.Struct, frozen=True):
    """Who signs tokens; the prefixes are None where they cannot be told.

    `gives_groups` is False where the tokens say nothing about groups.
    """

    url: str
    user_prefix: str | None
    group_prefix: str | None
    gives_groups: bool

    def may_issue(self, kind: str, name: str) -> bool:
        """Whether a token of it may carry a name of that kind."""
        if kind != USER and not self.gives_groups:
            return False
        prefix = self.prefix(kind)
        return prefix is None or name.startswith(prefix)

    def prefix(self, kind: str) -> str | None:
        """What its names of one kind begin with."""
        return self.user_prefix if kind == USER else self.group_prefix


def issuers(estate: Estate) -> Iterator[Issuer]:
    """The issuers that configuration files and flags of API servers name."""
    for entity in estate.entities:
        if isinstance(entity, AuthenticationConfiguration):
            for one in entity.jwt:
                users, groups = one.claim_mappings.username, one.claim_mappings.groups
                yield Issuer(
                    one.issuer.url or "",
                    _prefix(users),
                    _prefix(groups),
                    bool(groups.claim or groups.expression),
                )
        for component in getattr(entity, "components", ()):
            yield from _by_flags(component)


def _prefix(mapping: Mapping) -> str | None:
    if mapping.expression is None:
        return mapping.prefix or ""
    literal = _LITERAL.match(mapping.expression)
    return None if literal is None else (literal[1] or literal[2] or "")


def _by_flags(component: Component) -> Iterator[Issuer]:
    def flag(name: str) -> str:
        given = component.flags.get(f"oidc-{name}", ())
        return given[-1].value if given else ""

    url = flag("issuer-url")
    if component.name != _SERVER or not url:
        return
    prefix = flag("username-prefix")
    if not prefix and (flag("username-claim") or "sub") != "email":
        prefix = f"{url}#"
    yield Issuer(url, "" if prefix == "-" else prefix, flag("groups-prefix"), bool(flag("groups-claim")))

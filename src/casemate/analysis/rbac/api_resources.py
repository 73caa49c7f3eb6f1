"""What the API server can be asked about: groups, resources, subresources, and their verbs, per release.

Beside what the API serves, the authorizer is asked about names that no API serves: identities that somebody
wants to act as, signers, and, by kubelets, parts of nodes. Custom resources are not among them.

Source: api/openapi-spec/swagger.json and pkg/kubelet/server/auth.go of each release of Kubernetes (the
table), apiserver pkg/endpoints/filters/impersonation and pkg/registry/certificates (what is not served).
"""

from functools import cache

import msgspec

from casemate.analysis.rbac.api_resources_data import FIRST, LAST, ROWS
from casemate.model.version import KubernetesVersion

USUAL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
READING = ("get", "list", "watch")


class ApiResource(msgspec.Struct, frozen=True):
    """A resource or `resource/subresource` of an API group, and the verbs it is asked with."""

    group: str
    name: str
    namespaced: bool
    verbs: tuple[str, ...]

    @property
    def parent(self) -> str:
        """The resource itself, without a subresource."""
        return self.name.partition("/")[0]

    @property
    def subresource(self) -> str:
        """The subresource; empty for a resource itself."""
        return self.name.partition("/")[2]


_UNSERVED = (
    ApiResource("", "users", namespaced=False, verbs=("impersonate",)),
    ApiResource("", "groups", namespaced=False, verbs=("impersonate",)),
    ApiResource("authentication.k8s.io", "uids", namespaced=False, verbs=("impersonate",)),
    ApiResource("authentication.k8s.io", "userextras", namespaced=False, verbs=("impersonate",)),
    ApiResource("certificates.k8s.io", "signers", namespaced=False, verbs=("approve", "attest", "sign")),
)
_FURTHER_VERBS = {
    ("", "serviceaccounts"): ("impersonate",),
    ("rbac.authorization.k8s.io", "clusterroles"): ("bind", "escalate"),
    ("rbac.authorization.k8s.io", "roles"): ("bind", "escalate"),
    ("policy", "podsecuritypolicies"): ("use",),
    ("extensions", "podsecuritypolicies"): ("use",),
}
"""Verbs that no HTTP method means: the API server asks about them by itself."""


@cache
def api_resources(kubernetes: KubernetesVersion) -> tuple[ApiResource, ...]:
    """All that Kubernetes itself can be asked about in a release, in the order of groups and names.

    A release before or after those that are known is taken for the nearest one.
    """
    minor = min(max(kubernetes.minor, FIRST), LAST)
    found = []
    for row in ROWS.splitlines():
        group, name, scope, verbs, releases = row.split()
        if any(_holds(span, minor) for span in releases.split(",")):
            group = "" if group == "-" else group
            known = USUAL if verbs == "*" else tuple(verbs.split(","))
            known += _FURTHER_VERBS.get((group, name), ())
            found.append(ApiResource(group, name, scope == "namespaced", known))
    return tuple(sorted((*found, *_UNSERVED), key=lambda resource: (resource.group, resource.name)))


def nearest(kubernetes: KubernetesVersion) -> KubernetesVersion:
    """The release whose resources stand for it."""
    return KubernetesVersion(1, min(max(kubernetes.minor, FIRST), LAST))


def _holds(span: str, minor: int) -> bool:
    first, _, last = span.partition("-")
    return int(first) <= minor <= int(last or minor)

"""All capabilities are dropped, one may be added (policy/check_capabilities_restricted.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    named,
    since,
    unless_windows,
)
from casemate.analysis.pod_security.checks.capabilities_baseline import forbidden_additions
from casemate.analysis.pods.view import Container, Pod

_ALLOWED = frozenset(("NET_BIND_SERVICE",))


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.22: drop holds ALL, add holds at most NET_BIND_SERVICE."""
    missing = [container for container in pod.containers if not _drops_all(container)]
    added = forbidden_additions(pod, _ALLOWED, "unrestricted capabilities")
    if not missing:
        return added
    details = [f'{named(missing)} must set securityContext.capabilities.drop=["ALL"]']
    paths = [container.at("securityContext", "capabilities", "drop") for container in missing]
    if added is not None:
        details.append(added.detail)
        paths += added.paths
    return Forbidden("unrestricted capabilities", "; ".join(details), tuple(paths))


def _drops_all(container: Container) -> bool:
    capabilities = container.context.capabilities
    return capabilities is not None and "ALL" in (capabilities.drop or ())


CHECK = Check(
    "capabilities_restricted",
    Level.RESTRICTED,
    ((since(22), judge), (since(25), unless_windows(judge))),
    replaces="capabilities_baseline",
)

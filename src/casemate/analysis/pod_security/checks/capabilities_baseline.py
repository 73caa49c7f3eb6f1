"""Only the usual capabilities may be added (policy/check_capabilities_baseline.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, named, quote, since
from casemate.analysis.pods.view import Container, Pod
from casemate.model.place import Path

ALLOWED = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID "
    "SETPCAP SETUID SYS_CHROOT".split()
)


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: names are compared to the letter, as the API server does."""
    return forbidden_additions(pod, ALLOWED, "non-default capabilities")


def forbidden_additions(pod: Pod, allowed: frozenset[str], reason: str) -> Forbidden | None:
    """Containers that add a capability outside `allowed`."""
    bad: list[Container] = []
    names: set[str] = set()
    paths: list[Path] = []
    for container in pod.containers:
        capabilities = container.context.capabilities
        added = capabilities.add if capabilities is not None else None
        wrong = [(i, name) for i, name in enumerate(added or ()) if name not in allowed]
        if wrong:
            bad.append(container)
            names.update(name for _, name in wrong)
            paths += [container.at("securityContext", "capabilities", "add", i) for i, _ in wrong]
    if not bad:
        return None
    detail = f"{named(bad)} must not include {quote(sorted(names))} in securityContext.capabilities.add"
    return Forbidden(reason, detail, tuple(paths))


CHECK = Check("capabilities_baseline", Level.BASELINE, ((since(0), judge),))

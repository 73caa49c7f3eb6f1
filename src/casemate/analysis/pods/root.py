"""Whether a container is root, and whether it can become root.

Uid 0 comes from runAsUser or from the image. A process that is not root becomes it through a
set-uid program, unless allowPrivilegeEscalation is false.
"""

from casemate.analysis.pods.view import Container


def starts_unprivileged(container: Container) -> bool:
    """Whether it certainly starts as another user than root."""
    own, pod = container.context, container.pod.context
    user = pod.run_as_user if own.run_as_user is None else own.run_as_user
    if user is not None:
        return user != 0
    non_root = pod.run_as_non_root if own.run_as_non_root is None else own.run_as_non_root
    return non_root is True


def stays_unprivileged(container: Container) -> bool:
    """Whether it certainly never is root: not at the start, and not through a set-uid program."""
    context = container.context
    return (
        context.allow_privilege_escalation is False
        and not context.privileged
        and starts_unprivileged(container)
    )

"""Whether the API server takes requests of nobody in particular, and what these may do.

Source: kubernetes/kubernetes pkg/kubeapiserver/options/authentication.go. The flag's default is true. An
AuthenticationConfiguration that has `anonymous` decides instead, and with the flag beside it the
server does not start. With AlwaysAllow among the modes the server sets the flag back to false
(`ApplyAuthorization`), but not what the file says.
"""

import enum
from typing import NamedTuple

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import DEFAULT, Setting
from casemate.analysis.cluster.questions import unreadable
from casemate.model.cluster_configs import AuthenticationConfiguration
from casemate.model.control import Unanswered

HEALTH = frozenset(("/healthz", "/livez", "/readyz"))
"""Paths that say only whether the server is well."""


class Reach(enum.Enum):
    """How far anonymous requests come: not at all, to paths that are named, everywhere."""

    NOWHERE = 0
    HEALTH = 1
    PATHS = 2
    EVERYWHERE = 3


class Anonymous(NamedTuple):
    """How far they come, the flag that says so, whether a file does, and whether both do."""

    reach: Reach
    setting: Setting
    by_file: str | None = None
    conflict: bool = False


def anonymous(server: ApiServer) -> Anonymous | Unanswered:
    """How far anonymous requests come, or what is missing to know it."""
    flag = server.setting("anonymous-auth")
    file = server.file("authentication-config", AuthenticationConfiguration)
    if isinstance(file, Unanswered):
        if flag.decided_by == DEFAULT:
            return file
        return _by_flag(flag)
    if file is None or file.anonymous is None:
        return _by_flag(flag)
    setting = server.setting("authentication-config")
    paths = [condition.path or "" for condition in file.anonymous.conditions]
    if not file.anonymous.enabled:
        reach = Reach.NOWHERE
    elif not paths:
        reach = Reach.EVERYWHERE
    else:
        reach = Reach.HEALTH if HEALTH.issuperset(paths) else Reach.PATHS
    name = file.origin.document.file.rpartition("/")[2]
    said = f"{name} says anonymous.enabled: {str(file.anonymous.enabled).lower()}"
    if paths:
        said += f" for {', '.join(paths)}"
    return Anonymous(reach, setting, said, conflict=flag.decided_by != DEFAULT)


def _by_flag(flag: Setting) -> Anonymous | Unanswered:
    if not flag.is_boolean:
        return unreadable(flag, "neither true nor false")
    return Anonymous(Reach.EVERYWHERE if flag.true else Reach.NOWHERE, flag)

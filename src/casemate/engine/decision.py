"""The answer to one request, with every reason, or with what was missing to allow it."""

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer, Grant
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import is_master
from casemate.model.rbac import Binding


class Answer(msgspec.Struct, frozen=True, eq=False):
    """Whether a request is allowed.

    `master` says that the caller is in system:masters, so that no role was asked. `missing` are bindings of
    the caller whose role is not there: had it been read, the answer might be another.
    """

    who: Identity
    request: Request
    allowed: bool
    master: bool
    grants: tuple[Grant, ...]
    missing: tuple[Binding, ...]


def decided(known: Authorizer, who: Identity, request: Request) -> Answer:
    """The authorizer's answer to a request."""
    grants = tuple(known.reasons(who, request))
    master = is_master(who)
    allowed = master or bool(grants)
    namespace = request.namespace if request.is_resource else ""
    missing = () if allowed else tuple(known.missing_roles(who, namespace))
    return Answer(who, request, allowed, master, grants, missing)

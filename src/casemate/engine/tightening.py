"""The answer of `casemate rbac tighten`: narrower roles for the subjects of an estate and its audit logs."""

from collections.abc import Iterable

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.bootstrap.compare import is_bootstrap_binding
from casemate.analysis.rbac.bootstrap.objects import bootstrap_bindings, bootstrap_roles
from casemate.analysis.rbac.doubts import Doubts, Trust
from casemate.analysis.rbac.holders import BindingsByHolder, Holder
from casemate.analysis.rbac.identity import MASTERS
from casemate.analysis.rbac.narrow import MANY
from casemate.analysis.rbac.tighten import Proposal, tighten
from casemate.analysis.rbac.usage import Observer, Usage, Way
from casemate.model.audit import Activity, AuditLog
from casemate.model.estate import Estate, Unreadable
from casemate.model.rbac import GROUP, USER, Binding, Role
from casemate.model.version import KubernetesVersion

_SYSTEM, _ACCOUNT = "system:", "system:serviceaccount:"


class Subject(msgspec.Struct, eq=False):
    """A proposal with how far it can be trusted."""

    proposal: Proposal
    trust: Trust


class Tightening(msgspec.Struct, eq=False):
    """What is proposed for each subject; `others` were seen and hold nothing by bindings of their own."""

    kubernetes: KubernetesVersion
    log: AuditLog
    subjects: tuple[Subject, ...]
    others: tuple[Usage, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """All roles that are proposed."""
        return tuple(role for one in self.subjects for role in one.proposal.roles)

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """All bindings that are proposed."""
        return tuple(binding for one in self.subjects for binding in one.proposal.bindings)


def tightened(
    estate: Estate,
    log: AuditLog,
    kubernetes: KubernetesVersion,
    wanted: Iterable[Holder] = (),
    *,
    many: int = MANY,
    complete_reads: bool = False,
) -> Tightening:
    """Proposals for the `wanted` subjects, or for all whose bindings are not Kubernetes' own.

    The roles and bindings that the release brings are added where the estate lacks them. `estate` holds the
    log.
    """
    roles, bindings = _completed(estate, kubernetes)
    authorizer = Authorizer(roles, bindings)
    own = {id(binding) for binding in bindings if is_bootstrap_binding(binding, kubernetes)}
    holdings = BindingsByHolder(authorizer, lambda binding: id(binding) not in own)
    observer = Observer(Activity.of(estate), authorizer, holdings, lambda binding: id(binding) in own)
    chosen = tuple(dict.fromkeys(wanted))
    others: list[Usage] = []
    if not chosen:
        holders = {holder for holder in holdings.holders() if holder != Holder(GROUP, MASTERS)}
        for user in observer.users():
            if Holder(USER, user) not in holders:
                usage = observer.usage_of(Holder(USER, user))
                if usage.by(Way.UNREAD) and not _is_own(user):
                    holders.add(usage.holder)
                else:
                    others.append(usage)
        chosen = tuple(sorted(holders))
    doubts = Doubts(estate)
    found = tighten(observer, roles, chosen, many=many, complete_reads=complete_reads)
    return Tightening(
        kubernetes=kubernetes,
        log=log,
        subjects=tuple(Subject(proposal, doubts.about(proposal)) for proposal in found),
        others=tuple(others),
        unreadable=estate.unreadable,
    )


def _is_own(user: str) -> bool:
    """Whether a user is a part of Kubernetes: the scheduler, a node."""
    return user.startswith(_SYSTEM) and not user.startswith(_ACCOUNT)


def _completed(estate: Estate, kubernetes: KubernetesVersion) -> tuple[tuple[Role, ...], tuple[Binding, ...]]:
    """The roles and bindings of an estate, after those of the release that it lacks."""
    roles = {_key(role): role for role in (*bootstrap_roles(kubernetes), *estate.of(Role))}
    bindings = {_key(binding): binding for binding in (*bootstrap_bindings(kubernetes), *estate.of(Binding))}
    return tuple(roles.values()), tuple(bindings.values())


def _key(entity: Role | Binding) -> tuple[str, str | None, str | None]:
    return entity.ref.kind, None if entity.is_cluster else entity.ref.namespace, entity.ref.name

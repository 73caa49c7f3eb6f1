"""What an audit log cannot prove about the rights that a subject needs, and how far to trust it.

A log shows what was asked for while it was written. It does not show what happens seldom, what its policy
leaves out, and what the API server or other components check beside the request itself.

Source: pkg/registry/rbac/*/policybased and plugin/pkg/admission/certificates of Kubernetes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from casemate.analysis.rbac.audit_policy import left_out, level_of
from casemate.analysis.rbac.identity import account_user
from casemate.analysis.rbac.rules import ALL
from casemate.analysis.rbac.tighten import Proposal
from casemate.analysis.rbac.usage import Usage, Way
from casemate.analysis.schedules import longest_wait
from casemate.model.audit import Activity, AuditLog, Outcome
from casemate.model.cluster_configs import AuditPolicy
from casemate.model.estate import Estate
from casemate.model.rbac import GROUP, RBAC
from casemate.model.schedules import CronJob

LOW, MEDIUM, HIGH = "low", "medium", "high"
_WEEK, _MONTH = timedelta(days=7), timedelta(days=31)
_WRITES = frozenset({"create", "update", "patch"})
_ROLES = frozenset({"roles", "clusterroles", "rolebindings", "clusterrolebindings"})
_CERTIFICATES = "certificates.k8s.io"
_SIGNING = {"approval": "approve", "status": "sign"}
_UNSEEN = ("approve", "attest", "bind", "escalate", "sign", "use")
"""Verbs that are checked beside requests, and are never the verb of one."""
_SHOWN = 4


class Trust(msgspec.Struct, frozen=True):
    """How far a proposal can be trusted, and what stands against it."""

    confidence: str
    doubts: tuple[str, ...]


class Doubts:
    """What is said about the subjects of one estate and its logs."""

    def __init__(self, estate: Estate) -> None:
        self._activity = Activity.of(estate)
        self._broken = sum(log.broken_lines for log in estate.of(AuditLog))
        self._policies = tuple(estate.of(AuditPolicy))
        self._jobs: dict[str, list[tuple[CronJob, timedelta]]] = {}
        self.window = _between(self._activity.first, self._activity.last)
        for job in estate.of(CronJob):
            wait = longest_wait(job.spec.schedule or "")
            if wait is not None and not job.spec.suspend:
                for template in job.templates:
                    name = template.spec.service_account_name or "default"
                    user = account_user(job.ref.namespace or "default", name)
                    self._jobs.setdefault(user, []).append((job, wait))

    def about(self, proposal: Proposal) -> Trust:
        """What cannot be proven about one proposal."""
        usage = proposal.usage
        grave = (*self._rare(usage), *self._lost(usage))
        confidence = LOW if self.window < _WEEK else MEDIUM if self.window < _MONTH else HIGH
        if grave or proposal.unproven:
            confidence = LOW
        elif usage.holder.kind == GROUP and confidence == HIGH:
            confidence = MEDIUM
        return Trust(
            confidence, (*self._short(), *grave, *self._unread(usage), *_group(usage), *_checks(usage))
        )

    def _short(self) -> Iterator[str]:
        if self.window < _MONTH:
            often = "weekly or monthly" if self.window < _WEEK else "monthly"
            yield f"the window is {span(self.window)}: what is done {often} or in an emergency may be missing"

    def _rare(self, usage: Usage) -> Iterator[str]:
        for user in usage.members if usage.holder.kind == GROUP else (usage.holder.name,):
            for job, wait in self._jobs.get(user, ()):
                if wait > self.window:
                    yield f"CronJob {job.ref} ({job.spec.schedule}) may not have run in the window"

    def _lost(self, usage: Usage) -> Iterator[str]:
        if self._broken:
            yield f"{self._broken:,} lines of the log could not be read"
        if usage.undecided:
            yield (
                f"of {len(usage.undecided):,} distinct requests the log does not say whether they were "
                "allowed; nothing is granted for them"
            )
        for policy in self._policies:
            if usage.callers and self._in_force(policy, usage):
                for text in left_out(policy, usage.holder, usage.callers):
                    yield f"the audit policy {policy.origin.document.file} logs nothing of {text}"

    def _unread(self, usage: Usage) -> Iterator[str]:
        if not self._policies:
            yield "the audit policy was not read: what it leaves out is not in the log"
        for policy in self._policies:
            if not self._in_force(policy, usage):
                file = policy.origin.document.file
                yield f"the audit policy {file} was not in force: the log holds what it leaves out"

    def _in_force(self, policy: AuditPolicy, usage: Usage) -> bool:
        """Whether the log can be the policy's: it holds nothing that the policy leaves out."""
        return not any(
            level_of(policy, caller, call) == "None"
            for caller in usage.callers
            for outcome in Outcome
            for call in self._activity.callers(outcome).get(caller, ())
        )


def span(time: timedelta) -> str:
    """A length of time in words."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count = int(time.total_seconds() // seconds)
        if count:
            return f"{count:,} {unit}{'s' if count > 1 else ''}"
    return "a moment"


def _between(first: str, last: str) -> timedelta:
    if not first or not last:
        return timedelta()
    return datetime.fromisoformat(last) - datetime.fromisoformat(first)


def _group(usage: Usage) -> Iterator[str]:
    if usage.holder.kind != GROUP:
        return
    shown = ", ".join(usage.members[:_SHOWN])
    more = f" and {len(usage.members) - _SHOWN:,} more" if len(usage.members) > _SHOWN else ""
    seen = f"{shown}{more} {'were' if len(usage.members) > 1 else 'was'} seen" if shown else "nobody was seen"
    yield f"of the group's members {seen}: others may need more, and no log names the members of a group"


def _checks(usage: Usage) -> Iterator[str]:
    """What is checked beside the request and leaves no trace in the log."""
    requests = [use.request for use in usage.by(Way.OWN, Way.UNREAD)]
    if any(r.group == RBAC and r.resource in _ROLES and r.verb in _WRITES for r in requests):
        yield (
            "it writes roles or bindings: the API server also asks that it holds what they give, "
            "or escalate or bind, which no log shows"
        )
    for subresource, verb in _SIGNING.items():
        if any(r.group == _CERTIFICATES and r.subresource == subresource for r in requests):
            yield f"it answers certificate requests: it also needs {verb} on the signers, which no log shows"
    verbs = {verb for one in usage.holding.rules for verb in one.rule.verbs if ALL not in one.rule.verbs}
    unseen = [verb for verb in _UNSEEN if verb in verbs]
    if unseen:
        yield f"it holds {', '.join(unseen)}: no log shows the use of that, and the new roles leave it out"
    for binding in usage.holding.missing:
        role = f"{binding.role_kind} {binding.role_name}"
        yield f"{binding.ref.kind} {binding.ref} is left as it is: {role} was not read"

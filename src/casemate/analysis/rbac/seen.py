"""Whether audit logs show that a binding was used, in words for the reasons of a finding."""

from casemate.analysis.rbac.holders import Holder
from casemate.model.audit import Activity, Call, Requests
from casemate.model.rbac import GROUP, Binding, Subject

_DAY = len("2026-11-02")


def shown(activity: Activity, binding: Binding, holder: Subject) -> tuple[str, ...]:
    """What the logs show of a subject, as the authorizer sees it, and of a binding; nothing without logs.

    A request counts where the server logged that this binding allowed it, or did not log by what.
    """
    if not activity.was_read or not holder.name:
        return ()
    who = Holder.of(holder)
    requests = activity.of_group(who.name) if who.kind == GROUP else activity.of_user(who.name)
    log = "the audit log"
    if activity.first:
        log += f" from {activity.first[:_DAY]} to {activity.last[:_DAY]}"
    if not requests:
        return (f"{log} does not show it at all",)
    used = _by(binding, requests)
    if not used:
        return (f"{log} shows it, and no use of this binding",)
    count = sum(seen.count for seen in used.values())
    last = max(seen.last for seen in used.values())
    uses = f"{_counted(count, 'use')}{f', last on {last[:_DAY]}' if last else ''}"
    needs = f"a role for {_counted(len(used), 'distinct request')} would do (casemate rbac tighten)"
    return (f"{log} shows {uses}: {needs}",)


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _by(binding: Binding, requests: Requests) -> Requests:
    """The requests that a binding allowed, as far as the log tells."""
    name = binding.ref.name or ""
    where = name if binding.is_cluster else f"{name}/{binding.ref.namespace or 'default'}"
    start = f'RBAC: allowed by {binding.ref.kind} "{where}" '
    return {
        call: seen
        for call, seen in requests.items()
        if _inside(binding, call)
        and any(reason is None or reason.startswith(start) for reason in seen.reasons)
    }


def _inside(binding: Binding, call: Call) -> bool:
    return binding.is_cluster or call.namespace == (binding.ref.namespace or "default")

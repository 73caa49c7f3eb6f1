"""SELinux labels may not be chosen freely (policy/check_seLinuxOptions.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Judge,
    Level,
    plural,
    quote,
    setters,
    since,
)
from casemate.analysis.pods.view import Pod
from casemate.model.place import Path
from casemate.model.pods import SELinuxOptions

TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t"))
TYPES_1_31 = TYPES | {"container_engine_t"}


def judge_with(allowed: frozenset[str]) -> Judge:
    """Since 1.0, with one more type from 1.31: no user, no role, only container types."""

    def judge(pod: Pod) -> Forbidden | None:
        places = wrong_labels(pod.context.se_linux_options, pod.at("securityContext"), allowed)
        pod_is_bad = bool(places)
        bad = []
        for container in pod.containers:
            found = wrong_labels(container.context.se_linux_options, container.at("securityContext"), allowed)
            if found:
                bad.append(container)
                places += found
        if not places:
            return None
        types = sorted({value for path, value in places if path[-1] == "type"})
        data = [f"{plural(len(types), 'type')} {quote(types)}"] if types else []
        data += [f"{key} may not be set" for key in ("user", "role") if any(p[-1] == key for p, _ in places)]
        who = setters(pod=pod_is_bad, containers=bad)
        return Forbidden(
            "seLinuxOptions",
            f"{who} set forbidden securityContext.seLinuxOptions: {'; '.join(data)}",
            tuple(path for path, _ in places),
        )

    return judge


def wrong_labels(
    options: SELinuxOptions | None, context: Path, allowed: frozenset[str]
) -> list[tuple[Path, str]]:
    """The path and value of each label that the standard forbids."""
    if options is None:
        return []
    found = [] if (options.type or "") in allowed else [("type", options.type or "")]
    found += [(key, value) for key, value in (("user", options.user), ("role", options.role)) if value]
    return [((*context, "seLinuxOptions", key), value) for key, value in found]


CHECK = Check(
    "seLinuxOptions",
    Level.BASELINE,
    ((since(0), judge_with(TYPES)), (since(31), judge_with(TYPES_1_31))),
)

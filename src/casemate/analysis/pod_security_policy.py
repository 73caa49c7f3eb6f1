"""What a PodSecurityPolicy lets pods do, the level that it comes to, and what replaces each of its fields.

Source: pkg/security/podsecuritypolicy of Kubernetes 1.24, the last release with these objects, and "Mapping
PodSecurityPolicies to Pod Security Standards" of the Kubernetes documentation. Which pods a policy is asked
about depends on who may `use` it; that stands in roles and bindings, and is no part of this module.
"""

import enum
from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.pod_security import Level
from casemate.analysis.pod_security.checks.capabilities_baseline import ALLOWED as BASELINE_CAPABILITIES
from casemate.analysis.pod_security.checks.se_linux_options import TYPES as SELINUX_TYPES
from casemate.model.admission import IdStrategy, PodSecurityPolicy, PodSecurityPolicySpec
from casemate.model.place import Path

_RESTRICTED_CAPABILITIES = frozenset(("NET_BIND_SERVICE",))
_RESTRICTED_VOLUMES = frozenset(
    "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret none".split()
)
SECCOMP = "seccomp.security.alpha.kubernetes.io/"
APPARMOR = "apparmor.security.beta.kubernetes.io/"
_ALLOWED = "allowedProfileNames"
_DEFAULT = "defaultProfileName"
_PROFILES = frozenset(("runtime/default", "docker/default"))


class Excess(msgspec.Struct, frozen=True):
    """Something that a policy allows, and the levels that do not: `beyond` and all stricter ones.

    Without `beyond` no level asks about it. `module` says that it matters only where a Linux security module,
    SELinux or AppArmor, is in use.
    """

    path: Path
    message: str
    why: str
    beyond: Level | None
    module: bool = False


class Successor(enum.Enum):
    """What takes the place of a field after Kubernetes 1.25."""

    LEVEL = "a Pod Security level"
    POLICY = "an admission policy"
    MUTATION = "a MutatingAdmissionPolicy from 1.36 on, nothing before"


SUCCESSORS: dict[str, tuple[Successor, str]] = {
    "privileged": (Successor.LEVEL, "baseline forbids it"),
    "hostPID": (Successor.LEVEL, "baseline forbids it"),
    "hostIPC": (Successor.LEVEL, "baseline forbids it"),
    "hostNetwork": (Successor.LEVEL, "baseline forbids it"),
    "hostPorts": (Successor.LEVEL, "baseline forbids all; ranges need an admission policy"),
    "volumes": (Successor.LEVEL, "baseline forbids hostPath, restricted all but harmless types"),
    "allowedHostPaths": (Successor.POLICY, "no level tells folders apart"),
    "allowedFlexVolumes": (Successor.POLICY, "no level tells drivers apart"),
    "allowedCSIDrivers": (Successor.POLICY, "no level tells drivers apart"),
    "allowedCapabilities": (Successor.LEVEL, "baseline and restricted have lists of their own"),
    "defaultAddCapabilities": (Successor.MUTATION, "a level changes no pod"),
    "requiredDropCapabilities": (Successor.LEVEL, "restricted asks for ALL; pods must say so themselves"),
    "allowPrivilegeEscalation": (Successor.LEVEL, "restricted forbids it; pods must say so themselves"),
    "defaultAllowPrivilegeEscalation": (Successor.MUTATION, "a level changes no pod"),
    "runAsUser": (Successor.LEVEL, "restricted forbids root; ranges need an admission policy"),
    "runAsGroup": (Successor.POLICY, "no level asks about groups"),
    "fsGroup": (Successor.POLICY, "no level asks about groups"),
    "supplementalGroups": (Successor.POLICY, "no level asks about groups"),
    "seLinux": (
        Successor.LEVEL,
        "baseline forbids dangerous types; one label for all needs an admission policy",
    ),
    "readOnlyRootFilesystem": (Successor.POLICY, "no level asks about it"),
    "allowedProcMountTypes": (Successor.LEVEL, "baseline forbids all but Default"),
    "allowedUnsafeSysctls": (Successor.LEVEL, "baseline forbids all but safe ones"),
    "forbiddenSysctls": (Successor.POLICY, "no level forbids a safe one"),
    "runtimeClass": (Successor.POLICY, "no level asks about it; a default needs a MutatingAdmissionPolicy"),
    f"{SECCOMP}{_ALLOWED}": (Successor.LEVEL, "baseline forbids Unconfined, restricted asks for a profile"),
    f"{SECCOMP}{_DEFAULT}": (Successor.MUTATION, "a level changes no pod"),
    f"{APPARMOR}{_ALLOWED}": (Successor.LEVEL, "baseline forbids unconfined"),
    f"{APPARMOR}{_DEFAULT}": (Successor.MUTATION, "a level changes no pod"),
}
"""What takes the place of each field of the spec, and of each annotation, and how far."""


_UNSAID = PodSecurityPolicySpec()
_OPENERS = frozenset(("privileged", "hostPID", "hostIPC", "hostNetwork"))


def successors(policy: PodSecurityPolicy) -> Iterator[tuple[str, Successor, str]]:
    """The fields and annotations by which a policy forbids or changes something, and their successors."""
    spec = policy.spec
    for name, wire in zip(spec.__struct_fields__, spec.__struct_encode_fields__, strict=True):
        value = getattr(spec, name)
        if value != getattr(_UNSAID, name) and not _allows_all(wire, value):
            yield (wire, *SUCCESSORS[wire])
    for key in policy.annotations:
        if key in SUCCESSORS:
            yield (key, *SUCCESSORS[key])


def _allows_all(wire: str, value: object) -> bool:
    if isinstance(value, bool):
        return value if wire in _OPENERS else not value and wire == "readOnlyRootFilesystem"
    if isinstance(value, tuple):
        return "*" in value
    return getattr(value, "rule", None) == "RunAsAny"


def level_of(found: Iterable[Excess]) -> Level:
    """The strictest level that everything which a policy allows meets."""
    beyond = [excess.beyond for excess in found if excess.beyond is not None]
    return Level(min(beyond, default=Level.RESTRICTED + 1) - 1)


def level_words(found: list[Excess]) -> str:
    """The level that a policy comes to, and the one where no Linux security module is in use."""
    level = level_of(found)
    without = level_of(excess for excess in found if not excess.module)
    if level is without:
        return level.word
    return f"{level.word}, and {without.word} where neither SELinux nor AppArmor is in use"


def excesses(policy: PodSecurityPolicy) -> list[Excess]:
    """All that a policy allows and a level forbids, in the order of its fields."""
    return [*_host(policy), *_volumes(policy), *_capabilities(policy), *_identity(policy), *_kernel(policy)]


def _host(policy: PodSecurityPolicy) -> Iterator[Excess]:
    spec = policy.spec
    for field, value, what in (
        ("privileged", spec.privileged, "be privileged"),
        ("hostPID", spec.host_pid, "see and stop the node's processes"),
        ("hostIPC", spec.host_ipc, "share the node's memory segments"),
        ("hostNetwork", spec.host_network, "be in the node's network"),
    ):
        if value:
            yield Excess(("spec", field), f"pods may {what}", f"{field} is true", Level.BASELINE)
    ports = [span for span in spec.host_ports if span.max > 0]
    if ports:
        spans = ", ".join(f"{span.min} to {span.max}" for span in ports)
        why = f"hostPorts are {spans}"
        yield Excess(("spec", "hostPorts"), "pods may take ports of the node", why, Level.BASELINE)


def _volumes(policy: PodSecurityPolicy) -> Iterator[Excess]:
    spec = policy.spec
    at = ("spec", "volumes")
    if not {"*", "hostPath"}.isdisjoint(spec.volumes):
        folders = spec.allowed_host_paths
        said = ", ".join(
            f"{folder.path_prefix or '/'}{' (read only)' if folder.read_only else ''}" for folder in folders
        )
        what = f"these folders of the node: {said}" if folders else "any folder of the node"
        why = "volumes hold *" if "*" in spec.volumes else "volumes hold hostPath"
        yield Excess(at, f"pods may mount {what}", why, Level.BASELINE)
    others = sorted(set(spec.volumes) - _RESTRICTED_VOLUMES - {"*", "hostPath", ""})
    if others:
        why = "restricted takes none of them"
        yield Excess(at, f"pods may have volumes of type {', '.join(others)}", why, Level.RESTRICTED)


def _capabilities(policy: PodSecurityPolicy) -> Iterator[Excess]:
    spec = policy.spec
    for field, names in (
        ("allowedCapabilities", spec.allowed_capabilities),
        ("defaultAddCapabilities", spec.default_add_capabilities),
    ):
        more = sorted(set(names) - BASELINE_CAPABILITIES)
        some = sorted(set(names) & BASELINE_CAPABILITIES - _RESTRICTED_CAPABILITIES)
        verb = "may add" if field.startswith("allowed") else "get"
        if more:
            what = "every capability" if "*" in more else f"the capabilities {', '.join(more)}"
            why = f"{field} holds what baseline does not"
            yield Excess(("spec", field), f"containers {verb} {what}", why, Level.BASELINE)
        if some:
            why = f"{field} holds what restricted does not"
            what = f"the capabilities {', '.join(some)}"
            yield Excess(("spec", field), f"containers {verb} {what}", why, Level.RESTRICTED)
    if "ALL" not in spec.required_drop_capabilities:
        field = "requiredDropCapabilities"
        why = f"{field} does not hold ALL"
        yield Excess(("spec", field), "containers may keep their usual capabilities", why, Level.RESTRICTED)


def _identity(policy: PodSecurityPolicy) -> Iterator[Excess]:
    spec = policy.spec
    if spec.allow_privilege_escalation is not False:
        said = "is true" if spec.allow_privilege_escalation else "is not set, which means true"
        yield Excess(
            ("spec", "allowPrivilegeEscalation"),
            "processes may gain more power than their parent",
            f"allowPrivilegeEscalation {said}",
            Level.RESTRICTED,
        )
    if spec.run_as_user.rule != "MustRunAsNonRoot" and _may_be_zero(spec.run_as_user):
        why = _said("runAsUser", spec.run_as_user)
        yield Excess(("spec", "runAsUser"), "containers may run as root", why, Level.RESTRICTED)
    for field, strategy in (("fsGroup", spec.fs_group), ("supplementalGroups", spec.supplemental_groups)):
        if _may_be_zero(strategy):
            message = f"pods may be in the root group by {field}"
            yield Excess(("spec", field), message, _said(field, strategy), None)
    if not spec.read_only_root_filesystem:
        message = "containers may write to their own file system"
        field = "readOnlyRootFilesystem"
        yield Excess(("spec", field), message, f"{field} is not true", None)


def _may_be_zero(strategy: IdStrategy) -> bool:
    return strategy.rule == "RunAsAny" or any(span.min <= 0 for span in strategy.ranges)


def _said(field: str, strategy: IdStrategy) -> str:
    if strategy.rule == "RunAsAny":
        return f"{field}.rule is RunAsAny"
    return f"the ranges of {field} hold 0"


def _kernel(policy: PodSecurityPolicy) -> Iterator[Excess]:
    spec = policy.spec
    options = spec.se_linux.se_linux_options
    at: Path = ("spec", "seLinux")
    if spec.se_linux.rule == "RunAsAny":
        why = "seLinux.rule is RunAsAny"
        yield Excess(at, "pods may choose any SELinux label", why, Level.BASELINE, module=True)
    elif (options.type or "") not in SELINUX_TYPES or options.user or options.role:
        why = "seLinuxOptions has a user, a role or a type that baseline does not take"
        yield Excess(at, "pods get an SELinux label that frees them", why, Level.BASELINE, module=True)
    if spec.allowed_unsafe_sysctls:
        names = ", ".join(spec.allowed_unsafe_sysctls)
        at = ("spec", "allowedUnsafeSysctls")
        yield Excess(at, "pods may set unsafe sysctls", f"allowedUnsafeSysctls holds {names}", Level.BASELINE)
    if set(spec.allowed_proc_mount_types) - {"Default"}:
        at = ("spec", "allowedProcMountTypes")
        why = "allowedProcMountTypes holds more than Default"
        yield Excess(at, "containers may see all of /proc", why, Level.BASELINE)
    yield from _profiles(policy)


def _profiles(policy: PodSecurityPolicy) -> Iterator[Excess]:
    at: Path = ("metadata", "annotations", f"{SECCOMP}{_ALLOWED}")
    said = policy.annotations.get(f"{SECCOMP}{_ALLOWED}")
    if said is not None and _frees(said):
        yield Excess(at, "pods may run without seccomp", f"{_ALLOWED} is {said}", Level.BASELINE)
    elif said is None or "" in said.split(","):
        why = f"{_ALLOWED} of seccomp {'is not set' if said is None else 'holds an empty name'}"
        yield Excess(at, "pods need no seccomp profile", why, Level.RESTRICTED)
    at = ("metadata", "annotations", f"{APPARMOR}{_ALLOWED}")
    said = policy.annotations.get(f"{APPARMOR}{_ALLOWED}")
    if said is None or _frees(said):
        why = f"{_ALLOWED} of AppArmor is {'not set, which means any' if said is None else said}"
        yield Excess(at, "pods may run without AppArmor", why, Level.BASELINE, module=True)


def _frees(said: str) -> bool:
    """Whether a list of profiles holds one that is none."""
    names = {name for name in said.split(",") if name and not name.startswith("localhost/")}
    return bool(names - _PROFILES)

"""A pod as it will run: its containers of all lists, and the settings in force in each.

Inheritance is per field, as in core/v1: runAsUser, runAsGroup, runAsNonRoot, seccompProfile,
appArmorProfile, seLinuxOptions and windowsOptions of the pod hold for containers that do not
set them; all other container settings exist only on the container.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from casemate.model.estate import Ref, Template
from casemate.model.place import Path
from casemate.model.pods import Container as ContainerSpec
from casemate.model.pods import PodSecurityContext, PodSpec, SecurityContext

DEFAULT_CAPABILITIES = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP "
    "SETGID SETPCAP SETUID SYS_CHROOT".split()
)
"""What a container may do when nothing is dropped (containerd and CRI-O differ in a few)."""

_NO_POD_CONTEXT = PodSecurityContext()
_NO_CONTEXT = SecurityContext()
APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


class Setting(msgspec.Struct, frozen=True):
    """A value in force and what decided it: `container`, `pod`, or `default`."""

    value: object
    path: Path
    decided_by: str

    @property
    def is_default(self) -> bool:
        """Whether nobody set it; `path` then says where it could be set."""
        return self.decided_by == "default"

    @property
    def provenance(self) -> str:
        """The decision in words, for a finding's reasons."""
        if self.is_default:
            return f"{self.path[-1]} is not set, so the default holds"
        return f"{self.path[-1]} is set by the {self.decided_by}"


class Container:
    """One container of a pod, of any of its three lists."""

    __slots__ = ("context", "field", "index", "name", "pod", "spec")

    def __init__(self, pod: "Pod", field: str, index: int, spec: ContainerSpec) -> None:
        self.pod = pod
        self.field = field
        self.index = index
        self.spec = spec
        self.name = spec.name or f"{field}[{index}]"
        self.context = spec.security_context or _NO_CONTEXT

    @property
    def path(self) -> Path:
        """From the object to this container."""
        field = self.pod.fields.get(self.field)
        return (*self.pod.path, self.field, self.index) if field is None else field

    @property
    def is_init(self) -> bool:
        """Runs to its end before the pod starts; a restartable one stays beside it."""
        return self.field == "initContainers" and self.spec.restart_policy != "Always"

    @property
    def is_ephemeral(self) -> bool:
        """Added to a running pod, to look into it."""
        return self.field == "ephemeralContainers"

    def at(self, *steps: str | int) -> Path:
        """The path of something in this container."""
        return (*self.path, *steps)

    def own(self, field: str, key: str, default: object = None) -> Setting:
        """A setting that exists only on containers; `key` is its name in the API."""
        value = getattr(self.context, field)
        path = self.at("securityContext", key)
        return Setting(default, path, "default") if value is None else Setting(value, path, "container")

    def inherited(self, field: str, key: str) -> Setting:
        """A setting that the container takes from the pod where it has none of its own."""
        value = getattr(self.context, field)
        if value is not None:
            return Setting(value, self.at("securityContext", key), "container")
        value = getattr(self.pod.context, field)
        if value is not None:
            return Setting(value, self.pod.at("securityContext", key), "pod")
        return Setting(None, self.at("securityContext", key), "default")

    @property
    def privileged(self) -> bool:
        """Whether the container has every capability and device of the node."""
        return self.context.privileged is True

    @property
    def added(self) -> dict[str, int]:
        """Capabilities added, without `CAP_`, with their index in the list."""
        capabilities = self.context.capabilities
        if capabilities is None or not capabilities.add:
            return {}
        return {normal(name): index for index, name in enumerate(capabilities.add)}

    @property
    def dropped(self) -> frozenset[str]:
        """Capabilities dropped, without `CAP_`."""
        capabilities = self.context.capabilities
        if capabilities is None or not capabilities.drop:
            return frozenset()
        return frozenset(map(normal, capabilities.drop))

    @property
    def capabilities(self) -> frozenset[str]:
        """The capabilities in force; `ALL` stands for every one, or every one but a few.

        Engines add first and then drop those that are named (containerd,
        internal/cri/opts/spec_linux_opts.go): one that is both added and dropped is gone.
        """
        added, dropped = self.added, self.dropped
        if self.privileged or "ALL" in added:
            return frozenset(("ALL",))
        base = frozenset() if "ALL" in dropped else DEFAULT_CAPABILITIES
        return (base | added.keys()) - dropped

    @property
    def user(self) -> Setting:
        """The uid in force, None where the image decides."""
        return self.inherited("run_as_user", "runAsUser")

    @property
    def non_root(self) -> Setting:
        """Whether the kubelet refuses to start the container as uid 0."""
        return self.inherited("run_as_non_root", "runAsNonRoot")

    @property
    def seccomp(self) -> Setting:
        """The seccomp profile's type in force."""
        return _type_of(self.inherited("seccomp_profile", "seccompProfile"))

    @property
    def apparmor(self) -> Setting:
        """The AppArmor profile's type, by field or by the older annotation."""
        setting = _type_of(self.inherited("app_armor_profile", "appArmorProfile"))
        if setting.decided_by == "container":
            return setting
        key = APPARMOR_ANNOTATION + self.name
        value = self.pod.template.annotations.get(key)
        if value is None:
            return setting
        kind = {"runtime/default": "RuntimeDefault", "unconfined": "Unconfined"}.get(value, "Localhost")
        path = (*self.pod.template.metadata_path, "annotations", key)
        return Setting(kind, path, "container")


class Pod:
    """A pod template and the settings that hold in it.

    Of the workload it shows the kind and namespace only: what is said of a pod must hold for
    every equal template in that namespace, so that equal templates are judged once.
    """

    def __init__(self, template: Template, ref: Ref) -> None:
        self.kind = ref.kind
        self.namespace = ref.namespace
        self.template = template
        self.spec: PodSpec = template.spec
        self.path = template.path
        self.fields = template.container_paths
        self.context = self.spec.security_context or _NO_POD_CONTEXT

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """Every container: init, regular and ephemeral, in the order upstream visits them."""
        return tuple(self._containers())

    def _containers(self) -> Iterator[Container]:
        spec = self.spec
        for field, items in (
            ("initContainers", spec.init_containers),
            ("containers", spec.containers),
            ("ephemeralContainers", spec.ephemeral_containers),
        ):
            for index, item in enumerate(items or ()):
                yield Container(self, field, index, item)

    def at(self, *steps: str | int) -> Path:
        """The path of something in the pod's spec."""
        return (*self.path, *steps)

    @property
    def windows(self) -> bool:
        """Whether the pod declares that it runs on Windows, where Linux settings are refused."""
        return self.spec.os is not None and self.spec.os.name == "windows"

    @property
    def user_namespace(self) -> bool:
        """Whether root inside the pod is an unprivileged user of the node (hostUsers: false)."""
        return self.spec.host_users is False

    @property
    def service_account(self) -> str:
        """The account in force; the older field counts where the newer one is absent."""
        return self.spec.service_account_name or self.spec.service_account or "default"


def normal(capability: str) -> str:
    """A capability's name as the kernel documents it, without `CAP_`."""
    return capability.upper().removeprefix("CAP_")


def _type_of(profile: Setting) -> Setting:
    """The type of a profile as a setting of its own, one key deeper."""
    if profile.value is None:
        return Setting(None, (*profile.path, "type"), "default")
    kind = profile.value.type  # type: ignore[attr-defined] # both profile fields hold a LocalProfile
    return Setting(kind, (*profile.path, "type"), profile.decided_by)

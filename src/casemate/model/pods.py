"""The parts of a pod that casemate reasons about, as the Kubernetes API names and types them.

Source: core/v1 types.go. A field that is absent and one that is null are both `None`, as
they are for the API server. Fields that are not listed are skipped while decoding.
"""

import msgspec


class _Api(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """Field names of the API are written in camel case."""


class Opaque(_Api, frozen=True):
    """A map whose content does not matter, only that it is there."""


class LocalProfile(_Api, frozen=True):
    """A seccomp or AppArmor profile."""

    type: str | None = None
    localhost_profile: str | None = None


class SELinuxOptions(_Api, frozen=True):
    """SELinux labels of a process."""

    user: str | None = None
    role: str | None = None
    type: str | None = None
    level: str | None = None


class WindowsOptions(_Api, frozen=True):
    """Windows settings; a host process container runs on the node itself."""

    host_process: bool | None = None
    run_as_user_name: str | None = None


class Capabilities(_Api, frozen=True):
    """Linux capabilities, spelled without `CAP_`."""

    add: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None


class InheritedContext(_Api, frozen=True):
    """Settings that a pod may have for all its containers, and each container for itself."""

    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    seccomp_profile: LocalProfile | None = None
    app_armor_profile: LocalProfile | None = None
    se_linux_options: SELinuxOptions | None = None
    windows_options: WindowsOptions | None = None


class SecurityContext(InheritedContext, frozen=True):
    """Security settings of one container."""

    privileged: bool | None = None
    allow_privilege_escalation: bool | None = None
    capabilities: Capabilities | None = None
    read_only_root_filesystem: bool | None = None
    proc_mount: str | None = None


class Sysctl(_Api, frozen=True):
    """A kernel parameter set for the pod."""

    name: str | None = None
    value: str | None = None


class PodSecurityContext(InheritedContext, frozen=True):
    """Security settings of the pod."""

    sysctls: tuple[Sysctl, ...] | None = None
    fs_group: int | None = None
    supplemental_groups: tuple[int, ...] | None = None


class Port(_Api, frozen=True):
    """A port of a container."""

    name: str | None = None
    container_port: int | None = None
    host_port: int | None = None
    host_ip: str | None = msgspec.field(name="hostIP", default=None)
    protocol: str | None = None


class Header(_Api, frozen=True):
    """A header of a probe's request."""

    name: str | None = None
    value: str | None = None


class Handler(_Api, frozen=True):
    """The target of a probe or a lifecycle hook by HTTP or TCP."""

    host: str | None = None
    port: int | str | None = None
    http_headers: tuple[Header, ...] | None = None


class Command(_Api, frozen=True):
    """A command that a probe or a lifecycle hook runs in the container."""

    command: tuple[str, ...] | None = None


class Probe(_Api, frozen=True):
    """A probe or lifecycle hook: whom it asks, or what it runs."""

    http_get: Handler | None = None
    tcp_socket: Handler | None = None
    grpc: Opaque | None = None
    exec: Command | None = None


class Lifecycle(_Api, frozen=True):
    """Hooks run after start and before stop."""

    post_start: Probe | None = None
    pre_stop: Probe | None = None


class Resources(_Api, frozen=True):
    """Requested and allowed amounts, as quantities."""

    limits: dict[str, str | int | float | None] | None = None
    requests: dict[str, str | int | float | None] | None = None


class VolumeMount(_Api, frozen=True):
    """Where a volume appears in a container."""

    name: str | None = None
    mount_path: str | None = None
    sub_path: str | None = None
    read_only: bool | None = None
    mount_propagation: str | None = None


class KeyReference(_Api, frozen=True):
    """A key of an object in the same namespace."""

    name: str | None = None
    key: str | None = None
    optional: bool | None = None


class EnvSource(_Api, frozen=True):
    """Where a variable's value comes from."""

    secret_key_ref: KeyReference | None = None
    config_map_key_ref: KeyReference | None = None


class EnvVar(_Api, frozen=True):
    """An environment variable."""

    name: str | None = None
    value: str | None = None
    value_from: EnvSource | None = None


class EnvFrom(_Api, frozen=True):
    """A whole object whose keys become environment variables."""

    secret_ref: KeyReference | None = None
    config_map_ref: KeyReference | None = None


class Container(_Api, frozen=True):
    """A container of any of the three lists of a pod."""

    name: str | None = None
    image: str | None = None
    image_pull_policy: str | None = None
    command: tuple[str, ...] | None = None
    args: tuple[str, ...] | None = None
    env: tuple[EnvVar, ...] | None = None
    env_from: tuple[EnvFrom, ...] | None = None
    ports: tuple[Port, ...] | None = None
    resources: Resources | None = None
    security_context: SecurityContext | None = None
    volume_mounts: tuple[VolumeMount, ...] | None = None
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    startup_probe: Probe | None = None
    lifecycle: Lifecycle | None = None
    restart_policy: str | None = None


class HostPath(_Api, frozen=True):
    """A path of the node."""

    path: str | None = None
    type: str | None = None


class KeyToPath(_Api, frozen=True):
    """A key of a Secret as a file."""

    key: str | None = None
    path: str | None = None
    mode: int | None = None


class SecretFiles(_Api, frozen=True):
    """A Secret whose keys become files."""

    secret_name: str | None = None
    default_mode: int | None = None
    items: tuple[KeyToPath, ...] | None = None


class ConfigMapFiles(_Api, frozen=True):
    """A ConfigMap whose keys become files."""

    name: str | None = None


class SecretPart(_Api, frozen=True):
    """A Secret of which a projected volume takes keys."""

    name: str | None = None


class Projection(_Api, frozen=True):
    """A part of a projected volume."""

    config_map: ConfigMapFiles | None = None
    secret: SecretPart | None = None


class Projected(_Api, frozen=True):
    """A volume put together from several objects."""

    sources: tuple[Projection, ...] | None = None


class Volume(_Api, frozen=True):
    """A volume and its source; a volume without any source is an emptyDir."""

    name: str | None = None
    host_path: HostPath | None = None
    config_map: ConfigMapFiles | None = None
    csi: Opaque | None = None
    downward_api: Opaque | None = msgspec.field(name="downwardAPI", default=None)
    empty_dir: Opaque | None = None
    ephemeral: Opaque | None = None
    image: Opaque | None = None
    persistent_volume_claim: Opaque | None = None
    projected: Projected | None = None
    secret: SecretFiles | None = None
    gce_persistent_disk: Opaque | None = None
    aws_elastic_block_store: Opaque | None = None
    git_repo: Opaque | None = None
    nfs: Opaque | None = None
    iscsi: Opaque | None = None
    glusterfs: Opaque | None = None
    rbd: Opaque | None = None
    flex_volume: Opaque | None = None
    cinder: Opaque | None = None
    cephfs: Opaque | None = None
    flocker: Opaque | None = None
    fc: Opaque | None = None
    azure_file: Opaque | None = None
    vsphere_volume: Opaque | None = None
    quobyte: Opaque | None = None
    azure_disk: Opaque | None = None
    portworx_volume: Opaque | None = None
    photon_persistent_disk: Opaque | None = None
    scale_io: Opaque | None = msgspec.field(name="scaleIO", default=None)
    storageos: Opaque | None = None


class Toleration(_Api, frozen=True):
    """A taint that the pod accepts."""

    key: str | None = None
    operator: str | None = None
    value: str | None = None
    effect: str | None = None


class NodeRequirement(_Api, frozen=True):
    """One expression over a node's labels."""

    key: str | None = None
    operator: str | None = None
    values: tuple[str, ...] | None = None


class NodeTerm(_Api, frozen=True):
    """Expressions that must all hold."""

    match_expressions: tuple[NodeRequirement, ...] | None = None


class NodeSelector(_Api, frozen=True):
    """Terms of which one must hold."""

    node_selector_terms: tuple[NodeTerm, ...] | None = None


class NodeAffinity(_Api, frozen=True):
    """Which nodes are required."""

    required: NodeSelector | None = msgspec.field(
        name="requiredDuringSchedulingIgnoredDuringExecution", default=None
    )


class Affinity(_Api, frozen=True):
    """Placement rules; only those about nodes matter here."""

    node_affinity: NodeAffinity | None = None


class PodOS(_Api, frozen=True):
    """The operating system the pod is written for."""

    name: str | None = None


class LocalReference(_Api, frozen=True):
    """The name of an object in the same namespace."""

    name: str | None = None


class PodSpec(_Api, frozen=True):
    """A pod, whichever object carries it."""

    containers: tuple[Container, ...] | None = None
    init_containers: tuple[Container, ...] | None = None
    ephemeral_containers: tuple[Container, ...] | None = None
    volumes: tuple[Volume, ...] | None = None
    security_context: PodSecurityContext | None = None
    host_network: bool | None = None
    host_pid: bool | None = msgspec.field(name="hostPID", default=None)
    host_ipc: bool | None = msgspec.field(name="hostIPC", default=None)
    host_users: bool | None = None
    share_process_namespace: bool | None = None
    service_account_name: str | None = None
    service_account: str | None = None
    automount_service_account_token: bool | None = None
    image_pull_secrets: tuple[LocalReference, ...] | None = None
    tolerations: tuple[Toleration, ...] | None = None
    node_selector: dict[str, str | None] | None = None
    node_name: str | None = None
    affinity: Affinity | None = None
    os: PodOS | None = None
    runtime_class_name: str | None = None
    resources: Resources | None = None

"""The kubelet's settings: flag, field of its configuration file, and what holds where neither is given.

Source: kubernetes/kubernetes cmd/kubelet/app/options/options.go (flags; `applyLegacyDefaults` for
what holds without a file) and pkg/kubelet/apis/config/v1beta1/defaults.go (what holds in a file).
The two differ: without a file the kubelet is open, with one it is not. A field of a file that is
zero and no pointer counts as absent there: a timeout of 0 is the default of four hours.
"""

from operator import attrgetter
from typing import Any

import msgspec

from casemate.analysis.cluster.durations import seconds
from casemate.model.kubelet_config import KubeletConfiguration
from casemate.model.place import Path

BOOL, NUMBER, TEXT, LIST, DURATION = "bool", "number", "text", "list", "duration"
_TRUTH = dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "false", "FALSE", "False"), False
)


class Field(msgspec.Struct, frozen=True):
    """A setting. `attribute` leads to it in `KubeletConfiguration`; empty where only a flag sets it.

    `without_file` and `in_file` are the defaults; `pointer` says that zero is a value in a file.
    """

    flag: str
    kind: str
    path: Path = ()
    attribute: str = ""
    without_file: Any = None
    in_file: Any = None
    pointer: bool = False

    def of_text(self, texts: tuple[str, ...]) -> Any:
        """The value of a flag that is given so; None where it is none, so that the kubelet does not start."""
        last = texts[-1]
        if self.kind == BOOL:
            return _TRUTH.get(last)
        if self.kind == NUMBER:
            return int(last) if last.removeprefix("-").isdecimal() and len(last) < 20 else None
        if self.kind == LIST:
            items = (item.strip() for text in texts for item in text.split(","))
            return tuple(item for item in items if item)
        return seconds(last) if self.kind == DURATION else last

    def of_file(self, config: KubeletConfiguration) -> Any:
        """The value in a file; None where it is absent there."""
        found = attrgetter(self.attribute)(config) if self.attribute else None
        return seconds(found) if self.kind == DURATION else found

    def counted(self, value: Any) -> Any:
        """What a value of a file comes to: one that counts as absent is the default."""
        return value if value or self.pointer else self.in_file


_ALL = (
    Field(
        "anonymous-auth",
        BOOL,
        ("authentication", "anonymous", "enabled"),
        "authentication.anonymous.enabled",
        without_file=True,
        in_file=False,
        pointer=True,
    ),
    Field(
        "authentication-token-webhook",
        BOOL,
        ("authentication", "webhook", "enabled"),
        "authentication.webhook.enabled",
        without_file=False,
        in_file=True,
        pointer=True,
    ),
    Field(
        "authorization-mode",
        TEXT,
        ("authorization", "mode"),
        "authorization.mode",
        without_file="AlwaysAllow",
        in_file="Webhook",
    ),
    Field(
        "client-ca-file",
        TEXT,
        ("authentication", "x509", "clientCAFile"),
        "authentication.x509.client_ca_file",
        without_file="",
        in_file="",
    ),
    Field("read-only-port", NUMBER, ("readOnlyPort",), "read_only_port", without_file=10255, in_file=0),
    Field(
        "streaming-connection-idle-timeout",
        DURATION,
        ("streamingConnectionIdleTimeout",),
        "streaming_connection_idle_timeout",
        without_file=14400.0,
        in_file=14400.0,
    ),
    Field(
        "make-iptables-util-chains",
        BOOL,
        ("makeIPTablesUtilChains",),
        "make_ip_tables_util_chains",
        without_file=True,
        in_file=True,
        pointer=True,
    ),
    Field(
        "event-qps",
        NUMBER,
        ("eventRecordQPS",),
        "event_record_qps",
        without_file=50,
        in_file=50,
        pointer=True,
    ),
    Field("hostname-override", TEXT, without_file="", in_file=""),
    Field("tls-cert-file", TEXT, ("tlsCertFile",), "tls_cert_file", without_file="", in_file=""),
    Field(
        "tls-private-key-file",
        TEXT,
        ("tlsPrivateKeyFile",),
        "tls_private_key_file",
        without_file="",
        in_file="",
    ),
    Field("tls-cipher-suites", LIST, ("tlsCipherSuites",), "tls_cipher_suites", without_file=(), in_file=()),
    Field("tls-min-version", TEXT, ("tlsMinVersion",), "tls_min_version", without_file="", in_file=""),
    Field(
        "rotate-certificates",
        BOOL,
        ("rotateCertificates",),
        "rotate_certificates",
        without_file=False,
        in_file=False,
    ),
    Field(
        "rotate-server-certificates",
        BOOL,
        ("serverTLSBootstrap",),
        "server_tls_bootstrap",
        without_file=False,
        in_file=False,
    ),
    Field(
        "pod-max-pids", NUMBER, ("podPidsLimit",), "pod_pids_limit", without_file=-1, in_file=-1, pointer=True
    ),
    Field(
        "seccomp-default",
        BOOL,
        ("seccompDefault",),
        "seccomp_default",
        without_file=False,
        in_file=False,
        pointer=True,
    ),
    Field(
        "protect-kernel-defaults",
        BOOL,
        ("protectKernelDefaults",),
        "protect_kernel_defaults",
        without_file=False,
        in_file=False,
    ),
    Field("manifest-url", TEXT, ("staticPodURL",), "static_pod_url", without_file="", in_file=""),
    Field(
        "allowed-unsafe-sysctls",
        LIST,
        ("allowedUnsafeSysctls",),
        "allowed_unsafe_sysctls",
        without_file=(),
        in_file=(),
    ),
    Field(
        "healthz-bind-address",
        TEXT,
        ("healthzBindAddress",),
        "healthz_bind_address",
        without_file="127.0.0.1",
        in_file="127.0.0.1",
    ),
    Field(
        "enable-system-log-query",
        BOOL,
        ("enableSystemLogQuery",),
        "enable_system_log_query",
        without_file=False,
        in_file=False,
        pointer=True,
    ),
)
FIELDS = {field.flag: field for field in _ALL}
"""Every setting that controls ask about, by its flag (some have none and are named as one)."""
KUBEADM = {"client-ca-file": "/etc/kubernetes/pki/ca.crt", "rotate-certificates": True}
"""What kubeadm writes into the file by itself (cmd/kubeadm/app/componentconfigs/kubelet.go)."""

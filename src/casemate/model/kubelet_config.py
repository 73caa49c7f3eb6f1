"""The kubelet's configuration file, as far as it bears on security.

Source: kubernetes/kubelet config/v1beta1/types.go; durations are texts such as `4h0m0s`. The values of
absent fields are in `analysis.cluster.kubelet_fields`.
"""

import msgspec

from casemate.model.estate import Entity


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of the file, with the names that the API uses."""


class AnonymousAuthentication(_Part, frozen=True, kw_only=True):
    """Whether requests without credentials are taken."""

    enabled: bool | None = None


class WebhookAuthentication(_Part, frozen=True, kw_only=True):
    """Whether tokens are shown to the API server."""

    enabled: bool | None = None


class CertificateAuthentication(_Part, frozen=True, kw_only=True):
    """Whose client certificates are taken."""

    client_ca_file: str | None = msgspec.field(default=None, name="clientCAFile")


class KubeletAuthentication(_Part, frozen=True, kw_only=True):
    """How the kubelet learns who asks."""

    anonymous: AnonymousAuthentication = AnonymousAuthentication()
    webhook: WebhookAuthentication = WebhookAuthentication()
    x509: CertificateAuthentication = CertificateAuthentication()


class KubeletAuthorization(_Part, frozen=True, kw_only=True):
    """Who decides what the one who asks may do."""

    mode: str | None = None


class MemorySwap(_Part, frozen=True, kw_only=True):
    """How pods use swap."""

    swap_behavior: str | None = None


class KubeletConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What the kubelet's `--config` names, or a drop-in of `--config-dir`."""

    authentication: KubeletAuthentication = KubeletAuthentication()
    authorization: KubeletAuthorization = KubeletAuthorization()
    enable_server: bool | None = None
    read_only_port: int | None = None
    streaming_connection_idle_timeout: str | None = None
    make_ip_tables_util_chains: bool | None = msgspec.field(default=None, name="makeIPTablesUtilChains")
    event_record_qps: int | None = msgspec.field(default=None, name="eventRecordQPS")
    tls_cert_file: str | None = None
    tls_private_key_file: str | None = None
    tls_cipher_suites: tuple[str, ...] | None = None
    tls_min_version: str | None = None
    rotate_certificates: bool | None = None
    server_tls_bootstrap: bool | None = msgspec.field(default=None, name="serverTLSBootstrap")
    feature_gates: dict[str, bool] | None = None
    pod_pids_limit: int | None = None
    seccomp_default: bool | None = None
    protect_kernel_defaults: bool | None = None
    enable_debugging_handlers: bool | None = None
    enable_profiling_handler: bool | None = None
    enable_debug_flags_handler: bool | None = None
    enable_system_log_query: bool | None = None
    static_pod_url: str | None = msgspec.field(default=None, name="staticPodURL")
    allowed_unsafe_sysctls: tuple[str, ...] | None = None
    healthz_bind_address: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The kubelet that it is for."""
        return ("Kubelet",)

"""Who must act: a matrix of areas and platforms, and what is known of the platform's settings.

A cell names one party, or two. `x>y`: x supplies it, y must apply it, so y must act. `x+y`: both
answer for it, x first. `-`: the platform has no such part. P is the provider, T the platform team, O
who runs pipelines and deployments, D the developers. docs/responsibility.md says where the matrix
comes from, and what was changed on review.
"""

from functools import cache

import msgspec

from casemate.model.platform import Platform

PARTIES = {"P": "provider", "T": "platform", "O": "devops", "D": "developer"}
_NAMED = {
    "provider": "the provider",
    "platform": "the platform team",
    "devops": "devops",
    "developer": "the developer",
}
COLUMNS = {"self": 0, "eks": 1, "gke": 2, "aks": 3, "fargate": 4, "cloud-run": 4, "lambda": 5}

MATRIX: dict[str, tuple[str, str, str, str, str, str]] = {
    "hardware_hypervisor": ("T", "P", "P", "P", "P", "P"),
    "control_plane_patch": ("T", "P>T", "P", "P>T", "P", "P"),
    "apiserver_flags_anonymous": ("T", "P", "P+T", "P", "-", "-"),
    "etcd_encryption_cmk": ("T", "P+T", "P+T", "P+T", "-", "-"),
    "api_endpoint_exposure": ("T", "T", "T", "T", "O", "O"),
    "bastion_peering_private_path": ("T", "T", "T", "T", "T", "T"),
    "node_os_patch": ("T", "P>T", "P", "P>T", "P", "P"),
    "kubelet_config": ("T", "T", "P", "P", "P", "-"),
    "runtime_isolation_sandbox": ("T", "P>T", "P+T", "P+T", "P", "P"),
    "node_role_and_imds": ("T", "T", "T", "T", "P", "P"),
    "cluster_addons_dns_csi": ("T", "T", "P", "P", "-", "-"),
    "cluster_authn_oidc": ("T", "T", "T", "T", "-", "-"),
    "k8s_rbac": ("T+D", "T+D", "T+D", "T+D", "-", "-"),
    "admission_pod_standards": ("T", "T", "T", "T", "-", "-"),
    "netpol_engine": ("T", "T", "T", "T>P", "P", "P"),
    "netpol_rules_egress": ("T+D", "T+D", "T+D", "T+D", "O", "O"),
    "ingress_tls_waf_authz": ("T+O", "T+O", "T+O", "T+O", "O+D", "O+D"),
    "audit_log_enabled": ("T", "T", "P+T", "T", "T", "T"),
    "detect_and_respond": ("T", "T", "T", "T", "T", "T"),
    "workload_cloud_identity": ("T+O", "O+T", "O+T", "O+T", "O", "O+D"),
    "secrets_env_encryption": ("O+D", "O+D", "O+D", "O+D", "O+D", "O+D"),
    "base_image_or_runtime": ("D+O", "D+O", "D+O", "D+O", "D", "P"),
    "app_dependencies": ("D", "D", "D", "D", "D", "D"),
    "app_code_event_input": ("D", "D", "D", "D", "D", "D"),
    "pod_security_context": ("D+T", "D+T", "D+T", "D+T", "D+P", "P"),
    "image_signing_verify": ("O+T", "O+T", "O+T", "O+T", "O", "O"),
    "limits_concurrency_cost": ("D+T", "D+T", "D+T", "D+T", "D+O", "D+O"),
}


class Condition(msgspec.Struct, frozen=True):
    """A cell that holds instead where a setting of the platform has that value."""

    platform: str
    setting: str
    cell: str
    areas: tuple[str, ...]
    reason: str
    value: object = True


_EKS_NODES = (
    "node_os_patch", "kubelet_config", "runtime_isolation_sandbox", "node_role_and_imds",
    "cluster_addons_dns_csi", "netpol_engine",
)  # fmt: skip

CONDITIONS: tuple[Condition, ...] = (
    Condition("gke", "release_channel", "T", ("control_plane_patch", "node_os_patch"),
              "the cluster follows no release channel", value=False),
    Condition("gke", "autopilot", "P", ("node_os_patch", "kubelet_config"), "Autopilot runs the nodes"),
    Condition("gke", "dataplane_v2", "P", ("netpol_engine",), "Dataplane V2 enforces NetworkPolicies"),
    Condition("eks", "auto_mode", "P", _EKS_NODES, "Auto Mode runs the nodes"),
    Condition("eks", "fargate", "P", _EKS_NODES, "Fargate runs the pods without nodes of one's own"),
    Condition("eks", "self_managed_nodes", "T", _EKS_NODES, "the nodes are not managed by EKS"),
    Condition("aks", "automatic", "P", ("node_os_patch",), "AKS Automatic runs the nodes"),
    Condition("aks", "node_image_channel", "P", ("node_os_patch",), "AKS renews the nodes' images"),
    Condition("cloud-run", "base_image_updates", "P", ("base_image_or_runtime",),
              "base images are renewed automatically"),
    Condition("lambda", "runtime_updates", "O", ("base_image_or_runtime",),
              "runtimes are renewed when a function is deployed", value="function-update"),
    Condition("lambda", "runtime_updates", "O", ("base_image_or_runtime",),
              "runtimes are renewed by hand", value="manual"),
    Condition("lambda", "runtime_updates", "D", ("base_image_or_runtime",),
              "the function brings its own runtime", value="image"),
    Condition("lambda", "runtime_updates", "D+O", ("base_image_or_runtime",),
              "the runtime is no longer renewed", value="end-of-life"),
)  # fmt: skip
"""Later ones hold over earlier ones."""


class Duty(msgspec.Struct, frozen=True):
    """Who must act in an area, why, and what that was read from.

    `other` is the party that shares it; `applies` says that the platform has such a part.
    """

    party: str
    reason: str
    evidence: tuple[str, ...]
    other: str | None = None
    applies: bool = True

    @property
    def provider(self) -> bool:
        """Whether the provider must act."""
        return self.party == PARTIES["P"]


@cache
def duty(area: str, platform: Platform | None = None) -> Duty:
    """The duty of an area of the matrix on a platform; one's own cluster where none is given.

    Semantics: the matrix, as in the docstring of this module. An area that is not in it is the
    platform team's.
    """
    where = platform or Platform()
    cell, condition = _cell(area, where)
    evidence = (*where.because, *((condition.reason,) if condition else ()))
    if cell == "-":
        reason = f"{where.name} has no such part; it is for whoever wrote it"
        return Duty(duty(area).party, reason, evidence, applies=False)
    first, last = PARTIES[cell[0]], PARTIES[cell[-1]]
    if ">" in cell:
        return Duty(
            last, f"{_NAMED[first]} supplies it and {_NAMED[last]} must apply it ({where.name})", evidence
        )
    if "+" in cell:
        reason = f"{_NAMED[first]} answers for it first, then {_NAMED[last]} ({where.name})"
        return Duty(first, reason, evidence, last)
    return Duty(first, f"{_NAMED[first]} answers for it ({where.name})", evidence)


def party(area: str, platform: Platform | None = None) -> str:
    """The party that must act in an area: provider, platform, devops or developer."""
    return duty(area, platform).party


def _cell(area: str, platform: Platform) -> tuple[str, Condition | None]:
    row = MATRIX.get(area)
    if row is None:
        return "T", None
    met = [
        condition
        for condition in CONDITIONS
        if condition.platform == platform.name
        and area in condition.areas
        and getattr(platform, condition.setting) == condition.value
    ]
    return (met[-1].cell, met[-1]) if met else (row[COLUMNS[platform.name]], None)

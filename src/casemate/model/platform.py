"""Where workloads run, and who runs it."""

from typing import Literal

import msgspec

SELF = "self"
AUTO = "auto"
PLATFORMS = (SELF, "eks", "gke", "aks", "fargate", "cloud-run", "lambda")
"""The platforms whose shared responsibility is known."""


class Platform(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A platform, and what is known of how it is set up; None where nothing is known of that.

    `release_channel`: GKE upgrades the cluster by itself; `autopilot`, `auto_mode`, `automatic`:
    GKE, EKS or AKS runs the nodes; `fargate`: pods of EKS run without nodes; `self_managed_nodes`:
    nodes that EKS did not make; `node_image_channel`: AKS updates the nodes' images;
    `dataplane_v2`: GKE enforces NetworkPolicies; `base_image_updates`: Cloud Run renews base images;
    `runtime_updates`: how Lambda renews runtimes (`image` for container images and own runtimes).
    `because` holds what `auto` recognised it by.
    """

    name: str = SELF
    release_channel: bool | None = None
    autopilot: bool | None = None
    auto_mode: bool | None = None
    fargate: bool | None = None
    self_managed_nodes: bool | None = None
    automatic: bool | None = None
    node_image_channel: bool | None = None
    dataplane_v2: bool | None = None
    base_image_updates: bool | None = None
    runtime_updates: Literal["auto", "function-update", "manual", "image", "end-of-life"] | None = None
    because: tuple[str, ...] = ()

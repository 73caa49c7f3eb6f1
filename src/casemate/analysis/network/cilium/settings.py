"""How Cilium is set up, as far as its ConfigMap was read: some settings change what policies mean.

Source: Cilium's install/kubernetes/cilium/templates/cilium-configmap.yaml and pkg/option/config.go,
releases 1.17 to 1.20.
"""

import re
from typing import TYPE_CHECKING

import msgspec

from casemate.model.configuration import ConfigMap
from casemate.model.estate import Entity

if TYPE_CHECKING:
    from casemate.model.estate import Estate

CONFIG_MAP = "cilium-config"
DEFAULT, ALWAYS, NEVER = "default", "always", "never"
_SIGNS = ("enable-policy", "cluster-name", "enable-bpf-masquerade", "identity-allocation-mode")
"""Keys of which one is in each ConfigMap of Cilium, whatever namespace it is in."""


class CiliumSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What policies depend on; None where it is not known, and where a default would not do.

    `enforcement`: `default`, `always` (what no policy allows is denied, for every pod) or `never`.
    `cidr_pods` and `cidr_nodes`: whether ranges of addresses mean pods and nodes, too (never by default).
    `host_firewall`: whether policies for nodes are enforced. `node_labels`: whether nodes are told apart by
    their labels. `local_cluster`: whether a selector that names no cluster means this one only (since 1.19).
    `default_deny_is_optional`: whether `enableDefaultDeny` is followed. `own_labels`: whether other labels
    than by default make up the identity of a pod. `source` is the ConfigMap.
    """

    enforcement: str = DEFAULT
    cidr_pods: bool = False
    cidr_nodes: bool = False
    host_firewall: bool | None = None
    node_labels: bool | None = None
    local_cluster: bool | None = None
    cluster: str | None = None
    default_deny_is_optional: bool = True
    own_labels: bool = False
    source: Entity | None = None

    @classmethod
    def of(cls, estate: "Estate") -> "CiliumSettings":
        """The settings in the ConfigMap `cilium-config` of an estate; the defaults where there is none."""
        for config in estate.of(ConfigMap):
            data = config.data or {}
            if config.ref.name == CONFIG_MAP and any(sign in data for sign in _SIGNS):
                return _read(config, {key: value or "" for key, value in data.items()})
        return cls()


def _read(config: ConfigMap, data: dict[str, str]) -> CiliumSettings:
    modes = re.split(r"[\s,]+", data.get("policy-cidr-match-mode", "").strip())
    enforcement = data.get("enable-policy", DEFAULT).lower()
    return CiliumSettings(
        enforcement=enforcement if enforcement in {ALWAYS, NEVER} else DEFAULT,
        cidr_pods="pods" in modes,
        cidr_nodes="nodes" in modes,
        host_firewall=_is_on(data.get("enable-host-firewall")),
        node_labels=_is_on(data.get("enable-node-selector-labels")),
        local_cluster=_is_on(data.get("policy-default-local-cluster")),
        cluster=data.get("cluster-name") or None,
        default_deny_is_optional=_is_on(data.get("enable-non-default-deny-policies", "true")),
        own_labels=bool(data.get("labels", "").strip()),
        source=config,
    )


def _is_on(text: str | None) -> bool:
    """Whether a setting is on; one that is not there is off."""
    return (text or "").strip().lower() in {"true", "1", "t"}

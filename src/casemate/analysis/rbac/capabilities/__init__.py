"""Rights that give more than their words say, as data: what suffices for each, and how far it reaches.

A capability is held by any of its `ways`; a way is held where the rules of one subject grant each of its
rights. One module holds those of each area; `docs/powers.md` is written from them.
"""

from casemate.analysis.rbac.capabilities import (
    admission,
    certificates,
    cloud,
    identity,
    network,
    nodes,
    roles,
    secrets,
    storage,
    workloads,
)
from casemate.analysis.rbac.capabilities.terms import Capability

AREAS: dict[str, tuple[Capability, ...]] = {
    "Rights themselves": roles.ALL,
    "Identities": identity.ALL,
    "Certificates": certificates.ALL,
    "Secrets": secrets.ALL,
    "Workloads": workloads.ALL,
    "Nodes": nodes.ALL,
    "Admission": admission.ALL,
    "Storage": storage.ALL,
    "Network and traces": network.ALL,
    "Clouds and controllers": cloud.ALL,
}
CATALOGUE: dict[str, Capability] = {
    capability.id: capability for capabilities in AREAS.values() for capability in capabilities
}
"""All capabilities by their id."""

"""Storage as a cluster offers it."""

from casemate.model.estate import Entity


class StorageClass(Entity, frozen=True, kw_only=True, eq=False):
    """A class of volumes; its provisioner says which driver makes them."""

    provisioner: str = ""

"""Objects that carry settings and secrets into pods: ConfigMaps and Secrets.

Source: core/v1 types.go. A `sops` block beside the object's fields is that of SOPS, which encrypts
the values of a file and leaves its keys readable.
"""

import msgspec

from casemate.model.estate import Entity


class ConfigMap(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Settings in plain text: `data` is text, `binaryData` base64."""

    data: dict[str, str | None] | None = None
    binary_data: dict[str, str | None] | None = None


class Sops(msgspec.Struct, frozen=True):
    """What SOPS notes beside values that it encrypted."""

    mac: str | None = None


class Secret(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Values that only some may read: `data` is base64, `stringData` text; neither is encrypted."""

    type: str | None = None
    data: dict[str, str | None] | None = None
    string_data: dict[str, str | None] | None = None
    sops: Sops | None = None

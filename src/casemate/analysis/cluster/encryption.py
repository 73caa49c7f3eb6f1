"""Which entry of an EncryptionConfiguration decides about a resource, and what its keys are.

Source: kubernetes/apiserver pkg/server/options/encryptionconfig/config.go (entries in their order; a
resource behind a wildcard that holds it is refused) and pkg/apis/apiserver/validation.
"""

import base64
import binascii
from collections.abc import Iterator

import msgspec

from casemate.analysis.secrets.placeholders import is_placeholder, is_reference
from casemate.model.cluster_configs import (
    EncryptedResources,
    EncryptionConfiguration,
    EncryptionProvider,
    Key,
)
from casemate.model.place import Path

KEY_SIZES = {"aescbc": (16, 24, 32), "aesgcm": (16, 24, 32), "secretbox": (32,)}
"""Providers whose keys stand in the file, and the sizes in bytes that they take."""


class KeyInFile(msgspec.Struct, frozen=True):
    """A key with its provider and its place."""

    provider: str
    key: Key
    path: Path

    @property
    def is_there(self) -> bool:
        """Whether a key stands there, and not a placeholder or something that is filled in later."""
        secret = self.key.secret or ""
        return bool(secret) and not is_reference(secret) and not is_placeholder(secret)

    @property
    def size(self) -> int | None:
        """Its bytes; None where it is no base64."""
        try:
            return len(base64.b64decode(self.key.secret or "", validate=True))
        except (binascii.Error, ValueError):
            return None


def deciding(config: EncryptionConfiguration, resource: str) -> int | None:
    """The index of the entry that decides how a resource is stored; None where no entry names it."""
    for index, entry in enumerate(config.resources):
        if any(holds(named, resource) for named in entry.resources):
            return index
    return None


def holds(named: str, resource: str) -> bool:
    """Whether a name of an entry is a resource or a wildcard with it: `*.*`, `*.`, `*.apps`."""
    if named in {resource, "*.*"}:
        return True
    name, dot, group = named.partition(".")
    return name == "*" and bool(dot) and group == resource.partition(".")[2]


def writer(entry: EncryptedResources) -> EncryptionProvider | None:
    """The provider that new data is written by: the first one."""
    return entry.providers[0] if entry.providers else None


def keys(config: EncryptionConfiguration) -> Iterator[KeyInFile]:
    """Every key that stands in the file."""
    for index, entry in enumerate(config.resources):
        for number, provider in enumerate(entry.providers):
            for word in KEY_SIZES:
                held = getattr(provider, word)
                for place, key in enumerate(held.keys if held is not None else ()):
                    path = ("resources", index, "providers", number, word, "keys", place, "secret")
                    yield KeyInFile(word, key, path)

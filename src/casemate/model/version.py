"""Kubernetes minor versions, as the rules that changed over time are keyed by them."""

import re
from typing import NamedTuple

from casemate.model.errors import UsageError

_FORM = re.compile(r"v?1\.(\d{1,3})(?:\.\d+)?(?:[-+].*)?\Z")


class KubernetesVersion(NamedTuple):
    """A minor release; compares in release order."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> "KubernetesVersion":
        """Read `1.35`, `v1.35.2` or `latest`.

        Raises `UsageError` where the text names no Kubernetes 1.x release.
        """
        if text == "latest":
            return NEWEST
        match = _FORM.match(text)
        if match is None:
            message = f"{text!r} is no Kubernetes version: write it as 1.35, or latest"
            raise UsageError(message)
        return cls(1, int(match[1]))

    @property
    def note(self) -> str | None:
        """What to know where this release is later than the newest known one."""
        if self <= NEWEST:
            return None
        return f"Kubernetes {self} is newer than casemate knows; answered with the rules of {NEWEST}"


NEWEST = KubernetesVersion(1, 37)
"""The newest release whose rules casemate knows; a later one is answered with these."""

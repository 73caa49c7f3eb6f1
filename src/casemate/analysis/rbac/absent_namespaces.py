"""Namespaces that bindings name and that do not exist."""

from casemate.analysis.namespaces import SYSTEM
from casemate.model.estate import Estate
from casemate.model.governance import Namespace

_MADE = frozenset({"default", *SYSTEM})
"""Namespaces that Kubernetes itself makes."""


class AbsentNamespaces:
    """The namespaces that were read; absence is a fact only where every one was (`complete`).

    A cluster always has some: where none was read, not all were, whatever was said.
    """

    def __init__(self, estate: Estate) -> None:
        self._names = {namespace.ref.name for namespace in estate.of(Namespace)}
        self.complete = bool(self._names) and estate.coverage.covers("Namespace")

    @classmethod
    def of(cls, estate: Estate) -> "AbsentNamespaces":
        """All that an estate holds."""
        return cls(estate)

    def __contains__(self, name: str | None) -> bool:
        return self.complete and self.may_be_absent(name)

    def may_be_absent(self, name: str | None) -> bool:
        """Whether no namespace of that name was read; one that is not written is none."""
        return bool(name) and name not in self._names and name not in _MADE

"""The service accounts that were read, by namespace and name."""

from casemate.model.estate import Estate, ServiceAccount


class ServiceAccounts:
    """Looks service accounts up; an account or pod without a namespace may be of any."""

    def __init__(self, accounts: list[ServiceAccount]) -> None:
        self._by_key = {(account.ref.namespace, account.ref.name or ""): account for account in accounts}
        self._names = {name for _, name in self._by_key}

    @classmethod
    def of(cls, estate: Estate) -> "ServiceAccounts":
        """All that an estate holds."""
        return cls([entity for entity in estate.entities if isinstance(entity, ServiceAccount)])

    def find(self, namespace: str | None, name: str) -> ServiceAccount | None:
        """The account of exactly that namespace (or of none, where none is written)."""
        return self._by_key.get((namespace, name))

    def may_exist(self, namespace: str | None, name: str) -> bool:
        """Whether an account of that name was read that is, or may be, in that namespace."""
        if namespace is None:
            return name in self._names
        return (namespace, name) in self._by_key or (None, name) in self._by_key

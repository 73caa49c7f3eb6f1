"""Whether service accounts of an estate have identities of a cloud."""

from casemate.analysis.rbac.capabilities.cloud import IDENTITY_ANNOTATIONS
from casemate.model.estate import Estate, ServiceAccount


class CloudIdentities:
    """The service accounts that an annotation gives an identity of the cloud, as text."""

    def __init__(self, accounts: tuple[str, ...]) -> None:
        self.accounts = accounts

    @classmethod
    def of(cls, estate: Estate) -> "CloudIdentities":
        """All that an estate holds."""
        return cls(
            tuple(
                str(account.ref)
                for account in estate.of(ServiceAccount)
                if any(account.annotations.get(name) for name in IDENTITY_ANNOTATIONS)
            )
        )

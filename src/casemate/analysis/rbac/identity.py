"""A caller as the authorizer sees it: a user name and groups, those that the server adds included.

Source: apiserver pkg/authentication/{user,serviceaccount,group} and pkg/endpoints/filters/impersonation.
"""

import re

import msgspec

from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, Subject

ANONYMOUS = "system:anonymous"
AUTHENTICATED, UNAUTHENTICATED = "system:authenticated", "system:unauthenticated"
MASTERS = "system:masters"
SERVICE_ACCOUNTS = "system:serviceaccounts"
_ACCOUNT = "system:serviceaccount:"
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")


class Identity(msgspec.Struct, frozen=True):
    """A user and all groups that count for it."""

    user: str
    groups: tuple[str, ...] = ()

    @classmethod
    def of(cls, user: str, groups: tuple[str, ...] = ()) -> "Identity":
        """The caller of that name whom the authenticator says to be in `groups`.

        Everybody but system:anonymous is in system:authenticated; a service account is in the groups of
        all, and of those of its namespace.
        """
        found = dict.fromkeys(groups)
        found[UNAUTHENTICATED if user == ANONYMOUS else AUTHENTICATED] = None
        account = account_of(user)
        if account is not None:
            found[SERVICE_ACCOUNTS] = found[f"{SERVICE_ACCOUNTS}:{account[0]}"] = None
        return cls(user, tuple(found))

    @classmethod
    def of_subject(cls, subject: Subject) -> "Identity | None":
        """The caller that a binding's subject stands for; None where it can be nobody.

        A group stands for somebody who has no other right than being in it.
        """
        name = subject.name or ""
        if subject.kind == USER and name:
            return cls.of(name)
        if subject.kind == GROUP and name:
            return cls("", (name,))
        if subject.kind == SERVICE_ACCOUNT and name and subject.namespace:
            return cls.of(account_user(subject.namespace, name))
        return None


def account_user(namespace: str, name: str) -> str:
    """The user name of a service account."""
    return f"{_ACCOUNT}{namespace}:{name}"


def account_of(user: str) -> tuple[str, str] | None:
    """The namespace and name of the service account that a user name stands for; None for other users."""
    if not user.startswith(_ACCOUNT):
        return None
    namespace, colon, name = user.removeprefix(_ACCOUNT).partition(":")
    return (namespace, name) if colon and _LABEL.match(namespace) and _NAME.match(name) else None

"""Whom a subject of a binding means, and as whom a caller comes: keys that both share where they meet.

Source: appliesTo in pkg/registry/rbac/validation/rule.go of Kubernetes.
"""

from casemate.analysis.rbac.identity import MASTERS, Identity, account_of, account_user
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, Binding, Subject

HOME = "default"
"""The namespace of objects that name none, where kubectl puts them."""


def is_master(who: Identity) -> bool:
    """Whether the API server lets the caller do everything, without asking for roles."""
    return MASTERS in who.groups


def key_of(binding: Binding, subject: Subject, home: str = HOME) -> str | None:
    """What a caller must have to be the subject: a user name or a group; None where nobody can be it.

    A service account is a user name; a subject of another kind, or without a name, matches nobody.
    """
    kind, name = binding.kind_of(subject), subject.name
    if not name:
        return None
    if kind == GROUP:
        return f"group {name}"
    if kind == USER:
        return f"user {name}"
    if kind != SERVICE_ACCOUNT:
        return None
    namespace = subject.namespace or ("" if binding.is_cluster else binding.ref.namespace or home)
    return f"user {account_user(namespace, name)}" if namespace else None


def keys_of(who: Identity) -> tuple[str, ...]:
    """The keys by which subjects mean a caller."""
    return (f"user {who.user}", *(f"group {name}" for name in who.groups))


def caller_of(key: str) -> Identity:
    """The caller who is the subject of a key and nothing else."""
    kind, _, name = key.partition(" ")
    return Identity(name) if kind == "user" else Identity("", (name,))


def subject_of(key: str) -> Subject:
    """The subject that a key stands for."""
    kind, _, name = key.partition(" ")
    if kind == "group":
        return Subject(kind=GROUP, name=name)
    account = account_of(name)
    if account is None:
        return Subject(kind=USER, name=name)
    return Subject(kind=SERVICE_ACCOUNT, name=account[1], namespace=account[0])

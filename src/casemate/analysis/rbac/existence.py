"""Whether a user or group exists anywhere: yes, no, or not known, with what says so.

A name is absent only where every source that could issue it is complete. Which these are is told by the
prefix: the sources whose prefix is the longest that the name begins with. A token issuer that the API server
trusts for a longer prefix, or for names that cannot be told, leaves the question open.
"""

import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from casemate.analysis.namespaces import SYSTEM, Namespaces
from casemate.analysis.rbac.identity import SERVICE_ACCOUNTS, account_of
from casemate.analysis.rbac.system_identities import RESERVED, made_by
from casemate.analysis.service_accounts import ServiceAccounts
from casemate.model.estate import Estate
from casemate.model.identities import Account, IdentitySource
from casemate.model.rbac import GROUP, USER

if TYPE_CHECKING:
    from casemate.analysis.rbac.issuers import Issuer  # start-up: few scans have a source

_DEFAULT = "default"
_LOG = "EventList"
"""The kind of an audit log among the entities."""
_WORDS = {USER: "users", GROUP: "groups"}


class Verdict(enum.Enum):
    """Whether somebody of a name exists."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Existence(msgspec.Struct, frozen=True):
    """A verdict and the sentences that bear it.

    `disabled` says that it is there and cannot log in. `near` are known names that differ only in case or
    prefix. `missing` says, where the verdict is unknown, what would have to be read, without the name.
    """

    verdict: Verdict
    evidence: tuple[str, ...] = ()
    disabled: bool = False
    near: tuple[str, ...] = ()
    missing: str = ""


class Identities:
    """What all sources of an estate know; `asked` says whether there is any."""

    def __init__(self, estate: Estate) -> None:
        self._sources = estate.identities
        self._issuers = _issuers(estate) if estate.identities else ()
        self._stated = frozenset(kind for kind in _WORDS if kind in estate.coverage.complete)
        self._accounts = ServiceAccounts.of(estate)
        self._namespaces = Namespaces(estate).objects
        self._all_accounts = estate.coverage.covers("ServiceAccount")
        self._all_namespaces = estate.coverage.covers("Namespace")
        self._known = {kind: _by_name(self._sources, kind) for kind in _WORDS}
        self._near: dict[str, dict[str, list[str]]] = {}
        self._seen: dict[str, dict[str, str]] = {USER: {}, GROUP: {}}
        if any(entity.ref.kind == _LOG for entity in estate.entities):
            _add_last_seen(self._seen, estate)

    @classmethod
    def of(cls, estate: Estate) -> "Identities":
        """All that an estate holds."""
        return cls(estate)

    @property
    def asked(self) -> bool:
        """Whether any source knows users or groups."""
        return bool(self._sources)

    def find(self, kind: str, name: str) -> Existence:
        """Whether a user or group of that name exists; `kind` is `User` or `Group`."""
        builtin = made_by(kind, name)
        if builtin:
            return Existence(Verdict.PRESENT, (builtin,))
        account = account_of(name) if kind == USER else None
        if account is not None:
            return self._service_account(*account)
        if kind == GROUP and name.startswith(f"{SERVICE_ACCOUNTS}:"):
            return self._accounts_of(name.removeprefix(f"{SERVICE_ACCOUNTS}:"))
        found = self._known[kind].get(name)
        if found:
            return _present(found)
        reserved = next((prefix for prefix in RESERVED if name.startswith(prefix)), None)
        if reserved is not None:
            return Existence(Verdict.UNKNOWN, missing=f"who issues names that begin with {reserved}")
        return self._elsewhere(kind, name)

    def _elsewhere(self, kind: str, name: str) -> Existence:
        """The verdict on a name that no source holds."""
        seen = self._seen[kind].get(name)
        said = (f"it last asked for something at {seen}, as the audit log shows",) if seen is not None else ()
        may = [s for s in self._sources if kind in s.knows and name.startswith(s.prefix(kind))]
        longest = max((len(source.prefix(kind)) for source in may), default=0)
        deciding = [source for source in may if len(source.prefix(kind)) == longest]
        missing = self._open(kind, name, may, deciding, longest)
        if not missing:
            evidence = tuple(f"{source.title} has no such {kind.lower()}" for source in deciding)
            return Existence(Verdict.ABSENT, (*evidence, *said), near=self._near_to(kind, name))
        if seen is not None:
            return Existence(Verdict.PRESENT, said)
        return Existence(Verdict.UNKNOWN, missing=missing)

    def _open(
        self, kind: str, name: str, may: list[IdentitySource], deciding: list[IdentitySource], longest: int
    ) -> str:
        """What would have to be known to call the name absent; empty where it is."""
        words = _WORDS[kind]
        gap = next((source for source in may if source.gap), None)
        if gap is not None:
            return f"the {words} of {gap.title}: {gap.gap}"
        if kind in self._stated and self._sources:
            return ""
        if not deciding:
            return f"a complete source of {words}"
        partial = next((source for source in deciding if kind not in source.complete), None)
        if partial is not None:
            return f"whether {partial.title} holds all {words} (complete: [{words}])"
        other = next((one for one in self._issuers if _adds(one, kind, name, longest)), None)
        return f"the {words} of the issuer {other.url}" if other is not None else ""

    def _near_to(self, kind: str, name: str) -> tuple[str, ...]:
        if kind not in self._near:
            index: dict[str, list[str]] = {}
            for source in self._sources:
                for account in source.accounts(kind):
                    bare = account.name.removeprefix(source.prefix(kind))
                    for form in {account.name.casefold(), bare.casefold()}:
                        index.setdefault(form, []).append(account.name)
            self._near[kind] = index
        return tuple(dict.fromkeys(self._near[kind].get(name.casefold(), ())))

    def _service_account(self, namespace: str, name: str) -> Existence:
        """The verdict on a user name that stands for a service account."""
        title = f"the service account {namespace}/{name}"
        if name == _DEFAULT or self._accounts.may_exist(namespace, name):
            return Existence(Verdict.PRESENT, (f"it is {title}",))
        if self._all_accounts:
            return Existence(Verdict.ABSENT, (f"it is {title}, and every service account was read",))
        return Existence(Verdict.UNKNOWN, missing="not every ServiceAccount was read")

    def _accounts_of(self, namespace: str) -> Existence:
        """The verdict on the group of all service accounts of a namespace."""
        if namespace in self._namespaces or namespace in {*SYSTEM, _DEFAULT}:
            return Existence(Verdict.PRESENT, (f"there is a namespace {namespace}",))
        if self._all_namespaces:
            return Existence(
                Verdict.ABSENT, (f"there is no namespace {namespace}, and every namespace was read",)
            )
        return Existence(Verdict.UNKNOWN, missing="not every Namespace was read")


def _by_name(sources: Iterable[IdentitySource], kind: str) -> dict[str, list[tuple[IdentitySource, Account]]]:
    found: dict[str, list[tuple[IdentitySource, Account]]] = {}
    for source in sources:
        for account in source.accounts(kind):
            found.setdefault(account.name, []).append((source, account))
    return found


def _present(found: list[tuple[IdentitySource, Account]]) -> Existence:
    """The verdict on a name that sources hold: disabled only where each of them says so."""
    evidence = tuple(
        f"{source.title} has it{f' as {account.where}' if account.where else ''}"
        f"{f': {account.disabled}' if account.disabled else ''}"
        for source, account in found
    )
    return Existence(Verdict.PRESENT, evidence, disabled=all(account.disabled for _, account in found))


def _adds(issuer: "Issuer", kind: str, name: str, longest: int) -> bool:
    """Whether an issuer may give the name, and is none that the deciding sources speak for."""
    prefix = issuer.prefix(kind)
    return issuer.may_issue(kind, name) and (prefix is None or len(prefix) > longest)


def _issuers(estate: Estate) -> "tuple[Issuer, ...]":
    from casemate.analysis.rbac.issuers import issuers  # noqa: PLC0415 # start-up: few scans have a source

    return tuple(issuers(estate))


def _add_last_seen(seen: dict[str, dict[str, str]], estate: Estate) -> None:
    """When each user and group last asked for something, whatever the answer."""
    from casemate.model.audit import Activity, Outcome  # noqa: PLC0415 # start-up: few scans have a log

    activity = Activity.of(estate)
    for outcome in Outcome:
        for caller, calls in activity.callers(outcome).items():
            last = max((one.last for one in calls.values()), default="")
            for kind, name in ((USER, caller.user), *((GROUP, group) for group in caller.groups)):
                seen[kind][name] = max(seen[kind].get(name, ""), last)

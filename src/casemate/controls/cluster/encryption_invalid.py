"""The API server refuses this EncryptionConfiguration and does not start.

Half a file is worse than none: the next restart of the control plane is the last one.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.encryption import KEY_SIZES, holds
from casemate.model.cluster_configs import EncryptionConfiguration, EncryptionProvider
from casemate.model.control import Consequence, Fault, control
from casemate.model.place import Path
from casemate.model.severity import Severity


@control(
    "cluster-encryption-invalid",
    title="EncryptionConfiguration that the API server refuses",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Mend the entry as the message says",
    standards=("CIS-Kubernetes-1.12:1.2.28",),
    area="etcd_encryption_cmk",
)
def encryption_invalid(config: EncryptionConfiguration) -> Iterator[Fault]:
    if not config.resources:
        yield _fault("it has no entries", ("resources",))
    for index, entry in enumerate(config.resources):
        at = ("resources", index)
        if not entry.resources:
            yield _fault("an entry names no resources", (*at, "resources"))
        for number, name in enumerate(entry.resources):
            wrong = _wrong_name(name) or _overlap(name, entry.resources[:number])
            if wrong:
                yield _fault(wrong, (*at, "resources", number))
        if not entry.providers:
            yield _fault("an entry has no providers", (*at, "providers"))
        for number, provider in enumerate(entry.providers):
            yield from _provider(provider, (*at, "providers", number))


def _fault(what: str, at: Path) -> Fault:
    return Fault(message=f"the API server refuses the file: {what}", at=at)


def _wrong_name(name: str) -> str | None:
    resource, _, group = name.partition(".")
    if name == "*":
        return 'the resource * is none; the core group is "*.", everything is "*.*"'
    if group == "*" and resource != "*":
        return f"{name} names a resource across groups"
    if group in {"extensions", "events.k8s.io"}:
        return f"{name} is not stored in the group {group}"
    return f"{name} has capital letters" if name.lower() != name else None


def _overlap(name: str, before: tuple[str, ...]) -> str | None:
    """Why a name cannot stand beside those before it in one list: one of them holds the other."""
    other = next((other for other in before if holds(other, name) or holds(name, other)), None)
    if other is None:
        return None
    return (
        f"{name} stands twice in one list" if other == name else f"{name} overlaps with {other} in one list"
    )


def _provider(provider: EncryptionProvider, at: Path) -> Iterator[Fault]:
    given = [name for name in (*KEY_SIZES, "identity", "kms") if getattr(provider, name) is not None]
    if len(given) != 1:
        what = " and ".join(given) if given else "no known provider"
        yield _fault(f"an item of providers has {what}, not one", at)
        return
    name = given[0]
    if name in KEY_SIZES and not getattr(provider, name).keys:
        yield _fault(f"{name} has no keys", (*at, name, "keys"))
    for index, key in enumerate(getattr(provider, name).keys if name in KEY_SIZES else ()):
        if not key.name:
            yield _fault(f"a key of {name} has no name", (*at, name, "keys", index, "name"))
        if not key.secret:
            yield _fault(f"a key of {name} is empty", (*at, name, "keys", index, "secret"))
    kms = provider.kms
    if kms is not None:
        if kms.api_version not in {None, "", "v1", "v2"}:
            yield _fault(f"{kms.api_version} is no version of KMS", (*at, "kms", "apiVersion"))
        if not (kms.endpoint or "").startswith("unix://"):
            yield _fault("the endpoint of kms is no unix socket", (*at, "kms", "endpoint"))

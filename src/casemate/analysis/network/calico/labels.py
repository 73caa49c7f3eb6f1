"""The labels that Calico gives endpoints, and the pods that conditions on them select.

Calico knows one set of labels for each endpoint: its own, those of its namespace with `pcns.` before the key,
those of its service account with `pcsa.`, and a few that say where it belongs.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3/constants.go and
libcalico-go/lib/backend/k8s/conversion.
"""

from collections.abc import Iterable, Mapping

import msgspec

from casemate.analysis.network.labels import (
    NAME_LABEL,
    AllOf,
    Any,
    AnyOf,
    Has,
    Labels,
    Matches,
    Not,
    Nothing,
    OneOf,
    all_of,
    holds,
)
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Intersection,
    Nobody,
    Pods,
    Union,
)

NAMESPACE = "projectcalico.org/namespace"
ACCOUNT = "projectcalico.org/serviceaccount"
ORCHESTRATOR = "projectcalico.org/orchestrator"
OF_NAMESPACE, OF_ACCOUNT = "pcns.", "pcsa."
NAME = "projectcalico.org/name"
"""The label of a namespace or service account with its name."""
_KUBERNETES = {ORCHESTRATOR: "k8s"}
_ALWAYS = {NAMESPACE, ACCOUNT, OF_NAMESPACE + NAME, OF_ACCOUNT + NAME}
_PODS, _NAMESPACES, _ACCOUNTS = "pods", "namespaces", "accounts"


def pods_where(condition: Labels) -> Endpoints:
    """The pods whose labels, with those of their namespace and account, fulfil a condition."""
    return _pods(_folded(condition))


def _pods(condition: Labels) -> Endpoints:
    if isinstance(condition, (Any, Nothing)):
        return Pods() if isinstance(condition, Any) else Nobody()
    kinds = _kinds(condition)
    if len(kinds) == 1:
        return _of_kinds({kinds.pop(): _renamed(condition)})
    if isinstance(condition, AnyOf):
        return Union(tuple(_pods(part) for part in condition.parts))
    if isinstance(condition, AllOf):
        return _all_pods(condition.parts)
    assert isinstance(condition, Not), "a leaf asks about one kind of labels"  # noqa: S101 # narrows the type
    return Intersection((Pods(), Complement(_pods(condition.inner))))


def _all_pods(parts: tuple[Labels, ...]) -> Endpoints:
    simple: dict[str, list[Labels]] = {}
    mixed: list[Endpoints] = []
    for part in parts:
        kinds = _kinds(part)
        if len(kinds) == 1:
            simple.setdefault(kinds.pop(), []).append(_renamed(part))
        else:
            mixed.append(_pods(part))
    plain = _of_kinds({kind: all_of(tuple(found)) for kind, found in simple.items()})
    return intersection((plain, *mixed)) if simple else intersection(mixed)


def _of_kinds(found: Mapping[str, Labels]) -> Endpoints:
    return Pods(
        namespaces=found.get(_NAMESPACES, Any()),
        pods=found.get(_PODS, Any()),
        accounts=found.get(_ACCOUNTS, Any()),
    )


def _folded(condition: Labels) -> Labels:
    """A condition without what is the same for every pod."""
    if isinstance(condition, Not):
        inner = _folded(condition.inner)
        if isinstance(inner, (Any, Nothing)):
            return Nothing() if isinstance(inner, Any) else Any()
        return Not(inner)
    if isinstance(condition, AllOf):
        found = map(_folded, condition.parts)
        return all_of(
            tuple(part for each in found for part in (each.parts if isinstance(each, AllOf) else (each,)))
        )
    if isinstance(condition, AnyOf):
        parts = tuple(part for part in map(_folded, condition.parts) if not isinstance(part, Nothing))
        if any(isinstance(part, Any) for part in parts):
            return Any()
        return parts[0] if len(parts) == 1 else AnyOf(parts) if parts else Nothing()
    if isinstance(condition, (Has, OneOf, Matches)) and condition.key == ORCHESTRATOR:
        return Any() if holds(condition, _KUBERNETES) else Nothing()
    return Any() if isinstance(condition, Has) and condition.key in _ALWAYS else condition


def _kinds(condition: Labels) -> set[str]:
    """Whose labels a condition asks about."""
    if isinstance(condition, (AllOf, AnyOf)):
        return {kind for part in condition.parts for kind in _kinds(part)}
    if isinstance(condition, Not):
        return _kinds(condition.inner)
    return {_own(condition.key)[0]} if isinstance(condition, (Has, OneOf, Matches)) else set()


def _own(key: str) -> tuple[str, str]:
    """Whose label a key of Calico is, and its key there."""
    if key in _ALWAYS:
        return (_NAMESPACES if key in {NAMESPACE, OF_NAMESPACE + NAME} else _ACCOUNTS), NAME_LABEL
    if key.startswith(OF_NAMESPACE):
        return _NAMESPACES, key.removeprefix(OF_NAMESPACE)
    if key.startswith(OF_ACCOUNT):
        return _ACCOUNTS, key.removeprefix(OF_ACCOUNT)
    return _PODS, key


def _renamed(condition: Labels) -> Labels:
    """A condition of one kind with the keys that these labels have themselves."""
    if isinstance(condition, (AllOf, AnyOf)):
        return type(condition)(tuple(map(_renamed, condition.parts)))
    if isinstance(condition, Not):
        return Not(_renamed(condition.inner))
    assert isinstance(condition, (Has, OneOf, Matches)), "other conditions are folded"  # noqa: S101 # narrows
    return msgspec.structs.replace(condition, key=_own(condition.key)[1])


def intersection(parts: Iterable[Endpoints]) -> Endpoints:
    """Endpoints that are in all parts; everything, where there is none."""
    found = tuple(part for part in parts if part != Everything())
    return found[0] if len(found) == 1 else Intersection(found) if found else Everything()

"""Conditions on labels, as every dialect's selectors say them: values that are compared and looked up.

`holds` answers for one set of labels; an index answers for all at once (see `universe`).
"""

from collections.abc import Mapping

import msgspec

from casemate.model.selectors import LabelSelector, Requirement

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API server gives each namespace, with its name."""


class Labels(msgspec.Struct, frozen=True, tag=True, cache_hash=True):
    """A condition on labels."""


class Any(Labels, frozen=True):
    """Whatever the labels are."""


class Nothing(Labels, frozen=True):
    """No labels fulfil it."""


class Has(Labels, frozen=True):
    """There is a label of that key."""

    key: str


class OneOf(Labels, frozen=True):
    """There is a label of that key with one of these values."""

    key: str
    values: tuple[str, ...]


class Matches(Labels, frozen=True):
    """The value of that key begins with, ends with or contains a text; `how` is the name of the test."""

    key: str
    how: str
    text: str


class Not(Labels, frozen=True):
    """The inner condition does not hold; a missing label does not hold either."""

    inner: Labels


class AllOf(Labels, frozen=True):
    """Each of the conditions holds."""

    parts: tuple[Labels, ...]


class AnyOf(Labels, frozen=True):
    """At least one of the conditions holds."""

    parts: tuple[Labels, ...]


STARTS, ENDS, CONTAINS = "starts with", "ends with", "contains"


def holds(condition: Labels, labels: Mapping[str, str]) -> bool:
    """Whether a condition holds for labels."""
    if isinstance(condition, Has):
        return condition.key in labels
    if isinstance(condition, OneOf):
        return labels.get(condition.key) in condition.values
    if isinstance(condition, Matches):
        value = labels.get(condition.key)
        return value is not None and text_matches(condition, value)
    if isinstance(condition, Not):
        return not holds(condition.inner, labels)
    if isinstance(condition, AllOf):
        return all(holds(part, labels) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(holds(part, labels) for part in condition.parts)
    return isinstance(condition, Any)


def text_matches(condition: Matches, value: str) -> bool:
    """Whether a value begins with, ends with or contains the text of a condition."""
    if condition.how == STARTS:
        return value.startswith(condition.text)
    return value.endswith(condition.text) if condition.how == ENDS else condition.text in value


def namespace_named(*names: str) -> Labels:
    """The namespaces of these names."""
    return OneOf(NAME_LABEL, names)


def of_selector(selector: LabelSelector) -> Labels:
    """The condition that a label selector of Kubernetes says; one that is refused holds for nothing.

    Source: apimachinery pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector.
    """
    parts = [OneOf(key, (value,)) for key, value in sorted((selector.match_labels or {}).items())]
    return all_of((*parts, *map(_of_requirement, selector.match_expressions or ())))


def all_of(parts: tuple[Labels, ...]) -> Labels:
    """All parts at once: no part at all holds always."""
    needed = tuple(part for part in parts if not isinstance(part, Any))
    if any(isinstance(part, Nothing) for part in needed):
        return Nothing()
    return needed[0] if len(needed) == 1 else AllOf(needed) if needed else Any()


def _of_requirement(requirement: Requirement) -> Labels:
    key, values, operator = requirement.key or "", tuple(requirement.values or ()), requirement.operator
    if not key:
        return Nothing()
    if operator in {"In", "NotIn"} and values:
        found = OneOf(key, values)
        return found if operator == "In" else Not(found)
    if operator in {"Exists", "DoesNotExist"} and not values:
        return Has(key) if operator == "Exists" else Not(Has(key))
    return Nothing()

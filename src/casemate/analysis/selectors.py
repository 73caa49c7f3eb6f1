"""What a label selector selects, as the API machinery decides it.

Source: apimachinery pkg/apis/meta/v1/helpers.go, `LabelSelectorAsSelector`, and pkg/labels/selector.go; how
labels are spelt is in pkg/util/validation/validation.go.
"""

import re
from collections.abc import Mapping

from casemate.model.selectors import LabelSelector, Requirement

_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\Z")
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?\Z")


def selects(selector: LabelSelector | None, labels: Mapping[str, str]) -> bool:
    """Whether a selector holds for labels.

    A selector that is not there (nil) selects nothing; an empty one selects everything. Labels
    and expressions must all hold. NotIn and DoesNotExist hold where the key is missing; In and
    Exists do not. A requirement that the API server would refuse (an unknown operator, In
    without values, Exists with values) makes the whole selector select nothing.
    """
    if selector is None:
        return False
    for key, value in (selector.match_labels or {}).items():
        if labels.get(key) != value:
            return False
    return all(_holds(requirement, labels) for requirement in selector.match_expressions or ())


def is_empty(selector: LabelSelector | None) -> bool:
    """Whether a selector is there and asks for nothing, so that it selects everything."""
    return selector is not None and not selector.match_labels and not selector.match_expressions


def is_valid(selector: LabelSelector) -> bool:
    """Whether the API server takes the selector's expressions."""
    return all(_is_valid(requirement) for requirement in selector.match_expressions or ())


def odd_labels(selector: LabelSelector) -> list[str]:
    """The keys and values of a selector that no label can have; the API server refuses what holds them."""
    labels, wanted = selector.match_labels or {}, selector.match_expressions or ()
    keys = [*labels, *(item.key or "" for item in wanted)]
    values = [*labels.values(), *(value for item in wanted for value in item.values or ())]
    return [key for key in keys if not _KEY.match(key)] + [text for text in values if not _VALUE.match(text)]


def _is_valid(requirement: Requirement) -> bool:
    if not requirement.key:
        return False
    if requirement.operator in {"In", "NotIn"}:
        return bool(requirement.values)
    return requirement.operator in {"Exists", "DoesNotExist"} and not requirement.values


def _holds(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    if not _is_valid(requirement):
        return False
    value = labels.get(requirement.key or "")
    if requirement.operator == "In":
        return value is not None and value in (requirement.values or ())
    if requirement.operator == "NotIn":
        return value is None or value not in (requirement.values or ())
    return (value is not None) == (requirement.operator == "Exists")

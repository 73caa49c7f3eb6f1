"""Subjects, roles and rules in words, for the pictures of access."""

from collections.abc import Sequence

from casemate.analysis.rbac.rules import ALL, grants_everything
from casemate.model.estate import Entity
from casemate.model.rbac import PolicyRule, Subject

_SHOWN = 6


def subject_name(subject: Subject) -> str:
    """The name of a subject, with the namespace that it is in."""
    name = subject.name or "(no name)"
    return f"{subject.namespace}/{name}" if subject.namespace else name


def entity_name(entity: Entity) -> str:
    """The name of a binding or role, with the namespace that it is in."""
    return str(entity.ref)


def rule_words(rule: PolicyRule, most: int = _SHOWN) -> str:
    """What a rule grants, in a line: `get, list on secrets`; of long lists the first `most`."""
    if grants_everything(rule):
        return "everything"
    verbs = "every verb" if ALL in rule.verbs else some(rule.verbs, most)
    parts = [f"{verbs} on {some(rule.non_resource_urls, most)}"] if rule.non_resource_urls else []
    if rule.resources:
        parts.append(f"{verbs} on {_resources(rule, most)}")
    return " and ".join(parts) or "nothing"


def some(values: Sequence[str], most: int = _SHOWN) -> str:
    """Values as a list of words; of long lists the first ones and the number of the others."""
    shown = [value or '""' for value in values[:most]]
    more = len(values) - most
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "") if shown else "nothing"


def _resources(rule: PolicyRule, most: int) -> str:
    what = "every resource" if ALL in rule.resources else some(rule.resources, most)
    if ALL in rule.api_groups:
        what += " of any group"
    elif rule.api_groups != ("",):
        what += f" of {some([group or 'core' for group in rule.api_groups], most)}"
    return what + (f" named {some(rule.resource_names, most)}" if rule.resource_names else "")
